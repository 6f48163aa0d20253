"""One round walked by its people in a browser, whatever the programme: labels and stages come from its rulebook.

Addresses are only used where a person would have them from a message or the desk; everything else is pressed.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Locator, expect

from jiebang.rules.schema import FormName, Kind, Move, Rulebook
from journeys.person import Person, let_pass, window

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
        fill(form_of(person), answers or {})
        person.press(f"Propose: {said}" if self.rule(kind, command).four_eyes else said)
        expect(person.main.locator(".errs")).to_have_count(0)
        expect(person.main.locator(".msg.success")).to_be_visible()
        return person

    def agree(self, part: str, kind: Kind, number: str) -> Person:
        """Another officer compares what was proposed, and agrees."""
        person = self.case(part, kind, number).follow("Compare and answer")
        fill(form_of(person), {"agree": "1"})
        person.press("Send the answer").sees("Agreed and done.")
        return person

    def invites(self, part: str, bid: str, partner: str) -> None:
        """The lead finds an organisation by its name and invites it."""
        lead = self.as_(part).go(f"/bids/{bid}/").follow("Partners")
        lead.fill({"Find an organisation by its name": partner}).press("Find")
        lead.main.get_by_label(partner).check()
        lead.press("Invite").sees("Invited. You are told when it answers.")

    def accepts(self, part: str, title: str) -> None:
        """The partner accepts on the page that the invitation links to."""
        self.as_(part).go("/bids/").follow(title).press("Accept").sees("You are a partner now")

    def argues(self, part: str, need: str) -> None:
        """An expert says in writing that the need is real."""
        expert = self.task(part, "Argue a need", need)
        fill(form_of(expert), {"favourable": "1", "text": "People wait for it, and it can be measured."})
        expert.press("Give this opinion").sees("Your opinion is given.")

    def checks(self, part: str, challenge: str) -> Person:
        """The formal check: every verdict stands as the rules gave it."""
        officer = self.case(part, "challenge", challenge).follow("Bids and check")
        return officer.press("Let every verdict stand").sees("Every bid is checked.")

    def assigns(self, part: str, bid: str, expert: str) -> None:
        """An officer asks an expert to judge a bid."""
        officer = self.as_(part).go(f"/office/bids/{bid}/experts/")
        fill(form_of(officer), {"expert": self.people[expert]})
        officer.press("Assign").sees("The expert was asked.")

    def appoints(self, part: str, challenge: str, experts: Sequence[str]) -> None:
        """An officer has experts proposed for every bid, pins one of them with a reason, and appoints them all at once."""
        officer = self.case(part, "challenge", challenge).follow("Experts")
        officer.follow("Propose an assignment").sees("proven")
        officer.follow("Pin or keep apart")
        fill(form_of(officer), {"wish": "pin", "why": "Knows the script."})
        officer.press("Note it and solve again").sees("Knows the script.")
        officer.press("Appoint them").sees(f"Experts asked: {len(experts)}.")
        officer.follow("How the experts were appointed, and whether it holds").sees("keeps every condition")

    def scores(self, part: str, bid: str, answers: Answers) -> None:
        """An expert declares, scores and signs."""
        expert = self.task(part, "Declare, then score", bid)
        fill(form_of(expert), {"conflict": "0"})
        expert.press("Declare").sees("Your declaration is recorded.")
        fill(form_of(expert), answers)
        expert.press("Sign, and on to the next").sees(f"Signed: {bid}.")

    def gives_opinion(self, part: str, about: str) -> None:
        """A department answers what it was asked."""
        officer = self.task(part, "", about)
        fill(form_of(officer), {"favourable": "1", "text": "No objection."})
        officer.press("Give the opinion").sees("The opinion is given.")

    def task(self, part: str, do: str, about: str) -> Person:
        """What waits on the person's desk: the row that names the act and the thing."""
        person = self.as_(part).go("/desk/")
        rows = person.main.get_by_role("row").filter(has_text=do).filter(has_text=about)
        rows.get_by_role("link").first.click()
        return person

    def closes_gates(self, part: str, project: str) -> None:
        """Each compliance check of the rulebook that this project has is answered by whoever answers for it."""
        for gate in self.book.gates.values():
            who = self.as_(gate.department or part).go(f"/projects/{project}/agreement/")
            if who.main.get_by_role("link", name=str(gate.label["en"])).count():
                who.follow(str(gate.label["en"]))
                fill(form_of(who), {"finding": "Looked at; nothing stands against it.", "reference": "R-1"})
                if gate.list_needed:
                    fill(form_of(who), {"list_version": "the list of 2025"})
                passing = next((item for item in gate.findings.values() if not item.stops), None)
                if passing:
                    who.main.get_by_label(str(passing.label["en"])).check()
                who.press("Record the check").sees("The check is recorded.")

    def aligns(self, lead: str, owner: str, project: str) -> None:
        """Both sides write one statement and their own part, read it, and accept it."""
        where = f"/projects/{project}/agreement/"
        if "alignment" not in self.book.forms:
            return
        self._writes(self.as_(lead).go(f"{where}statement/"), "alignment")
        for part in (lead, owner):
            self._writes(self.as_(part).go(f"{where}part/"), "contribution")
        for part in (lead, owner):
            person = self.as_(part).go(where).follow("Read and accept it")
            person.press("Accept the statement of both sides").sees("Accepted.")

    def _writes(self, person: Person, form: FormName) -> None:
        fill(form_of(person), dict.fromkeys(self.book.forms[form].fields, "As both sides agreed."))
        person.press("Save it").sees("Saved.")

    def signs(self, part: str, project: str) -> None:
        """A party signs the agreement, and says who it is once more."""
        person = self.as_(part).go(f"/projects/{project}/agreement/").follow("Sign")
        if self.password:
            person.fill({"Your password": self.password})
        person.press("Sign").sees("Signed.")

    def pledges(self, part: str, project: str) -> None:
        """The lead researcher gives the pledge."""
        person = self.as_(part).go(f"/projects/{project}/agreement/").follow("Give the pledge")
        if self.password:
            person.fill({"Your password": self.password})
        person.press("Give the pledge").sees("The pledge is given.")

    def reports(self, lead: str, owner: str, project: str, order: int) -> None:
        """The lead reports a milestone, the owner accepts it."""
        where = f"/projects/{project}/work/milestones/{order}/"
        person = self.as_(lead).go(where)
        fill(form_of(person), {"done": "What was promised for this month is there."})
        person.press("Send the report").sees("Your report is with the office and the owner.")
        self.as_(owner).go(where).press("Send the answer").sees(
            "The lead reads your answer on the project's page."
        )

    def does(self, part: str, project: str, command: str) -> Person:
        """Somebody of the project moves it on."""
        said = self.word("project", command)
        return self.as_(part).go(f"/projects/{project}/work/").press(said).press(said)

    def validates(self, part: str, project: str, answers: Answers) -> Person:
        """The owner says in writing that the result works in daily use."""
        person = self.as_(part).go(f"/projects/{project}/work/").press(self.word("project", "validate"))
        fill(form_of(person), answers)
        person.press("Check your answers").press(self.word("project", "validate"))
        return person.sees("Your validation is signed and kept in the journal.")


@contextmanager
def the_round(
    browser: Browser, url: str, home: Path, book: Rulebook, people: Mapping[str, str], password: str = ""
) -> Iterator[Round]:
    """A round whose windows are closed at its end."""
    walked = Round(browser, url, home, book, people, password)
    yield walked
    walked.close()


def form_of(person: Person) -> Locator:
    """The form that this page is about."""
    return person.main.locator("form[method=post]").last


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
        page = form_of(person)
        mine = {name: value for name, value in answers.items() if name.split(".")[0] in step.fields}
        for name, value in mine.items():
            if page.locator(f'[name="{name}"]').count() == 0 and "*" not in name:
                page.locator(f'button[name="add"][value="{name.split(".")[0]}"]').click()
            fill(page, {name: value})
        person.press("Save and leave")
        expect(person.main.locator(".errs")).to_have_count(0)
