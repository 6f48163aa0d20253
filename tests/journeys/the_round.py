"""One round walked by its people in a browser, whatever the programme: labels and stages come from its rulebook.

Addresses are only used where a person would have them from a message or the desk; everything else is pressed.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Locator, expect

from jiebang.rules.schema import Kind, Move, Rulebook
from journeys.person import Person, let_pass, run_in, window

ROOMS = {"need": "needs", "challenge": "challenges", "bid": "bids", "project": "projects"}
Answers = Mapping[str, str | list[str] | bool]


@dataclass
class Round:
    """Who walks, through which site, under which rulebook; `people` maps a part to an address."""

    browser: Browser
    url: str
    home: Path
    book: Rulebook
    people: Mapping[str, str]
    password: str = ""
    _windows: dict[str, Person] = field(default_factory=dict)
    _open: ExitStack = field(default_factory=ExitStack)

    def as_(self, part: str) -> Person:
        """The window of the person with that part, opened and signed in when first asked for."""
        email = self.people[part]
        if email not in self._windows:
            person = self._open.enter_context(window(self.browser, self.url, "" if self.password else email))
            self._windows[email] = person.sign_in(email, self.password) if self.password else person
        return self._windows[email]

    def close(self) -> None:
        """Close every window."""
        self._open.close()

    def later(self, **time: float) -> None:
        """Time passes."""
        let_pass(self.home, timedelta(**time))

    def rule(self, kind: Kind, command: str) -> Move:
        """The rulebook's move of that name."""
        return self.book.lifecycles[kind].moves[command]

    def word(self, kind: Kind, command: str) -> str:
        """What the button of a command says in English."""
        return str(self.rule(kind, command).label["en"])

    def stage(self, kind: Kind, stage: str) -> str:
        """What the stamp of a stage says in English."""
        return str(self.book.lifecycles[kind].stages[stage].label["en"])

    def case(self, part: str, kind: Kind, number: str) -> Person:
        """The office's page of a case."""
        return self.as_(part).go(f"/office/{ROOMS[kind]}/{number}/")

    def move(
        self, part: str, kind: Kind, number: str, command: str, answers: Answers | None = None
    ) -> Person:
        """The office moves a case on: the button, the page that shows what will follow, the button again."""
        person, said = self.case(part, kind, number), self.word(kind, command)
        person.press(said)
        fill(person.main.locator("form[method=post]").last, answers or {})
        person.press(f"Propose: {said}" if self.rule(kind, command).four_eyes else said)
        expect(person.main.locator(".errs")).to_have_count(0)
        expect(person.main.locator(".msg.success")).to_be_visible()
        return person

    def agree(self, part: str, kind: Kind, number: str) -> Person:
        """Another officer compares what was proposed, and agrees."""
        person = self.case(part, kind, number).follow("Compare and answer")
        fill(person.main.locator("form[method=post]").last, {"agree": "1"})
        person.press("Send the answer").sees("Agreed and done.")
        return person

    def invites(self, part: str, bid: str, partner: str) -> None:
        """The lead finds an organisation by its name and invites it."""
        lead = self.as_(part).go(f"/bids/{bid}/").follow("Partners")
        lead.fill({"Find an organisation by its name": partner}).press("Find")
        lead.main.get_by_label(partner).check()
        lead.press("Invite").sees("Invited. You are told when it answers.")

    def accepts(self, part: str, challenge: str) -> None:
        """The partner accepts on the page that the invitation links to."""
        self.as_(part).go("/bids/").follow(re.compile(challenge)).press("Accept").sees("You are a partner now")

    def argues(self, part: str, need: str) -> None:
        """An expert says in writing that the need is real."""
        run_in(self.home, TEMP_ARGUE, need, self.people[part])

    def gives_opinion(self, part: str, need: str) -> None:
        """A department answers what it was asked."""
        run_in(self.home, TEMP_OPINION, need, self.people[part])


TEMP = """
import sys, django, uuid; django.setup()
from django.utils import timezone
from datetime import timedelta
from jiebang.operations.registry import perform
from jiebang.records.people.models import User
from jiebang.records.programme.queries import *
from jiebang.records.programme.models import Instance
from jiebang.records.reviews.models import *
from jiebang.records.challenges.models import *
now=timezone.now()+timedelta(seconds=Instance.objects.get().clock_offset)
need,email=sys.argv[1:]
by=User.objects.get(email=email)
def do(name,**p):
    r=perform(name,by=by,now=now,key=str(uuid.uuid4()),params=p); assert type(r).__name__=='Done',r
"""
TEMP_ARGUE = TEMP + """
do('give_argument',number=need,favourable=True,text='It is real.')
"""
TEMP_OPINION = TEMP + """
from jiebang.operations.opinions import DepartmentOpinion
for o in DepartmentOpinion.objects.filter(need__number=need): do('give_opinion',opinion=o.pk,favourable=True,text='No objection.')
"""


@contextmanager
def the_round(
    browser: Browser, url: str, home: Path, book: Rulebook, people: Mapping[str, str], password: str = ""
) -> Iterator[Round]:
    """A round whose windows are closed at its end."""
    walked = Round(browser, url, home, book, people, password)
    yield walked
    walked.close()


def fill(form: Locator, answers: Answers) -> None:
    """Answer the inputs of a form by name, each as its kind wants it."""
    for name, value in answers.items():
        if name.endswith(".*"):
            for one in form.locator(f'[name^="{name[:-1]}"]').all():
                one.fill(str(value))
            continue
        inputs = form.locator(f'[name="{name}"]')
        kind = inputs.first.evaluate("e => e.type")
        if kind in ("radio", "checkbox"):
            for one in [value] if isinstance(value, str) else value if isinstance(value, list) else ["1"]:
                form.locator(f'[name="{name}"][value="{one}"]').check()
        elif kind.startswith("select"):
            inputs.first.select_option(str(value))
        else:
            inputs.first.fill(str(value))


def fill_steps(person: Person, book: Rulebook, form: str, answers: Answers) -> None:
    """Go through the steps of a form as the task list links them; groups get their rows from the answers' names."""
    steps = book.forms[form].steps
    for step in steps.values():
        person.follow(str(step.label["en"]))
        page = person.main.locator("form[method=post]").last
        mine = {name: value for name, value in answers.items() if name.split(".")[0] in step.fields}
        for name, value in mine.items():
            if page.locator(f'[name="{name}"]').count() == 0 and "*" not in name:
                page.locator(f'button[name="add"][value="{name.split(".")[0]}"]').click()
            fill(page, {name: value})
        person.press("Save and leave")
        expect(person.main.locator(".errs")).to_have_count(0)
