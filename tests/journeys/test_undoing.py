"""A published result is corrected after an objection, its award falls, and the reserve steps in: by its people, in a browser."""

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from factories import guangxi
from journeys.conftest import serving
from journeys.person import window
from journeys.the_round import Round, fill, form_of, the_round

NUMBER = "GX-2027-001"  # published in the played demo, with one objection open
PEOPLE = {
    "officer": "officer@people.example",
    "second": "officer2@people.example",
    "handler": "handler@people.example",
    "lead": "yuehu@people.example",
}


@pytest.fixture(scope="module")
def walk(demo_site: Any, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    """A copy of the played demo, for weeks pass."""
    home = shutil.copytree(demo_site.home, tmp_path_factory.mktemp("undoing") / "home")
    with serving(home) as url, the_round(browser, url, home, guangxi(), PEOPLE) as walked:
        yield walked


def test_a_result_is_corrected_its_award_revoked_and_a_reserve_steps_in(walk: Round) -> None:
    shown = walk.case("officer", "challenge", NUMBER).main.inner_text()
    first, second = dict.fromkeys(re.findall(r"B-2027-[A-Z]{6}", shown))
    is_corrected(walk, first, second)
    project = is_decided(walk)
    falls(walk, project)
    steps_in(walk, first)
    anybody_sees(walk)


def is_corrected(walk: Round, first: str, second: str) -> None:
    handler = walk.task("handler", "Answer an objection", NUMBER)
    objection = handler.number(r"O-2027-\d+")
    fill(form_of(handler), {"outcome": "partly", "text": "One sum was wrong."})
    handler.press("Answer").sees("The objection is answered.")
    answers = {
        "ground": "upheld", "evidence": "The sheet of the second expert.", "objection": objection, "how": "name",
        f"placings.{first}.outcome": "reserve", f"placings.{first}.rank": "2",
        f"placings.{second}.outcome": "awarded", f"placings.{second}.rank": "1", "why": "The sums were exchanged.",
    }  # fmt: skip
    walk.move("officer", "challenge", NUMBER, "correct_result", answers)
    walk.agree("second", "challenge", NUMBER).sees("What changed in this result")
    with window(walk.browser, walk.url) as visitor:
        visitor.go(f"/challenges/{NUMBER}/result/").sees("The sums were exchanged.").sees("Anyone may object")


def is_decided(walk: Round) -> str:
    walk.later(days=14)
    walk.move("second", "challenge", NUMBER, "decide")
    return walk.as_("lead").go(f"/challenges/{NUMBER}/result/").number(r"P-\d{4}-\d+")


def falls(walk: Round, project: str) -> None:
    asked = {
        "ground": "false_information",
        "evidence": "The registry knows no such patent.",
        "why": "A patent that the bid names does not exist.",
    }
    walk.move("officer", "project", project, "question_award", asked).sees("Award in question")
    lead = walk.task("lead", "Answer before your award is decided on", project)
    lead.sees("The registry knows no such patent.")
    fill(form_of(lead), {"text": "It was filed under another name."})
    lead.press("Send the answer").sees("Your answer is with the second officers")
    walk.task("handler", "Decide whether an award stands", project).sees("It was filed under another name.")
    why = {"why": "It was not filed under that name either."}
    walk.move("handler", "project", project, "revoke_award", why).sees(walk.stage("project", "revoked"))


def steps_in(walk: Round, reserve: str) -> None:
    walk.task("officer", "Fill the place of a revoked award", NUMBER)
    chosen = {"bid": reserve, "why": "It ranks next."}
    walk.move("officer", "challenge", NUMBER, "promote_reserve", chosen)
    walk.agree("second", "challenge", NUMBER).sees(walk.stage("challenge", "promoting"))
    walk.later(days=14)
    walk.move("second", "challenge", NUMBER, "award_reserve").sees(walk.stage("challenge", "decided"))


def anybody_sees(walk: Round) -> None:
    with window(walk.browser, walk.url) as visitor:
        page = visitor.go(f"/challenges/{NUMBER}/result/")
        for said in (
            "Corrected",
            "Award revoked",
            "Reserve proposed",
            "False information in the bid",
            "It ranks next.",
        ):
            page.sees(said)
