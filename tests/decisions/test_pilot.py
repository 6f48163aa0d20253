"""What an agreed protocol still misses, and what may be recorded under it, as rulings without a database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from jiebang.decisions import pilot
from jiebang.decisions.pilot import Ran, Standing, Terms, Went
from jiebang.rules.schema import Pilot

DAY = timedelta(days=1)
START = datetime(2026, 7, 1, 20, 0, tzinfo=UTC)
RULE = Pilot.model_validate({
    "severities": {name: {"label": {"en": name}} for name in ("minor", "serious", "critical")},
    "least_runs": 2, "least_days": 14, "least_handover_days": 7, "least_packages": 1, "status": "local",
})  # fmt: skip
CONTENT: dict[str, Any] = {
    "runs": "2", "days": 14, "targets": {"I1": 3, "I2": 1}, "measured_by": "owner", "failure_from": "serious",
    "failures_allowed": 1, "handover_days": 7,
}  # fmt: skip


def terms(**given: Any) -> Terms:
    return pilot.terms_of({**CONTENT, **given})


def ran(
    day: int = 0, *, version: int = 1, indicators: str = "I1 I2", packed: bool = True, long: float = 1
) -> Ran:
    began = START + day * DAY
    return Ran(version, began, began + long * DAY, frozenset(indicators.split()), packed)


def stands(*runs: Ran, incidents: tuple[Went, ...] = (), handed_over: bool = True, **given: Any) -> Standing:
    asked = given.pop("version", 1)
    return pilot.standing(
        RULE, terms(**given), version=asked, runs=runs, incidents=incidents, handed_over=handed_over
    )


def test_nothing_is_missing_of_a_fulfilled_protocol() -> None:
    found = stands(ran(), ran(13))
    assert (found, found.missing, found.reasons()) == (Standing(), 0, ())


def test_days_are_the_end_minus_the_start() -> None:
    assert stands(ran(), ran(12)).days == 1
    assert stands(ran(), ran(12, long=1.99)).days == 1, "a part of a day is none"
    assert stands().days == 14


def test_every_kind_that_is_short_is_said() -> None:
    found = stands(
        ran(indicators="I1", packed=False), handed_over=False, incidents=(Went("critical", START, False),) * 2
    )
    assert [item.code for item in found.reasons()] == [
        "pilot.short_runs", "pilot.short_days", "pilot.short_packages", "pilot.failures_open", "pilot.failures_beyond",
        "pilot.short_handover", "pilot.unmeasured",
    ]  # fmt: skip
    assert found.missing == 4


def test_earlier_runs_count_unless_the_new_version_starts_anew() -> None:
    runs = (ran(), ran(13))
    assert stands(*runs, version=2).missing == 0
    assert stands(*runs, version=2, earlier_runs="start_anew").runs == 2
    assert stands(*runs, ran(20, version=3), version=2, earlier_runs="start_anew").runs == 1, (
        "later versions count"
    )


@pytest.mark.parametrize(
    ("severity", "failure"), [("minor", False), ("serious", True), ("critical", True), ("unheard_of", True)]
)
def test_a_failure_is_as_grave_as_the_protocol_says(severity: str, failure: bool) -> None:
    assert pilot.is_failure(RULE, terms(), severity) is failure
    assert stands(ran(), ran(13), incidents=(Went(severity, START, False),)).failures_open == failure


def test_a_protocol_asks_for_whole_numbers_and_no_less_than_the_programme() -> None:
    found = pilot.too_little(RULE, {**CONTENT, "runs": 1, "days": "14.5", "handover_days": None})
    assert [(item.code, item.params["field"]) for item in found] == [
        ("pilot.too_little", "runs"), ("pilot.not_whole", "days"), ("pilot.too_little", "handover_days"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ([], ["pilot.no_values"]),
        ([{"indicator": "I3", "value": "1", "unit": ""}], []),
        ([{"indicator": "I3", "value": "1", "unit": "%"}], ["pilot.other_unit"]),
        ([{"indicator": "I1", "value": "1", "unit": " "}], ["pilot.no_unit"]),
        ([{"indicator": "I1", "value": "1", "unit": "%"}] * 2, ["pilot.value_twice"]),
    ],
)
def test_values_have_their_units(values: list[dict[str, str]], codes: list[str]) -> None:
    found = pilot.against_run(
        terms(), agreed_at=START, began=START, ended=START, now=START, side="owner", values=values,
        units={"I1": "%", "I3": ""},
    )  # fmt: skip
    assert [item.code for item in found] == codes


def test_a_handover_is_passed_by_its_days_alone_without_help_and_without_open_failures() -> None:
    def against(**given: Any) -> list[str]:
        fields = {"began": date(2026, 7, 1), "ended": date(2026, 7, 8), "today": date(2026, 7, 8), "passed": True,
                  "lead_helped": False, "open_failures": 0, **given}  # fmt: skip
        return [item.code for item in pilot.handover_reasons(terms(), **fields)]

    assert against() == []
    assert against(ended=date(2026, 7, 7)) == ["pilot.handover_short"]
    assert against(lead_helped=True, open_failures=1) == ["pilot.lead_helped", "pilot.handover_failures"]
    assert against(ended=date(2026, 6, 30), passed=False) == ["pilot.ends_before"]
    assert against(ended=date(2026, 7, 9)) == ["pilot.in_future"]
    assert against(ended=date(2026, 7, 2), passed=False, lead_helped=True) == []


def test_a_period_holds_both_its_days_as_they_are_counted_at_the_place() -> None:
    late = Went("minor", START, False)  # 1 July in UTC, 2 July in Shanghai
    assert pilot.within([late], began=date(2026, 7, 2), ended=date(2026, 7, 2), zone="Asia/Shanghai") == [
        late
    ]
    assert pilot.within([late], began=date(2026, 7, 2), ended=date(2026, 7, 2), zone="UTC") == []


def test_only_the_other_side_agrees() -> None:
    assert pilot.other_side("owner", {"lead"}) == "lead"
    assert pilot.other_side("owner", {"owner"}) is pilot.other_side("lead", {"owner", "lead"}) is None
