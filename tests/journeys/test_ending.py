"""An agreement is changed and then ends without fault, in a real browser: by consent, with what was learned made public."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from factories import guangxi
from journeys.conftest import serving
from journeys.person import window
from journeys.the_round import Round, fill, form_of, the_round

PEOPLE = {
    "owner": "minhtam@people.example",
    "lead": "yangtao@people.example",
    "officer": "officer@people.example",
    "second": "officer2@people.example",
}
LESSON = "Ask every driver before the camera is mounted, not after."


@pytest.fixture(scope="module")
def walk(demo_site: Any, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    """A copy of the played demo: a project is brought to its end here."""
    home = shutil.copytree(demo_site.home, tmp_path_factory.mktemp("ending") / "home")
    with serving(home) as url, the_round(browser, url, home, guangxi(), PEOPLE) as walked:
        yield walked


@pytest.fixture(scope="module")
def project(walk: Round) -> str:
    """The running project of the lead, by its number."""
    officer = walk.as_("officer").go("/office/projects/?stage=running")
    row = officer.main.get_by_role("row").filter(has_text="drivers")
    row.get_by_role("link").first.click()
    return officer.number(r"P-\d{4}-\d+")


def test_a_day_is_moved_by_consent(walk: Round, project: str) -> None:
    agreement = f"/projects/{project}/agreement/"
    lead = walk.as_("lead").go(agreement).press("Ask for a change")
    lead.fill({"Why": "The pass is closed in winter."}).press("Ask for it").sees("Nothing would change.")
    fill(form_of(lead), {"why": "The pass is closed in winter.", "due_3": "2028-06-30"})
    lead.press("Ask for it").sees("Asked; the parties were told.").follow("Change 2")
    lead.sees("2028-06-30").sees("Still to agree")
    for part in ("lead", "owner"):
        person = walk.as_(part).go(f"/projects/{project}/changes/2/").press("Agree")
        if walk.password:
            person.fill({"Your password": walk.password})
        person.press("Agree").sees("Agreed.")
    for part in ("officer", "second"):
        officer = walk.as_(part).go(f"/projects/{project}/changes/2/").press("Decide")
        fill(form_of(officer), {"agree": "true"})
        officer.press("Send the answer").sees("Recorded.")
    walk.as_("lead").go(f"/projects/{project}/changes/2/").sees("In force")
    walk.as_("lead").go(f"/projects/{project}/work/").sees("30 June 2028")


def test_an_honest_end_is_stated_heard_decided_and_public(walk: Round, project: str) -> None:
    lead = (
        walk.as_("lead")
        .go(f"/projects/{project}/agreement/")
        .press("If the goal cannot be reached")
        .press("Write it")
    )
    said = {"tried": "Three cameras on two lines.", "obstacle": "Drivers cover the camera.", "learned": LESSON,
            "spent": "Cameras and travel."}  # fmt: skip
    fill(form_of(lead), said)
    lead.press("Send it").sees("Sent; the owner was told.")
    owner = walk.as_("owner").go(f"/projects/{project}/diligence/").press("Say whether it was so")
    fill(form_of(owner), {"agree": "true", "text": "They asked us every week."})
    owner.press("Send the answer").sees("They asked us every week.")
    walk.move("officer", "project", project, "terminate", {"why": "Drivers do not want it."})
    walk.agree("second", "project", project).sees(walk.stage("project", "terminated"))
    with window(walk.browser, walk.url) as anybody:
        anybody.go(f"/projects/{project}/").sees("What was done and what was learned").sees(LESSON)
