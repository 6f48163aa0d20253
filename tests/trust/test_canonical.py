"""Canonical bytes are one spelling, and reading them back changes nothing."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiebang.trust.canonical import SAFE, NotCanonicalError, canonical_bytes

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-SAFE, SAFE)
    | st.floats(-SAFE, SAFE)
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
    | st.datetimes(timezones=st.just(UTC)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_reading_back_gives_the_same_bytes(value: object) -> None:
    written = canonical_bytes(value)
    assert canonical_bytes(json.loads(written)) == written
    assert b"\n" not in written


def test_the_published_example_of_rfc_8785() -> None:
    value = {
        "numbers": [333333333.33333329, 1e-27, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert canonical_bytes(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e-27,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_ordered_by_utf_16() -> None:
    assert canonical_bytes({"\U0001f600": 1, "\ufb33": 2}).decode() == '{"😀":1,"\ufb33":2}'


class Colour(StrEnum):
    """Any enumeration of texts."""

    RED = "red"


def test_what_a_programme_speaks_of_is_spelled_plainly() -> None:
    yangon = datetime(2026, 4, 8, 6, 30, 0, 5, tzinfo=timezone(timedelta(hours=6, minutes=30)))
    value = {"at": yangon, "on": date(2026, 4, 8), "amount": Decimal("1.50"), "c": Colour.RED, "t": (1, 2)}
    assert canonical_bytes(value).decode() == (
        '{"amount":"1.50","at":"2026-04-08T00:00:00.000005Z","c":"red","on":"2026-04-08","t":[1,2]}'
    )


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        1e300,
        2**53,
        -(10**400),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        datetime(2026, 4, 8),  # noqa: DTZ001
        b"bytes",
        {1, 2},
        {1: "a"},
        "\ud800",
        {"\ud800": 1},
        object(),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonicalError):
        canonical_bytes({"value": value})


def test_nesting_without_end_is_refused() -> None:
    deep: object = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(NotCanonicalError):
        canonical_bytes(deep)
