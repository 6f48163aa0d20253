"""Deliverables: every fault at once, no day counted twice, certificates within trainees, and what it all adds up to."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import factories as f
from jiebang.decisions.deliverables import (
    Planned,
    Tally,
    Value,
    confirm_faults,
    overlapping,
    plan_faults,
    tallies,
    value_faults,
)
from jiebang.rules.schema import Deliverables

TODAY, SINCE = date(2026, 6, 30), date(2026, 1, 1)


def rule() -> Deliverables:
    found = f.guangxi().deliverables
    assert found is not None
    return found


def value(measure: str, count: object, first: tuple[int, int], last: tuple[int, int], **given: Any) -> Value:
    return Value(
        measure=measure, value=Decimal(str(count)), first=date(2026, *first), last=date(2026, *last), **given
    )


def planned(kind: str = "training", **values: object) -> Planned:
    return Planned(kind=kind, country="VN", values={key: Decimal(str(item)) for key, item in values.items()})


def plan(told: Planned, **given: bool) -> list[tuple[str, str]]:
    plain = {"belongs": True, "office": False, "taken": False}
    return [
        (item.code.partition(".")[2], str(item.params.get("field")))
        for item in plan_faults(f.guangxi(), told, **{**plain, **given})
    ]


def faults(*given: Value, others: tuple[Value, ...] = (), **more: Any) -> list[tuple[str, str]]:
    plain: dict[str, Any] = {"since": SINCE, "today": TODAY, "shown": True, "others": others}
    rows = value_faults(f.guangxi(), more.pop("kind", "training"), given, **{**plain, **more})
    return [(item.code.partition(".")[2], str(item.params.get("field"))) for item in rows]


def test_a_sound_plan_has_no_fault() -> None:
    assert plan(planned(trainees=40, hours="32.5", certificates=40)) == []
    assert plan(planned("joint_laboratory", staff=6), belongs=False, office=True) == []


def test_every_fault_of_a_plan_is_told_at_once_beside_its_field() -> None:
    told = Planned(
        kind="training", country="",
        values={"trainees": Decimal("2.5"), "hours": Decimal(-1), "certificates": Decimal(3), "staff": Decimal(1)},
    )  # fmt: skip
    assert plan(told, belongs=False, taken=True) == [
        ("already", "name"), ("not_a_party", "host"), ("no_country", "country"), ("not_whole", "planned.trainees"),
        ("negative", "planned.hours"), ("unknown_measure", "planned.staff"), ("plan_beyond", "planned.certificates"),
    ]  # fmt: skip
    assert plan(planned()) == [("nothing_planned", "planned")]
    assert plan(planned(trainees=0)) == [("plan_zero", "planned.trainees")]
    assert plan(planned("museum", hours=1)) == [("unknown_kind", "kind")]


def test_a_rulebook_without_deliverables_says_so() -> None:
    book = f.guangxi().model_copy(update={"deliverables": None})
    found = plan_faults(book, planned(trainees=1), belongs=True, office=False, taken=False)
    assert [item.code for item in found] == ["deliverable.none"]
    one = value("trainees", 1, (1, 1), (1, 1))
    found = value_faults(book, "training", [one], since=SINCE, today=TODAY, others=(), shown=True)
    assert [item.code for item in found] == ["deliverable.none"]
    assert confirm_faults(book, [one]) == ()


def test_every_fault_of_a_value_is_told_at_once() -> None:
    early = date(2026, 3, 2)
    wrong = value("certificates", "1.5", (3, 1), (7, 1))
    assert faults(wrong, since=early, shown=False) == [
        ("in_future", "last"), ("before_start", "first"), ("not_whole", "values.certificates"), ("evidence", "sha256"),
        ("beyond", "values.certificates"),
    ]  # fmt: skip
    assert faults(value("trainees", 1, (3, 2), (3, 1))) == [("days_order", "last")]
    assert faults() == [("nothing_told", "values")]


def test_no_day_of_a_measure_is_told_twice_be_it_waiting_or_confirmed() -> None:
    march = value("trainees", 20, (3, 1), (3, 31), state="confirmed")
    for first, last in (
        ((3, 31), (4, 30)),
        ((2, 1), (3, 1)),
        ((3, 5), (3, 6)),
        ((2, 1), (4, 30)),
        ((3, 1), (3, 31)),
    ):
        again = value("trainees", 5, first, last)
        assert faults(again, others=(march,)) == [("overlaps", "values.trainees")]
    assert faults(value("trainees", 5, (4, 1), (4, 30)), others=(march,)) == []
    assert faults(value("hours", 5, (3, 1), (3, 31)), others=(march,)) == [], "another measure"
    assert overlapping(value("trainees", 5, (4, 1), (4, 2)), [march]) is None


def test_certificates_never_exceed_trainees_of_the_same_days() -> None:
    trained = value("trainees", 20, (3, 1), (3, 31))
    march = value("certificates", 12, (3, 1), (3, 15))
    assert faults(trained, value("certificates", 20, (3, 1), (3, 31))) == [], "recorded together"
    assert faults(value("certificates", 21, (3, 1), (3, 31)), others=(trained,)) == [
        ("beyond", "values.certificates")
    ]
    assert faults(value("certificates", 1, (4, 1), (4, 30)), others=(trained,)) == [
        ("beyond", "values.certificates")
    ]
    assert faults(value("certificates", 8, (3, 16), (3, 31)), others=(trained, march)) == []
    more = faults(value("certificates", 9, (3, 16), (3, 31)), others=(trained, march))
    assert more == [("beyond", "values.certificates")], "each alone is within, both together are not"
    months = (trained, value("trainees", 5, (4, 1), (4, 30)))
    assert faults(value("certificates", 25, (3, 1), (4, 30)), others=months) == []


def test_a_value_told_twice_is_not_also_told_to_exceed() -> None:
    stand = (value("trainees", 12, (3, 1), (3, 31)), value("certificates", 12, (3, 1), (3, 31)))
    assert faults(value("certificates", 12, (3, 1), (3, 31)), others=stand) == [
        ("overlaps", "values.certificates")
    ]


def test_certificates_are_confirmed_only_beside_trainees_that_are() -> None:
    certified = value("certificates", 12, (3, 1), (3, 31))
    found = confirm_faults(f.guangxi(), [certified])
    assert [(item.code, item.params["count"], item.params["most"]) for item in found] == [
        ("deliverable.beyond", "12", "0")
    ]
    assert confirm_faults(f.guangxi(), [certified, value("trainees", 12, (3, 1), (3, 31))]) == ()


def told(kind: str, plan: Mapping[str, Decimal], *rows: Value) -> dict[str, tuple[Any, ...]]:
    return {
        item.measure: (item.planned, item.confirmed, item.waiting)
        for item in tallies(rule(), kind, plan, rows)
    }


def test_only_what_is_confirmed_counts_and_what_waits_stands_beside() -> None:
    rows = (
        value("trainees", 20, (3, 1), (3, 31), state="confirmed"), value("trainees", 15, (4, 1), (4, 30), state="confirmed"),
        value("trainees", 8, (5, 1), (5, 31)), value("hours", "12.5", (3, 1), (3, 31)),
    )  # fmt: skip
    assert told("training", {"trainees": Decimal(60)}, *rows) == {
        "trainees": (60, 35, 8), "hours": (None, 0, Decimal("12.5")), "certificates": (None, 0, 0),
    }  # fmt: skip


def test_staff_are_those_of_the_last_period_not_a_sum() -> None:
    rows = (
        value("staff", 9, (4, 1), (6, 30), state="confirmed"), value("staff", 6, (1, 1), (3, 31), state="confirmed"),
        value("projects_served", 2, (1, 1), (3, 31), state="confirmed"),
        value("projects_served", 1, (4, 1), (6, 30), state="confirmed"),
    )  # fmt: skip
    found = told("joint_laboratory", {"staff": Decimal(10)}, *rows)
    assert found == {"staff": (10, 9, 0), "projects_served": (None, 3, 0)}


def test_what_the_rulebook_no_longer_names_is_still_told() -> None:
    found = tallies(
        rule(), "museum", {"visits": Decimal(4)}, [value("visits", 3, (1, 1), (1, 2), state="confirmed")]
    )
    assert found == [Tally("visits", Decimal(4), Decimal(3), Decimal(0))]
