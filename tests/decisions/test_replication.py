"""A copy beside its origin: exact figures, whose value counts, what cannot be compared, what is missing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import factories as make
from jiebang.decisions import replication
from jiebang.decisions.replication import Compared, Delta, Measured, Proposed
from jiebang.rules.schema import Replication

INDICATORS: list[dict[str, Any]] = [
    {"id": "I1", "operator": ">=", "threshold": "85", "unit": {"en": "%"}},
    {"id": "I2", "operator": "<=", "threshold": 10, "unit": {"en": "s"}},
]
UNITS = {"I1": "%", "I2": "s"}
ORIGIN = {"I1": Decimal("89.2"), "I2": Decimal("8")}


def rule(**given: Any) -> Replication:
    found = make.guangxi().replication
    assert found is not None
    return found.model_copy(update=given)


def value(indicator: str = "I1", number: str = "86.4", **given: Any) -> Measured:
    fields: dict[str, Any] = {
        "key": 1, "indicator": indicator, "value": Decimal(number), "unit": UNITS[indicator], "same_method": True,
        "side": "owner", "day": date(2027, 9, 1),
    }  # fmt: skip
    return Measured(**{**fields, **given})


def compared(*here: Measured, **given: Any) -> tuple[Compared, ...]:
    return replication.comparison(INDICATORS, **{"origin": ORIGIN, "units": UNITS, "here": here, **given})


def codes(found: Any) -> list[str]:
    return [item.code for item in found]


def test_differences_are_exact_and_better_follows_the_direction_of_the_indicator() -> None:
    first, second = compared(value(), value("I2", "8.4", key=2))
    assert (first.difference, first.relative) == (Decimal("-2.8"), Decimal("-0.0314"))
    assert (first.better, first.meets) == (False, True)
    assert (second.difference, second.relative) == (Decimal("0.4"), Decimal("0.0500"))
    assert (second.better, second.meets) == (False, True)
    faster = compared(value("I2", "6"))[1]
    assert (faster.difference, faster.better) == (Decimal("-2"), True)
    same = compared(value(number="89.2"))[0]
    assert (same.difference, same.relative, same.better) == (Decimal("0.0"), Decimal("0.0000"), None)


def test_nothing_is_related_to_an_origin_of_zero() -> None:
    found = compared(value("I2", "1"), origin={"I2": Decimal(0)})[1]
    assert (found.difference, found.relative, found.better) == (Decimal(1), None, False)


def test_what_differs_in_unit_or_method_is_not_compared_and_says_why() -> None:
    other = compared(value(unit="points"))[0]
    assert other.why_not is not None
    assert (other.why_not.code, other.difference, other.meets) == ("replication.other_unit", None, None)
    way = compared(value(same_method=False))[0]
    assert way.why_not is not None
    assert (way.why_not.code, way.difference, way.meets) == ("replication.other_method", None, True)
    lost = compared(value(), origin={})
    assert [item.why_not.code for item in lost if item.why_not] == [
        "replication.origin_unmeasured", "replication.origin_unmeasured",
    ]  # fmt: skip


def test_an_independent_value_goes_first_and_the_carriers_never_counts() -> None:
    rows = [
        value(number="80", side="independent", day=date(2027, 8, 1)),
        value(number="86", key=2, day=date(2027, 9, 9)),
        value(number="99", key=3, side="carrier", day=date(2027, 9, 20)),
    ]
    assert replication.counting(rows)["I1"].value == 80
    assert replication.counting(rows[1:])["I1"].value == 86
    assert replication.counting(rows[2:]) == {}


def test_the_last_value_of_a_side_counts() -> None:
    rows = [value(number="86", key=5), value(number="87", key=4), value(number="1", day=date(2027, 8, 1))]
    assert replication.counting(rows)["I1"].value == 86


def test_what_is_missing_before_use_is_confirmed() -> None:
    every = list(rule().dimensions)
    found = compared(value())
    assert codes(replication.missing(rule(), compared=found, stated=every)) == ["replication.not_compared"]
    loose = rule(all_indicators=False)
    assert replication.missing(loose, compared=found, stated=every) == ()
    assert codes(replication.missing(loose, compared=compared(), stated=every[1:], agreed=False)) == [
        "replication.not_agreed", "replication.few_values", "replication.dimension_open",
    ]  # fmt: skip
    assert (
        replication.missing(rule(all_dimensions=False, all_indicators=False), compared=found, stated=()) == ()
    )
    whole = compared(value(), value("I2", "9"))
    assert replication.missing(rule(), compared=whole, stated=every) == ()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"validated": False}, ["replication.not_validated"]),
        ({"stage": "running"}, ["replication.not_validated"]),
        ({"owner": "asked"}, ["replication.same_owner"]),
        ({"owner": "lead", "carrier": "other"}, ["replication.owner_made_it"]),
        ({"carrier": "new"}, ["replication.owner_carries"]),
        ({"parent_of_other": True}, ["replication.other_parent"]),
        ({"owner": "asked", "validated": False, "parent_of_other": True},
         ["replication.not_validated", "replication.same_owner", "replication.other_parent"]),
    ],
)  # fmt: skip
def test_every_reason_against_a_proposal(changed: dict[str, Any], expected: list[str]) -> None:
    asked: dict[str, Any] = {
        "stage": "validated", "validated": True, "owner": "new", "carrier": "lead", "origin_owners": {"asked"},
        "makers": {"lead", "partner"}, "origin_country": "ID", "country": "KH",
    }  # fmt: skip
    assert codes(replication.against_proposal(rule(), Proposed(**asked | changed))) == expected


def test_the_own_country_is_allowed_or_not_by_the_rulebook() -> None:
    asked = Proposed(stage="validated", validated=True, owner=1, carrier=2, origin_owners=(), makers=(),
                     origin_country="VN", country="VN")  # fmt: skip
    assert replication.against_proposal(rule(), asked) == ()
    assert codes(replication.against_proposal(rule(same_country=False), asked)) == [
        "replication.same_country"
    ]


def test_faults_of_an_adaptation_name_their_fields() -> None:
    rows = [
        Delta(dimension="weather"),
        Delta(dimension="power", cost=Decimal(5)),
        Delta(dimension="price", cost=Decimal("1000.50"), currency="VND"),
        Delta(dimension="data", cost=Decimal(1), currency="ZZZ"),
        Delta(dimension="data", currency="CNY"),
        Delta(dimension="language", cost=Decimal("3.20"), currency="CNY", days=4),
    ]
    found = replication.against_deltas(rule(), rows)
    assert [(item.code, item.params["field"]) for item in found] == [
        ("replication.unknown_dimension", "adaptations.0.dimension"),
        ("replication.no_currency", "adaptations.1.currency"),
        ("money.decimals", "adaptations.2.cost"),
        ("money.unknown_currency", "adaptations.3.currency"),
        ("replication.currency_alone", "adaptations.4.currency"),
    ]
    assert found[2].params["below"] == "1000"
    assert replication.against_deltas(rule(), rows[:1], at="")[0].params["field"] == "dimension"


def test_costs_add_up_by_currency_and_are_never_converted() -> None:
    rows = [
        Delta(dimension="power", cost=Decimal("0.10"), currency="CNY", days=3),
        Delta(dimension="data", cost=Decimal("0.20"), currency="CNY"),
        Delta(dimension="price", cost=Decimal("4000"), currency="KHR", days=2),
    ]
    found = replication.took(rows)
    assert found.cost == {"CNY": Decimal("0.30"), "KHR": Decimal("4000")}
    assert found.days == 5
