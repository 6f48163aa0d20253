"""Another region, made from its rulebook file alone, plays its round in a browser: no line of code knows it."""

import email
import re
from collections.abc import Iterator
from email import policy
from importlib import resources
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook
from journeys.conftest import run_jiebang, serving
from journeys.person import Person, window
from journeys.piloting import is_agreed, is_recorded
from journeys.the_round import Round, fill, fill_steps, form_of, the_round

PASSWORD = "seven-lanterns-by-night"
PEOPLE = {
    "admin": "admin@ring.example",
    "officer": "officer@ring.example",
    "second": "second@ring.example",
    "pilot": "pilot@ring.example",
    "pilot2": "pilot2@ring.example",
    "owner": "harbour@ring.example",
    "lead": "ropes@ring.example",
    "partner": "nets@ring.example",
    "guard": "guard@ring.example",
}
OFFICE = {"officer": "officer", "second": "second_officer", "pilot": "expert", "pilot2": "expert"}
NEED = {
    "title": "Knowing when the quay is too high",
    "sector": "safety",
    "problem": "Boats are torn when the swell comes at night.",
    "indicators.0.name": "Warnings an hour ahead",
    "indicators.0.operator": ">=",
    "indicators.0.threshold": "9",
    "indicators.0.unit": "of 10",
    "indicators.0.test_method": "a month of nights",
    "indicators.0.data_place": "at the quay",
    "indicators.0.tester": "the harbour",
    "site": "The north quay.",
    "modes": ["build", "teach"],
    "budget": "9000",
    "duration_months": "6",
}
PROTOCOL = {
    "site": "The north quay.",
    "data_stays": "Names of boats.",
    "targets.*": "9",
    "measured_by": "owner",
    "runs": "1",
    "failure_from": "failure",
    "failures_allowed": "0",
}
BID = {
    "title": "A line that listens",
    "approach": "Tension in the ropes tells the swell an hour ahead.",
    "lead_person": "Roper",
    "track_record": "Two quays listen already.",
    "modes": ["build"],
    "amount": "8000",
    "promises.*": "9",
    "milestones.0.title": "One quay listens",
    "milestones.0.month": "4",
    "milestones.0.share": "100",
}


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    text = resources.files("jiebang.rulebooks").joinpath("ring-sea-2027.yaml").read_text(encoding="utf-8")
    found = load(text)
    assert isinstance(found, Rulebook)
    return found


