"""The whole round of the shipped programme in a real browser, as its people walk it, on the clock of a demo."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from factories import guangxi
from journeys.conftest import serving
from journeys.person import window
from journeys.piloting import is_agreed, is_answered_by_link, is_handed_over, is_measured_at_the_site
from journeys.the_round import Round, fill, fill_steps, form_of, the_round

PEOPLE = {
    "owner": "khamla@people.example",
    "officer": "officer@people.example",
    "second": "officer2@people.example",
    "handler": "handler@people.example",
    "lead": "laoyu@people.example",
    "partner": "champa@people.example",
    "expert": "x06@people.example",
    "expert2": "x09@people.example",
    "expert3": "x10@people.example",
    "rival": "weirong@people.example",
    "auditor": "auditor@people.example",
    "affairs": "external@people.example",
    "commerce": "commerce@people.example",
}
NEED = {
    "title": "Reading palm-leaf letters aloud",
    "sector": "language",
    "problem": "Nobody in the reading rooms under fifty reads the old script.",
    "indicators.0.name": "Lines read correctly",
    "indicators.0.operator": ">=",
    "indicators.0.threshold": "90",
    "indicators.0.unit": "%",
    "indicators.0.test_method": "200 lines drawn by lot",
    "indicators.0.data_place": "in the reading room",
    "indicators.0.tester": "owner",
    "operational_scenario": "Three reading rooms, forty visitors a day.",
    "experimental_environment": "One room with a scanner.",
    "local_data": "1,200 leaves, scanned, on site only.",
    "infrastructure": "Power, one server, one technician.",
    "modes": ["collaborative_rd", "personnel_training"],
    "budget": "400000",
    "duration_months": "10",
}


PROTOCOL = {
    "site": "Three reading rooms.",
    "users": "Two clerks and their visitors.",
    "hardware": "One scanner and one server, which stay.",
    "power_network": "Power by day; no network needed.",
    "data_stays": "Every leaf stays in the room.",
    "targets.*": "90",
    "measured_by": "owner",
    "method": "200 lines drawn by lot.",
    "runs": "1",
    "days": "14",
    "failure_means": "A day on which nothing can be read.",
    "failure_from": "serious",
    "failures_allowed": "1",
    "handover_days": "14",
}
BID = {
    "title": "A reader that learns from one room",
    "approach": "Lines are found first, then read with a model of the script.",
    "promises.*": "92",
    "lead_person": "Lao Yu",
    "rd_capability": "Two readers for old scripts in use.",
    "research_facilities": "A laboratory with eight graphics cards.",
    "international_network": "Joint work with two universities since 2021.",
    "modes": ["collaborative_rd"],
    "amount": "380000",
    "milestones.0.title": "Reads clean lines",
    "milestones.0.month": "4",
    "milestones.0.share": "50",
    "milestones.1.title": "Reads in the room",
    "milestones.1.month": "9",
    "milestones.1.share": "50",
}


@pytest.fixture(scope="module")
def walk(demo_site: Any, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    """A copy of the played demo: this round moves the clock by years, and others share the demo."""
    home = shutil.copytree(demo_site.home, tmp_path_factory.mktemp("round") / "home")
    with serving(home) as url, the_round(browser, url, home, guangxi(), PEOPLE) as walked:
        yield walked


def test_the_whole_round_from_a_need_to_its_use(walk: Round, tmp_path: Path) -> None:
    need = states_a_need(walk)
    challenge = is_listed(walk, need)
    bid = is_taken_up(walk, challenge)
    is_reviewed(walk, challenge, bid)
    project = is_decided(walk, challenge)
    is_carried_out(walk, project)
    is_piloted(walk, project, tmp_path)
    is_used(walk, project)
    anybody_sees(walk, challenge, project)


def states_a_need(walk: Round) -> str:
    owner = walk.as_("owner").go("/needs/").press("State a need")
    owner.press("Begin")
    number = owner.number(r"N-\d{4}-\d+")
    fill_steps(owner, walk.book, "need", NEED)
    owner.follow("Check your answers and send")
    owner.press(walk.word("need", "submit")).sees(walk.stage("need", "submitted"))
    return number


def is_listed(walk: Round, need: str) -> str:
    walk.move("officer", "need", need, "verify")
    for part in ("expert", "expert2"):
        officer = walk.case("officer", "need", need).press("Ask an expert")
        officer.main.locator("select").select_option(walk.people[part])
        officer.press("Ask this expert").sees("The expert was asked.")
    for part in ("expert", "expert2"):
        walk.argues(part, need)
    walk.move("officer", "need", need, "conclude_argument")
    walk.gives_opinion("affairs", need)
    walk.move("officer", "need", need, "list_challenge", {"budget": "400000"})
    walk.agree("second", "need", need).sees(walk.stage("need", "listed"))
    return walk.as_("second").number(r"GX-\d{4}-\d+")


def is_taken_up(walk: Round, challenge: str) -> str:
    lead = walk.as_("lead").go(f"/challenges/{challenge}/").press("Take up this challenge")
    lead.press("Begin the bid")
    number = lead.number(r"B-\d{4}-[A-Z]{6}")
    fill_steps(lead, walk.book, "bid", BID)
    walk.invites("lead", number, "White Champa College")
    walk.accepts("partner", NEED["title"])
    lead.go(f"/bids/{number}/").follow("Check your answers and send")
    lead.press(walk.word("bid", "submit_bid")).sees("Receipt of your bid")
    return number


def is_reviewed(walk: Round, challenge: str, bid: str) -> None:
    walk.later(days=40)
    walk.move("officer", "challenge", challenge, "close")
    walk.checks("officer", challenge).sees(walk.stage("bid", "eligible"))
    walk.move("officer", "challenge", challenge, "start_review")
    experts = ("expert", "expert2", "expert3")
    walk.appoints("officer", challenge, [walk.people[part] for part in experts])
    for part in experts:
        walk.scores(part, bid, {f"score-{key}": "82" for key in walk.book.criteria})


def is_decided(walk: Round, challenge: str) -> str:
    walk.move("officer", "challenge", challenge, "propose_award")
    walk.move("second", "challenge", challenge, "publish_result")
    rival = walk.as_("rival").go(f"/challenges/{challenge}/result/").follow("Object to this result")
    rival.fill({"What is wrong, and what shows it": "The milestones leave no month for trials."})
    rival.press("Send").sees("Your objection was received")
    second = walk.task("second", "Answer an objection", challenge)
    fill(form_of(second), {"outcome": "not_upheld", "text": "Month nine is for trials."})
    second.press("Answer").sees("The objection is answered.")
    number = rival.number(r"O-\d{4}-\d+")
    rival.go(f"/objections/{number}/").sees("Month nine is for trials.").follow("Appeal against the answer")
    rival.fill({"Why the answer is wrong": "Month nine is the rainy season."})
    rival.press("Appeal").sees("Your appeal was received")
    handler = walk.task("handler", "Decide an appeal", challenge)
    handler.sees("Month nine is for trials.")
    fill(form_of(handler), {"outcome": "not_upheld", "text": "The trials are indoors."})
    handler.press("Answer").sees("The objection is answered.")
    walk.later(days=14)
    walk.move("second", "challenge", challenge, "decide")
    public = walk.as_("rival").go(f"/challenges/{challenge}/result/").sees(walk.stage("bid", "awarded"))
    return public.number(r"P-\d{4}-\d+")


def is_carried_out(walk: Round, project: str) -> None:
    walk.closes_gates("officer", project)
    walk.gives_opinion("commerce", project)
    walk.aligns("lead", "owner", project)
    walk.signs("lead", project)
    walk.signs("owner", project)
    walk.pledges("lead", project)
    walk.move("officer", "project", project, "sign_agreement").sees(walk.stage("project", "running"))
    for order in (1, 2):
        walk.later(days=100)
        walk.reports("lead", "owner", project, order)
    walk.does("lead", project, "ask_acceptance").sees(walk.stage("project", "acceptance"))
    officer = walk.case("officer", "project", project).press("Record a measured value")
    fill(form_of(officer), {"value": "93", "occasion": "acceptance"})
    officer.press("Record it").sees("The value is recorded.")
    walk.move("officer", "project", project, "accept").sees(walk.stage("project", "validation"))


def is_piloted(walk: Round, project: str, site: Path) -> None:
    is_agreed(walk, project, PROTOCOL)
    is_measured_at_the_site(walk, project, site, value="93", days=15)
    is_handed_over(walk, project)


def is_used(walk: Round, project: str) -> None:
    said = {
        "used_for": "Visitors have letters read to them.",
        "users": "40",
        "measured.*": "93",
        "works": "yes",
        "statement": "It reads what we could not.",
    }
    walk.validates("owner", project, said).sees(walk.stage("project", "validated"))
    walk.later(days=95)
    is_answered_by_link(walk, project)
    walk.later(days=92)
    owner = walk.task("owner", "after 6 months", project)
    fill(form_of(owner), {"in_use": "in_use", "changes": "Visitors come from other towns."})
    owner.press("Send the answer").sees("Thank you.")


def anybody_sees(walk: Round, challenge: str, project: str) -> None:
    with window(walk.browser, walk.url) as visitor:
        visitor.go("/results/").follow(NEED["title"])
        visitor.sees("Fern Ridge Language Technology Co.")
        visitor.go(f"/projects/{project}/").sees(walk.stage("project", "validated")).sees(
            "It reads what we could not."
        )
        visitor.go(f"/challenges/{challenge}/").sees(project)
