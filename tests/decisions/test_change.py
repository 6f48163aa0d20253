"""What a change of an agreement says, whom it asks, and what it cannot be."""

from datetime import date

import pytest

import factories as make
from jiebang.decisions.agreement import Side, Terms
from jiebang.decisions.change import Change, Step, asked, draw_change, faults
from jiebang.rules.schema import Changes, Rulebook

TODAY = date(2027, 5, 1)
STEPS = (
    Step(order=1, title={"en": "First"}, due_on=date(2027, 3, 1), accepted=True),
    Step(order=2, title={"en": "Second"}, due_on=date(2027, 9, 1)),
)
RULE = Changes(kinds=["dates", "partners"], consent=["lead", "owner"])


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return make.guangxi()


def codes(change: Change, rule: Changes | None = RULE) -> list[str]:
    return [item.code for item in faults(change, steps=STEPS, rule=rule, today=TODAY)]


def test_every_fault_is_told_at_once() -> None:
    wrong = Change(
        dates={1: date(2027, 8, 1), 2: date(2027, 4, 30), 7: date(2027, 8, 1)}, part="Tests", terms="More."
    )
    assert codes(wrong) == [
        "change.kind", "change.milestone_accepted", "change.day_past", "change.milestone_unknown", "change.part_of_nobody",
    ]  # fmt: skip
    assert codes(Change()) == ["change.nothing"]
    assert codes(Change(dates={2: date(2027, 10, 1)}), None) == ["change.kind"], (
        "a rulebook that lets nothing change"
    )
    assert codes(Change(dates={2: TODAY})) == [], "today is not past"


def test_who_leaves_is_not_asked_and_who_joins_is() -> None:
    parties = {"lead": "lead", "old": "partner", "stays": "partner", "owner": "owner"}
    wanted = Change(leaving="old", joining="new")
    assert asked(wanted, parties=parties, rule=RULE) == ("lead", "owner", "new")
    everybody = Changes(kinds=["partners"], consent=["lead", "partner", "owner"])
    assert asked(wanted, parties=parties, rule=everybody) == ("lead", "stays", "owner", "new")


def test_the_paper_holds_what_was_and_what_shall_be(rulebook: Rulebook) -> None:
    sides = [Side(slug="lead", role="lead", names={"en": "Sample Lead"})]
    terms = Terms(number="P-1", version=1, challenge={"en": "Reading"}, sides=sides)
    wanted = Change(dates={2: date(2027, 12, 1)}, leaving="old", terms="Tests are held indoors.")
    paper = draw_change(
        wanted, terms, rulebook, why={"en": "Rain."}, steps=STEPS, names={"old": {"en": "Sample Partner"}}
    )
    annexes = {item["title"]["en"]: item["rows"] for item in paper["annexes"]}
    assert annexes["Days of milestones"] == [["2", {"en": "Second"}, "2027-09-01", "2027-12-01"]]
    assert annexes["Partners"][0][0] == {"en": "Sample Partner"}
    assert annexes["Other words"] == [["Tests are held indoors."]]
    assert annexes["Why"] == [[{"en": "Rain."}]]
    assert paper["articles"] == [], "everything else of the agreement holds"
    assert not paper["pledge"]["text"]
