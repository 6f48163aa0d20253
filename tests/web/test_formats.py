"""Numbers, money, dates and clocks as a reader of each language writes them."""

import datetime as dt
from decimal import Decimal

import pytest

from jiebang.rules.reasons import Reason
from jiebang.web import formats
from jiebang.web.acting import render_reason
from jiebang.web.forms.languages import OTHERS

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


@pytest.mark.parametrize(
    ("tag", "lang", "name"),
    [
        ("tet", "en", "Tetum"), ("tet", "zh-Hans", "德顿语"), ("tet-TL", "en", "Tetum (Timor-Leste)"), ("lo", "en", "Lao"),
        ("mnw", "en", "ဘာသာမန်"), ("qqx", "en", "language with the code qqx"), ("qqx", "zh-Hans", "代码为 qqx 的语言"),
    ],
)  # fmt: skip
def test_a_language_is_named_and_never_left_a_bare_code(tag: str, lang: str, name: str) -> None:
    assert formats.language(tag, lang=lang) == name


@pytest.mark.parametrize("lang", TAGS)
def test_every_language_of_the_list_has_a_name(lang: str) -> None:
    bare = [tag for tag in OTHERS if formats.language(tag, lang=lang) == tag]
    assert bare == []


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Submitted 25 October 2027, 16:30 UTC+8 (Shanghai), after"),
        ("en", "closing time end of 22 October 2027, UTC+8 (Shanghai)."),
        ("zh-Hans", "2027年10月25日 16:30 UTC+8 (上海)"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("submitted", ["2027-10-25 08:30:00+00:00", "2027-10-25T16:30+08:00"])
def test_a_reason_tells_its_moments_as_the_page_does(lang: str, said: str, submitted: str) -> None:
    why = Reason("consortium.late", {"submitted": submitted, "closes": "2027-10-22 16:00:00+00:00"})
    told = render_reason(why, lang, zone="Asia/Shanghai")
    assert said in told
    assert "+00:00" not in told


def test_what_is_no_moment_stays_as_it_is() -> None:
    for text in (
        "2027-10-25",
        "2027-10-25T08:30:00",
        "2027-0001-and-more-text",
        "",
        "GX-2027-001-02-03-04-05",
    ):
        assert formats.moment_in(text) is None


def test_a_countrys_official_language_is_the_first_that_is_known() -> None:
    known = ("en", "zh-Hans", "vi", "ms")
    assert [formats.official_language(code, among=known) for code in ("VN", "MY", "CN", "SG", "KH")] == [
        "vi", "ms", "zh-Hans", "en", "",
    ]  # fmt: skip
