"""From one place to the next, in a real browser: a validated result is offered to an owner in a second country and used."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from factories import guangxi
from journeys.conftest import serving
from journeys.person import window
from journeys.piloting import moment
from journeys.the_round import Round, fill, form_of, the_round

PEOPLE = {
    "lead": "huangbai@people.example",
    "origin": "thuha@people.example",
    "owner": "faridz@people.example",
    "officer": "officer@people.example",
}
TITLE = "Early warning of low oxygen in marine cages"
OWNER = "Kenari"
VALUES = {"I1": "86", "I2": "1.6", "I3": "0.4", "I4": "80"}
RESPECTS = {
    "language": "Malay instead of Vietnamese.",
    "regulation": "No permit is asked for here either.",
    "data": "Two seasons of our own buoy.",
    "power": "Sun and batteries.",
    "connectivity": "Radio to the shore.",
    "price": "Free for the families.",
}


@pytest.fixture(scope="module")
def walk(demo_site: Any, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    """A copy of the played demo: its clock is moved here."""
    home = shutil.copytree(demo_site.home, tmp_path_factory.mktemp("replication") / "home")
    with serving(home) as url, the_round(browser, url, home, guangxi(), PEOPLE) as walked:
        yield walked


def test_a_validated_result_is_used_in_a_second_country(walk: Round) -> None:
    lead = walk.as_("lead").go("/cases/").follow(TITLE).sees("In use at 1 place, in Viet Nam.")
    project = lead.number(r"P-\d{4}-\d+")
    copy = is_proposed(walk, project)
    is_agreed(walk, project, copy)
    is_carried_over(walk, copy)
    is_measured(walk, copy)
    is_confirmed(walk, copy)
    anybody_sees(walk, project, copy)


def is_proposed(walk: Round, project: str) -> str:
    """The lead finds the new owner; an amount that its currency cannot have is refused beside its field."""
    lead = walk.as_("lead").go(f"/projects/{project}/work/").follow("Replication")
    lead.sees("No copy was proposed yet.").press("Propose a copy")
    lead.fill({"Find an organisation by its name": OWNER}).press("Find")
    lead.press("Go on").sees("The new owner reads this, and agrees or declines.")
    told = {f"{key}.here": text for key, text in RESPECTS.items()}
    told |= {f"{key}.origin": "As the pilot had it." for key in RESPECTS}
    answers = {
        "site": "Six cages in the bay",
        "plan": "Two weeks of teaching, then eight weeks of nights.",
        **told,
    }
    fill(form_of(lead), {**answers, "power.cost": "1000.50", "power.currency": "VND"})
    lead.press("Propose it").sees("1000")
    fill(form_of(lead), {"power.cost": "1200.50", "power.currency": "CNY", "power.days": "3"})
    lead.press("Propose it").sees("Proposed; the new owner was told.")
    return lead.number(r"R-\d{4}-\d+")


def is_agreed(walk: Round, project: str, copy: str) -> None:
    """The new owner reads it in its language and agrees; the origin's room stays closed to it."""
    owner = walk.task("owner", "Answer: a result is offered to you", copy)
    owner.sees("Two weeks of teaching").press("Setuju").sees("Agreed")
    for matter in ("replication", "money", "agreement"):
        answer = owner.page.context.request.get(f"{walk.url}/projects/{project}/{matter}/")
        assert answer.status == 404, matter


def is_carried_over(walk: Round, copy: str) -> None:
    """The carrier says what the power took in the end; what it measures itself decides nothing."""
    walk.later(days=60)
    lead = walk.as_("lead").go(f"/replications/{copy}/").press("Add or put right")
    lead.follow(RESPECTS["power"])
    fill(form_of(lead), {"change": "A second battery.", "cost": "1480.00", "days": "5"})
    lead.press("Keep it").sees("The adaptation took: CNY").sees("5 days of work")
    lead.press("Record a measured value")
    day = f"{moment(walk):%Y-%m-%d}"
    fill(form_of(lead), {"indicator": "I1", "value": "99", "measured_on": day, "how": "By ourselves."})
    lead.press("Record the value").sees("Shown; decides nothing").sees("Before use can be confirmed:")


def is_measured(walk: Round, copy: str) -> None:
    """The new owner measures every indicator of the origin, as it was measured there."""
    day = f"{moment(walk) - timedelta(days=1):%Y-%m-%d}"
    for indicator, value in VALUES.items():
        owner = walk.task("owner", "Record what was measured at your place", copy)
        fill(
            form_of(owner),
            {"indicator": indicator, "value": value, "measured_on": day, "how": "Beside our own buoy."},
        )
        owner.press("Record the value").sees("The value is recorded.")
    owner.sees("Measured, not confirmed yet")


def is_confirmed(walk: Round, copy: str) -> None:
    """In its own words and language."""
    owner = walk.task("owner", "Say whether it is in use at your place", copy)
    owner.sees("Nyatakan dengan kata dan bahasa anda sendiri.")
    said = {
        "in_use": "in_use", "used_for": "Amaran malam untuk enam sangkar.", "users": "14",
        "statement": "Ia berfungsi pada waktu malam, juga ketika hujan.",
    }  # fmt: skip
    fill(form_of(owner), said)
    for name in ("used_for", "statement"):
        owner.main.locator(f'[name="{name}.lang"]').evaluate(
            "e => { e.closest('details').open = true; e.value = 'ms' }"
        )
    owner.press("Sahkan bagi pihak organisasi saya").sees("In use")


def anybody_sees(walk: Round, project: str, copy: str) -> None:
    """Everybody reads the case: the tree, the tiles, the figures with the values behind them; no private person."""
    with window(walk.browser, walk.url) as visitor:
        visitor.go(f"/projects/{project}/").follow("The whole case: from the need to its copies")
        visitor.sees("In use at 2 places, in Viet Nam and Malaysia.").sees("Ia berfungsi pada waktu malam")
        visitor.sees("A second battery.").sees("Shown; decides nothing")
        tree = visitor.main.get_by_role("list", name="The origin and its copies")
        tree.get_by_role("link", name=OWNER).click()
        assert visitor.page.url.endswith(f"#{copy}")
        visitor.main.locator(f'[id="{copy}"]').get_by_role("link", name="86", exact=False).first.click()
        assert visitor.page.url.endswith("#rows")
        assert "Faridz" not in visitor.main.inner_text()
        rows = visitor.page.context.request.get(f"{walk.url}/cases/{project}/?format=json").json()
        assert {row["place"] for row in rows} == {project, copy}
        visitor.go("/cases/?country=MY").sees(TITLE).sees("1 case")
