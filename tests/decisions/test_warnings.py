"""Early warnings: from which day, how grave, in which stages, and none where the rulebook has no threshold."""

from datetime import date, timedelta
from typing import Any

import pytest

import factories as f
from jiebang.decisions.warnings import Facts, Warned, warnings
from jiebang.rules.reasons import catalogue, render
from jiebang.rules.schema import Rulebook, Warnings

TODAY = date(2026, 6, 1)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def book(**given: Any) -> Rulebook:
    """Of each kind a warning after 10 days and a serious one after 20, or with 10 days left and with 5."""
    after = {"days": 10, "serious": 20}
    kinds = dict.fromkeys(("slipping", "silent_owner", "unpaid", "unanswered", "disputed", "no_runs"), after)
    rule = {
        **kinds,
        "clock": {"days": 10, "serious": 5},
        "expiring_check": {"days": 10, "serious": 5},
        "status": "local",
        **given,
    }
    return f.guangxi().model_copy(update={"warnings": Warnings.model_validate(rule)})


def told(**given: Any) -> list[tuple[str, str, int]]:
    facts = Facts(today=TODAY, **{"working": True, "live": True, **given})
    return [(item.kind, item.severity, item.days) for item in warnings(book(), facts)]


@pytest.mark.parametrize(
    ("days", "severity"), [(9, ""), (10, "early"), (19, "early"), (20, "serious"), (400, "serious")]
)
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("slipping", "unreported"),
        ("unpaid", "unpaid"),
        ("unanswered", "unanswered"),
        ("disputed", "disputed"),
    ],
)
def test_what_is_late_is_warned_of_from_the_day_that_the_rulebook_names(
    kind: str, name: str, days: int, severity: str
) -> None:
    assert told(**{name: [("1", ago(days))]}) == ([(kind, severity, days)] if severity else [])


@pytest.mark.parametrize(("days", "severity"), [(9, ""), (10, "early"), (20, "serious")])
@pytest.mark.parametrize(("kind", "name"), [("silent_owner", "heard"), ("no_runs", "no_runs_since")])
def test_silence_and_an_idle_pilot_count_from_their_day(
    kind: str, name: str, days: int, severity: str
) -> None:
    assert told(**{name: ago(days)}) == ([(kind, severity, days)] if severity else [])


@pytest.mark.parametrize(
    ("left", "severity"),
    [(11, ""), (10, "early"), (6, "early"), (5, "serious"), (0, "serious"), (-3, "serious")],
)
def test_what_ends_is_warned_of_before_it_does(left: int, severity: str) -> None:
    assert told(checks=[("ethics", ago(-left))]) == ([("expiring_check", severity, left)] if severity else [])
    clock = told(clock="agreement", clock_ends=ago(-left))
    assert clock == ([("clock", severity, left)] if severity else [])


def test_what_has_ended_is_serious_even_where_no_day_before_would_be() -> None:
    rule = book(clock={"days": 0, "serious": 0})
    facts = Facts(today=TODAY, working=True, clock="agreement", clock_ends=ago(1))
    assert [item.severity for item in warnings(rule, facts)] == ["serious"]


def test_a_stage_silences_what_nobody_can_do_in_it() -> None:
    every: dict[str, Any] = {
        "unreported": [("1", ago(30))], "heard": ago(30), "clock": "agreement", "clock_ends": ago(1),
        "no_runs_since": ago(30), "unpaid": [("1", ago(30))], "checks": [("ethics", ago(1))],
    }  # fmt: skip
    assert {kind for kind, _, _ in told(**every)} == {
        "slipping", "silent_owner", "clock", "no_runs", "unpaid", "expiring_check",
    }  # fmt: skip
    assert {kind for kind, _, _ in told(**every, live=False, working=False)} == {"unpaid", "expiring_check"}
    assert told(**every, over=True) == []


def test_the_gravest_and_oldest_come_first() -> None:
    rows = told(unreported=[("1", ago(12)), ("2", ago(25))], unpaid=[("1", ago(40))])
    assert rows == [("unpaid", "serious", 40), ("slipping", "serious", 25), ("slipping", "early", 12)]


def test_a_rulebook_without_thresholds_warns_of_nothing() -> None:
    facts = Facts(today=TODAY, working=True, live=True, unreported=[("1", ago(400))], heard=ago(400))
    assert warnings(f.guangxi().model_copy(update={"warnings": None}), facts) == ()
    assert [item.kind for item in warnings(book(slipping=None), facts)] == ["silent_owner"]


def test_each_says_what_is_wrong_and_what_to_do_in_both_languages() -> None:
    dated = [("1", ago(30))]
    facts = Facts(
        today=TODAY, working=True, live=True, unreported=dated, unpaid=dated, unanswered=dated, disputed=dated,
        heard=ago(30), no_runs_since=ago(30), clock="agreement", clock_ends=ago(-2),
        checks=[("ethics", ago(2)), ("gone", ago(-2))],
    )  # fmt: skip
    found: tuple[Warned, ...] = warnings(book(), facts)
    assert len({item.kind for item in found}) == 8
    for item in found:
        for lang in ("en", "zh-Hans"):
            for said in (item.said, item.remedy):
                assert said.code in catalogue()
                assert "{" not in render(said, lang=lang)
    words = {item.kind: render(item.said, lang="en") for item in found}
    assert words["clock"] == "Signing of the agreement: days left: 2."
    assert words["slipping"] == "Milestone 1 is not reported; days late: 30."
