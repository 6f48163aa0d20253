"""Two ways that end elsewhere than planned, in a real browser: a value in dispute with its re-run, and money that comes back."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from factories import guangxi
from journeys.conftest import serving
from journeys.the_round import Round, fill, form_of, the_round

PEOPLE = {
    "owner": "bounma@people.example",
    "lead": "weirong@people.example",
    "officer": "officer@people.example",
    "second": "officer2@people.example",
    "tester": "x05@people.example",
}
LABORATORY = "Maple Ferry Institute of Applied Mathematics"


@pytest.fixture(scope="module")
def walk(demo_site: Any, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    """A copy of the played demo: a project is brought to its end here."""
    home = shutil.copytree(demo_site.home, tmp_path_factory.mktemp("dispute") / "home")
    with serving(home) as url, the_round(browser, url, home, guangxi(), PEOPLE) as walked:
        yield walked


@pytest.fixture(scope="module")
def project(walk: Round) -> str:
    """The running project of the lead, by its number."""
    officer = walk.as_("officer").go("/office/projects/?stage=running")
    row = (
        officer.main.get_by_role("row")
        .filter(has_text=walk.stage("project", "running"))
        .filter(has_text="Banana")
    )
    row.get_by_role("link").first.click()
    return officer.number(r"P-\d{4}-\d+")


def test_a_value_in_dispute_is_measured_anew_and_decided(walk: Round, project: str, tmp_path: Path) -> None:
    room = f"/projects/{project}/indicators/"
    is_measured(walk, room)
    is_disputed(walk, room)
    is_measured_anew(walk, room, tmp_path)
    is_decided(walk, room)


def is_measured(walk: Round, room: str) -> None:
    owner = walk.as_("owner").go(room).follow("Record a measured value")
    fill(form_of(owner), {"indicator": "I1", "value": "92", "note": "One block, one month."})
    owner.press("Record the value").sees("Recorded: the indicator is missed.")


def is_disputed(walk: Round, room: str) -> None:
    lead = walk.as_("lead").go(room)
    lead.main.locator("#values").get_by_role("link", name="92").first.click()
    lead.press("Dispute this value")
    lead.fill({"What is wrong with this value": "The notice asks for a whole dry season, on control blocks."})
    lead.press("Raise the dispute").sees("Your dispute is with the office").sees("In dispute")
    lead.go(room.replace("indicators", "money")).sees("is in dispute: payment waits")


def is_measured_anew(walk: Round, room: str, folder: Path) -> None:
    officer = walk.task("officer", "See to a disputed value", "I1")
    officer.sees("The independent tester measures anew").go(room).press("Name an independent tester")
    officer.main.locator("select").select_option(label=LABORATORY)
    officer.fill({"Why this one": "Measures water in fields and has no part in this challenge."})
    officer.press("Name it").sees(LABORATORY)
    report = folder / "re-run.txt"
    report.write_text("One dry season, four blocks and their controls.", encoding="utf-8")
    tester = walk.task("tester", "Measure a disputed value anew", "I1").press("Measure anew")
    tester.main.locator('input[type="file"]').set_input_files(report)
    shown = {
        "value": "76",
        "made_by": "The institute's water group",
        "made_at": "Four blocks",
        "method": "Meters, read daily",
    }
    fill(form_of(tester), {"indicator": "I1", "note": "A whole dry season.", **shown})
    tester.press("Record the value").sees("Recorded: the indicator is")


def is_decided(walk: Round, room: str) -> None:
    second = walk.task("second", "Decide a disputed value", "I1")
    fill(form_of(second), {"stands": "rerun", "text": "A whole dry season, as the notice says."})
    second.press("Decide").sees("The dispute is decided.").sees("Superseded by dispute 1")
    lead = walk.as_("lead").go(room).sees("Superseded by dispute 1").sees("the independent tester")
    lead.main.locator("#values").get_by_role("link", name="76").first.click()
    lead.sees("The institute's water group").sees("As it was signed")


def test_after_an_end_with_fault_money_comes_back(walk: Round, project: str) -> None:
    why = {"why": "The team left the site and does not answer."}
    walk.move("officer", "project", project, "terminate_for_fault", why)
    walk.agree("second", "project", project).sees(walk.stage("project", "terminated_fault"))
    lead = (
        walk.as_("lead")
        .go(f"/projects/{project}/money/")
        .sees("nothing more is paid")
        .sees("188,000 are still to be returned")
    )
    lead.main.locator("#sources").get_by_role("link", name="188,000").first.click()
    lead.sees("Row")
    officer = walk.as_("officer").go(f"/projects/{project}/money/").press("Record a repayment")
    fill(form_of(officer), {"amount": "200000"})
    officer.press("Record it").sees("Only 188000").sees("is left on the account")
    fill(form_of(officer), {"amount": "188000", "reference": "SAMPLE-BACK-1"})
    officer.press("Record it").sees("The repayment is recorded.").sees("All of it was returned.")
    officer.press("Open the book").sees("SAMPLE-BACK-1")
