"""A played demo, served on a free port, and Debian's chromium to walk through it as a person would."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

HOW_TO = "no chromium on this machine; as root: apt-get install -y chromium fonts-noto-core fonts-noto-cjk"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
START_LIMIT = 60.0  # seconds; a loaded machine with two cores


@dataclass(frozen=True)
class Site:
    """A served instance: its address without a closing slash, its home, what `demo --json` said."""

    url: str
    home: Path
    summary: dict[str, Any] = field(default_factory=dict)


def environment() -> dict[str, str]:
    """A user's environment: without what the tests set for themselves."""
    own = {"JIEBANG_HOME", "JIEBANG_SECRET", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    return {key: value for key, value in os.environ.items() if key not in own}


def run_jiebang(*arguments: str) -> str:
    """Run the command line as a user does; answers its standard output, fails with its error."""
    command = [sys.executable, "-m", "jiebang", *arguments]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"jiebang {' '.join(arguments)}: {done.stderr}"
    return done.stdout


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """`jiebang serve` on a free port for as long as the block lasts; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "jiebang", "serve", "--home", str(home), "--bind", bind]
    log = home / "serve-test.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment(), stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(f"http://{bind}", process, log)
            yield f"http://{bind}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"the server did not answer:\n{log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def demo_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample round, played and served; asks for the browser first, so as not to play it in vain."""
    home = tmp_path_factory.mktemp("demo") / "home"
    said = run_jiebang("demo", "--home", str(home), "--no-serve", "--json")
    with serving(home) as url:
        yield Site(url=url, home=home, summary=json.loads(said.splitlines()[-1]))


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    # its event loop lives in this thread until the end, so Django would refuse the database to every later test here
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Debian's chromium; where there is none the journeys are skipped, in CI they fail."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(HOW_TO)
    return str(path)


@pytest.fixture(scope="session")
def browser(chromium_path: str, _playwright: Playwright) -> Iterator[Browser]:
    """One browser for the session; each test has its own context in it."""
    started = _playwright.chromium.launch(executable_path=chromium_path, args=list(FLAGS))
    yield started
    started.close()


@contextmanager
def opened_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page of its own in a fresh context: no cookie of another person."""
    context = browser.new_context(timezone_id="Asia/Shanghai", **options)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desktop window."""
    with opened_page(browser, viewport=DESKTOP, locale="en") as window:
        yield window


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone: narrow, touched, twice as dense."""
    with opened_page(
        browser, viewport=PHONE, locale="en", device_scale_factor=2, is_mobile=True, has_touch=True
    ) as window:
        yield window