@pytest.fixture(scope="module")
def region(browser: Browser, rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    """A real instance (no demo) with its administrator and nobody else."""
    home = tmp_path_factory.mktemp("region") / "home"
    file = Path(str(resources.files("jiebang.rulebooks").joinpath("ring-sea-2027.yaml")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIEBANG_ADMIN_PASSWORD", PASSWORD)
        run_jiebang(
            "init",
            str(home),
            "--rulebook",
            str(file),
            "--admin-email",
            PEOPLE["admin"],
            "--admin-name",
            "Admin",
        )
    with serving(home) as url, the_round(browser, url, home, rulebook, PEOPLE, PASSWORD) as walked:
        yield walked


def test_another_region_plays_its_round_from_its_rulebook_alone(region: Round) -> None:
    everybody_registers(region)
    organisations_come(region)
    people_are_appointed(region)
    need = a_harbour_asks(region)
    challenge = it_is_listed(region, need)
    bid = a_crew_answers(region, challenge)
    project = it_is_judged(region, challenge, bid)
    it_works(region, project)
    anybody_sees(region, challenge, project)


def everybody_registers(region: Round) -> None:
    with window(region.browser, region.url) as visitor:
        for part, address in PEOPLE.items():
            if part != "admin":
                visitor.go("/register/")
                fill(form_of(visitor), {"email": address, "name": part.title(), "password": PASSWORD})
                visitor.press("Register").sees("Look into your mail")
        run_jiebang("worker", "--home", str(region.home), "--once")
        for link in mailed_links(region.home):
            visitor.page.goto(link)
            visitor.press("Confirm my address").sees("Your address is confirmed.")


def mailed_links(home: Path) -> list[str]:
    """The links of all confirmation letters."""
    found = []
    for file in sorted((home / "mail").iterdir()):
        for part in file.read_bytes().split(b"-" * 79):
            letter = email.message_from_bytes(part.strip(), policy=policy.default)
            body = letter.get_body(("plain",)) if letter.get("To") else None
            found += re.findall(r"http://\S+/confirm/\S+", body.get_content()) if body else []
    assert len(found) == len(PEOPLE) - 1
    return found


def organisations_come(region: Round) -> None:
    registers(region, "owner", "Aldermark North Quay", "harbour", "XD", "site_letter")
    registers(region, "lead", "Brinholm Rope Works", "company", "XE", "track_record")
    registers(region, "partner", "Calders Net Makers", "cooperative", "XF", "")


def registers(region: Round, part: str, name: str, kind: str, country: str, shows: str) -> None:
    person = region.as_(part).go("/organisations/new/")
    fill(form_of(person), {"name": name, "type": kind, "country": country, "registered_on": "2020-05-04"})
    person.press("Register").sees("Your organisation is registered; you act for it.")
    if shows:
        person.press("Show evidence")
        fill(form_of(person), {"kind": shows, "text": "As the letter says."})
        person.press("Keep this evidence")


def people_are_appointed(region: Round) -> None:
    for part, role in OFFICE.items():
        appoints(region, part, role)
    appoints(region, "guard", "department", scope="coast_guard")
    for name in ("Aldermark North Quay", "Brinholm Rope Works"):
        officer = region.as_("officer").go("/office/organisations/").follow(name)
        officer.main.get_by_role("link", name=re.compile("^(Letter|Record)")).first.click()
        fill(form_of(officer), {"valid": "1"})
        officer.press("Record the finding").sees("The finding is recorded")


def appoints(region: Round, part: str, role: str, scope: str = "") -> Person:
    admin = region.as_("admin").go("/office/people/appoint/")
    fill(form_of(admin), {"person": PEOPLE[part], "organisation": "office", "role": role, "scope": scope})
    return admin.press("Appoint").sees("The person may act from now on.")


def a_harbour_asks(region: Round) -> str:
    owner = region.as_("owner").go("/needs/").press("State a need").press("Begin")
    number = owner.number(r"N-\d{4}-\d+")
    fill_steps(owner, region.book, "need", NEED)
    owner.follow("Check your answers and send").press(region.word("need", "submit"))
    owner.sees(region.stage("need", "submitted"))
    return number


def it_is_listed(region: Round, need: str) -> str:
    region.move("officer", "need", need, "verify")
    region.gives_opinion("guard", need)
    region.move("officer", "need", need, "list_challenge", {"budget": "9000"})
    return region.agree("second", "need", need).number(r"RS-\d{4}-\d+")


def a_crew_answers(region: Round, challenge: str) -> str:
    lead = (
        region.as_("lead")
        .go(f"/challenges/{challenge}/")
        .press("Take up this challenge")
        .press("Begin the bid")
    )
    number = lead.number(r"B-\d{4}-[A-Z]{6}")
    fill_steps(lead, region.book, "bid", BID)
    region.invites("lead", number, "Calders Net Makers")
    region.accepts("partner", NEED["title"])
    lead.go(f"/bids/{number}/").follow("Check your answers and send").press(region.word("bid", "submit_bid"))
    lead.sees("Receipt of your bid")
    return number


def it_is_judged(region: Round, challenge: str, bid: str) -> str:
    region.later(days=22)
    region.move("officer", "challenge", challenge, "close")
    region.checks("officer", challenge).sees(region.stage("bid", "eligible"))
    region.move("officer", "challenge", challenge, "start_review")
    for part in ("pilot", "pilot2"):
        region.assigns("officer", bid, part)
        region.scores(part, bid, {"score-use": "9", "score-craft": "7", "score-upkeep_cost": "2"})
    region.move("officer", "challenge", challenge, "hold_hearing").sees(region.stage("challenge", "hearing"))
    region.move("officer", "challenge", challenge, "propose_award")
    region.move("second", "challenge", challenge, "decide").sees(region.stage("challenge", "decided"))
    return region.as_("lead").go(f"/challenges/{challenge}/").number(r"P-\d{4}-\d+")


def it_works(region: Round, project: str) -> None:
    region.closes_gates("officer", project)
    region.aligns("lead", "owner", project)
    region.signs("lead", project)
    region.signs("owner", project)
    region.move("officer", "project", project, "sign_agreement").sees(region.stage("project", "running"))
    region.later(days=120)
    region.reports("lead", "owner", project, 1)
    region.does("lead", project, "ask_acceptance").sees(region.stage("project", "validation"))
    owner = region.as_("owner").go(f"/projects/{project}/work/").press("Record a measured value")
    fill(form_of(owner), {"value": "9", "occasion": "validation"})
    owner.press("Record the value").sees("the indicator is reached")
    is_agreed(region, project, PROTOCOL)
    is_recorded(region, project, "9")
    said = {"measured.*": "9", "works": "yes", "statement": "No boat was torn."}
    region.validates("owner", project, said).sees(region.stage("project", "validated"))


def anybody_sees(region: Round, challenge: str, project: str) -> None:
    with window(region.browser, region.url) as visitor:
        visitor.go("/").sees("A harbour asks, a crew answers, the harbour says whether it works.")
        expect(visitor.main.get_by_role("link", name="XD: 1")).to_be_visible()
        visitor.go("/results/").follow(NEED["title"])
        visitor.sees("Brinholm Rope Works")
        visitor.go(f"/projects/{project}/").sees("No boat was torn.")
        expect(visitor.page.locator("body")).not_to_contain_text(re.compile("Guangxi|ASEAN|CNY"))
        visitor.go(f"/challenges/{challenge}/").sees(re.compile(r"XTS\s*9,000"))
        expect(visitor.page.locator("body")).not_to_contain_text(re.compile("Guangxi|ASEAN|CNY"))
