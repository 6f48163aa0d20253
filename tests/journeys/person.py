"""A person at a browser: signs in with one click, reads labels, fills what they name, presses buttons."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Response, expect

DESKTOP = {"width": 1280, "height": 900}
LATER = """
import sys, django
django.setup()
from django.db.models import F
from jiebang.records.programme.models import Instance
Instance.objects.update(clock_offset=F("clock_offset") + int(sys.argv[1]))
"""


def let_pass(home: Path, time: timedelta) -> None:
    """Move the clock of a home forward; a demo's clock is data, and the server reads it with every request."""
    run_in(home, LATER, str(int(time.total_seconds())))


def run_in(home: Path, script: str, *arguments: str) -> str:
    """Run a few lines of Python against a home, as its administrator could; answers what they print."""
    settings = {"JIEBANG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "jiebang.config.settings"}
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment | settings, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class Person:
    """One window in which one person is signed in."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        page.on("response", self._note)
        self.broken: list[str] = []

    def _note(self, response: Response) -> None:
        if response.status >= 500:
            self.broken.append(f"{response.status} {response.url}")

    def go(self, path: str) -> "Person":
        """Open an address; a page that fails fails the test at once."""
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        return self

    def sign_in(self, email: str, password: str) -> "Person":
        """With address and password, as everywhere but in a demo."""
        self.go("/sign-in/")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.main.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("link", name="My desk")).to_be_visible()
        return self

    @property
    def main(self) -> Locator:
        """The page without head and foot."""
        return self.page.locator("main")

    def press(self, name: str) -> "Person":
        """Press a button, or follow the link that looks like one."""
        button = self.main.get_by_role("button", name=name, exact=True)
        link = self.main.get_by_role("link", name=name, exact=True)
        button.or_(link).first.wait_for()
        if button.count():
            button.first.click()
        else:
            with self.page.expect_navigation():  # the next page often has a button of the same name
                link.first.click()
        return self

    def follow(self, name: str | re.Pattern[str]) -> "Person":
        """Follow a link."""
        self.main.get_by_role("link", name=name).first.click()
        return self

    def fill(self, answers: Mapping[str, str]) -> "Person":
        """Fill inputs by their labels."""
        for label, value in answers.items():
            self.main.get_by_label(label, exact=True).first.fill(value)
        return self

    def sees(self, text: str | re.Pattern[str]) -> "Person":
        """The words are on the page."""
        expect(self.main).to_contain_text(text)
        assert not self.broken
        return self

    def number(self, pattern: str) -> str:
        """The first number of that form on the page (or in its address)."""
        found = re.search(pattern, self.page.url) or re.search(pattern, self.main.inner_text())
        assert found, f"no {pattern} on {self.page.url}"
        return found.group(0)


@contextmanager
def window(browser: Browser, url: str, email: str = "", **options: Any) -> Iterator[Person]:
    """A person of the sample round in a window of their own; nobody when no address is given."""
    chosen = {"viewport": DESKTOP, "locale": "en", "timezone_id": "Asia/Shanghai"} | options
    context = browser.new_context(**chosen)
    context.set_default_timeout(15_000)
    person = Person(context.new_page(), url)
    if email:
        person.go("/demo/")
        person.page.locator(f'a[href="/demo/as/{email}/"]').first.click()
    yield person
    context.close()
