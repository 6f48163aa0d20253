"""Anniversaries and counts of days, as the programmes' texts count them."""

from datetime import date

import pytest

from jiebang.rules.days import over_days, over_years


@pytest.mark.parametrize(
    ("registered", "when", "over"),
    [
        ("2025-03-01", "2026-02-28", False),
        ("2025-03-01", "2026-03-01", False),
        ("2025-03-01", "2026-03-02", True),
        ("2024-02-29", "2025-02-28", False),
        ("2024-02-29", "2025-03-01", True),
        ("2023-02-28", "2024-02-29", True),
    ],
)
def test_over_one_year_begins_the_day_after_the_anniversary(registered: str, when: str, over: bool) -> None:
    assert (over_years(date.fromisoformat(registered), at=date.fromisoformat(when)) >= 1) is over


def test_over_a_number_of_days_differs_in_a_leap_year() -> None:
    registered = date(2024, 1, 1)
    assert not over_days(registered, at=date(2024, 12, 31), days=365)
    assert over_days(registered, at=date(2025, 1, 1), days=365)
    assert over_years(registered, at=date(2025, 1, 1)) == 0
