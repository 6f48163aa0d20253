"""The score that an award demands, read from its rule."""

import pytest

from jiebang.rules.schema import Award
from jiebang.rules.threshold import threshold


@pytest.mark.parametrize(
    ("approve", "value", "reached", "missed"),
    [
        ("bid.score >= 70", "70", 70.0, 69.99),
        ("bid.score > 70.5 && tally.yes > 3", "70.5", 70.6, 70.5),
        ("(bid.facts.ok && bid.score >= 60) && true", "60", 60.0, 59.0),
        ("bid.score <= 3", "3", 3.0, 3.1),
    ],
)
def test_a_demanded_score_is_read(approve: str, value: str, reached: float, missed: float) -> None:
    found = threshold(Award(status="local", approve=approve))
    assert found is not None
    assert str(found.value) == value
    assert found.reached(reached)
    assert not found.reached(missed)


@pytest.mark.parametrize(
    "approve",
    [
        None, "bid.score >= 70 || bid.facts.wild_card", "!(bid.score >= 70)", "bid.score >= setting.line",
        "bid.scores.value >= 70", "bid.score >= 70 ? true : false", "bid.score >= $",
    ],
)  # fmt: skip
def test_where_no_score_is_demanded_in_any_case_there_is_no_line(approve: str | None) -> None:
    assert threshold(Award(status="local", approve=approve)) is None
