"""Numbers, money, dates and clocks as a reader of each language writes them."""

import datetime as dt
from decimal import Decimal

import pytest

from jiebang.web import formats

MOMENT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
LATE = dt.datetime(2026, 11, 22, 16, 30, tzinfo=dt.UTC)
TAGS = ["en", "zh-Hans", "zh-hans", "vi", "lo", "th", "km", "my", "id", "ms", "fil", "xx", ""]


def test_dates() -> None:
    assert formats.date(dt.date(2026, 11, 22), lang="en") == "22 November 2026"
    assert formats.date(dt.date(2026, 11, 22), lang="zh-Hans") == "2026年11月22日"
    assert formats.date(dt.date(2026, 11, 22), lang="zh-hans") == "2026年11月22日"


def test_a_moment_names_its_zone_and_city() -> None:
    assert (
        formats.date_time(MOMENT, lang="en", zone="Asia/Shanghai")
        == "22 November 2026, 17:00 UTC+8 (Shanghai)"
    )
    assert (
        formats.date_time(MOMENT, lang="zh-Hans", zone="Asia/Shanghai") == "2026年11月22日 17:00 UTC+8 (上海)"
    )


def test_both_sides_read_their_own_clock() -> None:
    first, second = formats.two_zones(MOMENT, lang="en", zone="Asia/Shanghai", second_zone="Asia/Yangon")
    assert first.endswith("17:00 UTC+8 (Shanghai)")
    assert second == "15:30 UTC+6:30 (Yangon)"


def test_the_second_clock_names_its_day_only_when_it_differs() -> None:
    _, second = formats.two_zones(LATE, lang="en", zone="Asia/Shanghai", second_zone="Asia/Bangkok")
    assert second == "22 November 2026, 23:30 UTC+7 (Bangkok)"
    _, same = formats.two_zones(LATE, lang="en", zone="Asia/Shanghai", second_zone="Asia/Manila")
    assert same == ""


def test_a_limit_at_midnight_is_the_end_of_the_day_before() -> None:
    midnight = dt.datetime(2026, 6, 30, 16, tzinfo=dt.UTC)
    assert formats.until(midnight, lang="en", zone="Asia/Shanghai") == "end of 30 June 2026, UTC+8 (Shanghai)"
    assert (
        formats.until(MOMENT, lang="en", zone="Asia/Shanghai") == "22 November 2026, 17:00 UTC+8 (Shanghai)"
    )
    first, second = formats.two_zones(midnight, lang="en", zone="Asia/Shanghai", second_zone="Asia/Bangkok")
    assert first.startswith("end of 30 June 2026")
    assert second == "23:00 UTC+7 (Bangkok)"


def test_zones_west_of_greenwich_and_utc() -> None:
    assert "UTC−5" in formats.clock_time(MOMENT, lang="en", zone="America/Lima")
    assert formats.clock_time(MOMENT, lang="en", zone=dt.UTC) == "09:00 UTC+0"


@pytest.mark.parametrize(
    ("amount", "currency", "lang", "expected"),
    [
        (Decimal("800000"), "CNY", "en", "CNY\u00a0800,000"),
        (Decimal("800000.5"), "CNY", "en", "CNY\u00a0800,000.50"),
        (Decimal("800000"), "CNY", "zh-Hans", "800,000人民币"),
        (Decimal("12.5"), "USD", "vi", "USD\u00a012,50"),
        (Decimal("5000000"), "VND", "vi", "VND\u00a05.000.000"),
        (Decimal("-3"), "CNY", "en", "CNY\u00a0-3"),
    ],
)
def test_money(amount: Decimal, currency: str, lang: str, expected: str) -> None:
    assert formats.money(amount, currency, lang=lang) == expected


def test_large_money_keeps_every_digit() -> None:
    assert formats.money(Decimal("12345678901234567.89"), "CNY", lang="en").endswith(
        "12,345,678,901,234,567.89"
    )


def test_numbers_are_grouped_in_chinese_too() -> None:
    assert formats.number(2682888, lang="zh-Hans") == "2,682,888"
    assert formats.number(3.14159, lang="vi") == "3,142"
    assert formats.number(82, lang="en", digits=1) == "82.0"
    assert formats.percent(0.256, lang="en") == "26%"


def test_working_days() -> None:
    said = [formats.working_days_left(days, lang="en") for days in (12, 1, 0, -1, -3)]
    assert said == [
        "12 working days left",
        "1 working day left",
        "Last working day",
        "1 working day late",
        "3 working days late",
    ]


def test_countries_carry_their_own_names() -> None:
    assert [formats.country(code, lang="en") for code in ("VN", "LA", "TH")] == [
        "Viet Nam",
        "Lao PDR",
        "Thailand",
    ]
    assert formats.country("VN", lang="zh-Hans") == "越南"
    assert formats.country("QQ", lang="en") == "QQ"


def test_file_sizes() -> None:
    assert [formats.file_size(size, lang="en") for size in (0, 12, 214_000, 1_234_567)] == [
        "0 kB",
        "1 kB",
        "214 kB",
        "1.2 MB",
    ]


@pytest.mark.parametrize("lang", TAGS)
def test_every_language_answers(lang: str) -> None:
    texts = [
        formats.date_time(MOMENT, lang=lang, zone="Asia/Vientiane"),
        formats.money(Decimal(5), "LAK", lang=lang),
        formats.language("lo", lang=lang),
        formats.working_days_left(2, lang=lang),
    ]
    assert all(text.strip() for text in texts)
    assert "2026" in texts[0]
