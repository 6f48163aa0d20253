"""Expressions: three-valued logic, absent facts, kinds of numbers and days, limits, faults in plain words."""

import itertools
import time
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiebang.rules.expressions import (
    Answer,
    Expression,
    Truth,
    compile_expression,
    evaluate,
    missing,
    names,
    value,
)
from jiebang.rules.reasons import Reason, catalogue, render

PASS, FAIL, UNKNOWN = Truth.PASS, Truth.FAIL, Truth.UNKNOWN
NANNING = timezone(timedelta(hours=8))


def compiled(source: str) -> Expression:
    expression = compile_expression(source)
    assert isinstance(expression, Expression), str(expression)
    return expression


def ask(source: str, **facts: object) -> Answer:
    return evaluate(compiled(source), facts)


def fault(source: str) -> Reason:
    found = compile_expression(source)
    assert isinstance(found, Reason)
    return found


# Kleene's tables, True, False, None, and formulas over three facts, as the oracle of absence.
FORMULA = st.recursive(
    st.sampled_from("abc").map(lambda name: (name,)),
    lambda inner: st.one_of(
        inner.map(lambda one: ("!", one)),
        st.tuples(st.sampled_from(["&&", "||"]), inner, inner),
    ),
    max_leaves=12,
)


def written(formula: tuple) -> str:  # type: ignore[type-arg]
    if len(formula) == 1:
        return f"x.{formula[0]}"
    if len(formula) == 2:
        return f"!({written(formula[1])})"
    return f"({written(formula[1])} {formula[0]} {written(formula[2])})"


def kleene(formula: tuple, facts: dict[str, bool | None]) -> bool | None:  # type: ignore[type-arg]
    if len(formula) == 1:
        return facts[formula[0]]
    first = kleene(formula[1], facts)
    if len(formula) == 2:
        return None if first is None else not first
    second = kleene(formula[2], facts)
    decisive = formula[0] == "||"
    if decisive in (first, second):
        return decisive
    return None if None in (first, second) else not decisive


@given(FORMULA)
def test_absence_follows_kleene_in_every_formula(formula: tuple) -> None:  # type: ignore[type-arg]
    expression = compile_expression(written(formula))
    if isinstance(expression, Reason):
        assert expression.code in {"expression.too_deep", "expression.too_long"}
        return
    for values in itertools.product([True, False, None], repeat=3):
        facts = dict(zip("abc", values, strict=True))
        expected = {True: PASS, False: FAIL, None: UNKNOWN}[kleene(formula, facts)]
        answer = evaluate(expression, {"x": facts})
        assert answer.truth is expected
        assert bool(answer.missing) is (expected is UNKNOWN)


@pytest.mark.parametrize(
    ("source", "truth", "absent"),
    [
        ("lead.age > 365 || lead.listed", UNKNOWN, ("lead.age", "lead.listed")),
        ("bid.facts.votes > 3", UNKNOWN, ("bid.facts.votes",)),
        ("has(bid.facts.votes)", FAIL, ()),
        ("!has(bid.facts.votes) || bid.facts.votes > 3", PASS, ()),
        ("has(bid.facts.votes) && bid.facts.votes > 3", FAIL, ()),
        ("has(lead.fax) ? lead.fax == 'x' : lead.age > 3", UNKNOWN, ("lead.age",)),
        ("votes > 3", UNKNOWN, ("votes",)),
        ("size(members) > 0", UNKNOWN, ("members",)),
    ],
)
def test_absent_facts_are_named(source: str, truth: Truth, absent: tuple[str, ...]) -> None:
    assert ask(source, lead={"age": None}, bid={}) == Answer(truth, absent)
    assert missing(compiled(source), {}) != () or truth is PASS


def test_not_a_number_is_absent() -> None:
    for blank in (float("nan"), Decimal("NaN"), None):
        assert ask("a.b > 1", a={"b": blank}) == Answer(UNKNOWN, ("a.b",))


@pytest.mark.parametrize("number", [366, 366.0, Decimal("366")])
@pytest.mark.parametrize(
    "source",
    ["a.n > 365", "a.n > 365.0", "365 < a.n", "a.n + 1 == 367", "a.n * 2 == 732.0", "1 + 1 == 2",
     "5 / 2 == 2.5",
     "a.n in [1, 366]", "a.n >= 0x10", "a.n - 6u == 360", "a.n == 3.66e2", "-a.n == -366"],
)  # fmt: skip
def test_numbers_compare_and_compute_however_they_are_written(source: str, number: object) -> None:
    assert ask(source, a={"n": number}).truth is PASS


def test_integers_stay_where_they_are_texts_or_indexes() -> None:
    facts = {"a": {"list": ["x", "y"], "text": "12 + 3"}}
    assert evaluate(compiled("a.list[1] == 'y' && a.text == \"12 + 3\""), facts).truth is PASS
    assert value(compiled("[10, 20][1]"), {}) == 20.0


def test_a_boolean_is_not_a_number() -> None:
    assert ask("a.b == 1", a={"b": True}).truth is FAIL
    assert ask("a.b", a={"b": True}).truth is PASS


def test_days_and_moments_compare() -> None:
    facts = {"a": date(2025, 12, 31), "b": datetime(2026, 1, 1, 1, tzinfo=NANNING)}
    for source in [
        'a < date("2026-01-01")',
        'b < date("2026-01-01")',  # 1 o'clock in Nanning is still the old year in UTC ...
        'date_in(b, "Asia/Shanghai") == date("2026-01-01")',  # ... and the new year there
        "a < b",
        'b == timestamp("2025-12-31T17:00:00Z")',
    ]:
        assert evaluate(compiled(source), facts).truth is PASS, source
    with pytest.raises(ValueError, match="without a zone"):
        ask("a < b", a=datetime(2026, 1, 1), b=facts["b"])  # noqa: DTZ001 the fault itself


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('days_between(date("2025-03-01"), date("2025-12-31"))', 305.0),
        ('days_between(date("2025-01-01"), date("2026-12-31"))', 729.0),
        ('years_between(date("2024-02-29"), date("2025-02-28"))', 1.0),
        ('years_between(date("2024-05-02"), date("2026-05-01"))', 1.0),
        ('years_between(date("2026-05-01"), date("2024-05-02"))', -1.0),
        ('over_years(date("2025-03-01"), date("2026-03-01"), 1)', False),
        ('over_years(date("2025-03-01"), date("2026-03-02"), 1)', True),
        ('over_days(date("2025-03-01"), date("2026-03-01"), 365)', False),
        ('over_days(date("2025-03-01"), date("2026-03-02"), 365)', True),
        ("size('中文')", 2.0),
        ("size([1, 2]) * 2", 4.0),
        ("'中文'.size() + 1", 3.0),
        ("has_any(['a', 'b'], ['b', 'c'])", True),
        ("has_any([], ['b'])", False),
        ("all_in(['a'], ['a', 'b']) && !all_in(['a', 'z'], ['a', 'b'])", True),
        ("size(distinct(['a', 'b', 'a']))", 2.0),
        ("round(2.5) + round(-2.5) + floor(1.9) + ceil(1.1) + abs(-1)", 4.0),
        (
            "min(3, 1, 2) + max([3, 1]) + sum([0.1, 0.2]) + mean([1, 2])",
            1.0 + 3.0 + 0.30000000000000004 + 1.5,
        ),
        ("[1, 2, 3].filter(n, n > 1).map(n, n * 10)", [20.0, 30.0]),
        ("'a' + 'b'", "ab"),
        ("1 / 4 + mod(7, 4)", 3.25),
        ("12 / 2 / -(1 + 2) / [10, 1][1]", -2.0),
        ("6 / size('中文') / 'ab'.size()", 1.5),
        ("1 / (2 - 2) + 1", None),
        ("1 / 0", None),
        ("mean([])", None),
        ("lead.nothing", None),
    ],
)
def test_functions(source: str, expected: object) -> None:
    found = value(compiled(source), {})
    assert (
        found == expected if not isinstance(expected, float) else found == pytest.approx(expected, abs=1e-12)
    )


def test_an_instant_is_the_same_day_in_whatever_zone_it_is_written() -> None:
    instant = datetime(2026, 3, 1, 17, tzinfo=UTC)  # 2 March in Nanning
    for written in (instant, instant.astimezone(NANNING)):
        facts = {"a": date(2025, 3, 1), "b": written}
        assert evaluate(compiled("over_years(a, b, 1)"), facts).truth is FAIL
        assert evaluate(compiled('over_years(a, date_in(b, "Asia/Shanghai"), 1)'), facts).truth is PASS


def test_facts_of_every_kind_are_read() -> None:
    class Role(StrEnum):
        LEAD = "lead"

    facts = {
        "m": [{"role": Role.LEAD, "n": 3}, {"role": "partner", "n": Decimal(2)}],
        "modes": frozenset({"b", "a"}),
    }
    expression = compiled("m.exists(x, x.role == 'lead' && x.n == 3) && modes == ['a', 'b'] && m[0].n == 3")
    assert evaluate(expression, facts).truth is PASS
    with pytest.raises(TypeError, match="object"):
        ask("a == 1", a=object())


def test_headings_that_are_no_plain_words_are_facts() -> None:
    source = "bid.facts[\"得票数\"] >= 100 && bid.facts['in'] == 1"
    assert names(source) == {"bid.facts.得票数", "bid.facts.in"}
    assert ask(source, bid={"facts": {"得票数": 100, "in": 1}}).truth is PASS
    assert ask(source, bid={"facts": {"in": 1}}) == Answer(UNKNOWN, ("bid.facts.得票数",))


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("lead.registered_on < call.opens_on", {"lead.registered_on", "call.opens_on"}),
        ("bid.members.exists(m, m.country == lead.country) && m > 1", {"bid.members", "lead.country", "m"}),
        ("has(bid.facts.votes) && size(bid.title) > 3", {"bid.facts.votes", "bid.title"}),
        ("bid.title.startsWith('lead.x') // lead.y", {"bid.title"}),
        ("true && null == 1 && 'a' in ['a']", set()),
        ("(a.b).c[d.e] > {'k': f}['k']", {"a.b", "d.e", "f"}),
        ("a.all(x, b.all(y, x.p == y.q && c.r)) || x.p", {"a", "b", "c.r", "x.p"}),
        ("((( not an expression", {"not", "an", "expression"}),
    ],
)
def test_names_are_the_facts_read(source: str, read: set[str]) -> None:
    assert names(source) == read


@pytest.mark.parametrize(
    ("source", "code", "says"),
    [
        ("", "expression.empty", "empty"),
        ("a == " + "1" * 500, "expression.too_long", "505"),
        ("(" * 13 + "a" + ")" * 13, "expression.too_deep", "13"),
        ("a.all(x, x.all(y, y.all(z, z)))", "expression.too_many_loops", "3"),
        ("a == 1 &&", "expression.syntax", "column 10"),
        ("a = 1", "expression.write_instead", "write =="),
        ("a and b", "expression.write_instead", "write &&"),
        ("a ＞ 1", "expression.write_instead", "write >"),
        ("days_betwen(a, b) > 1", "expression.unknown_function", "days_betwen"),
        ("票数 > 1", "expression.syntax", "column 1"),
    ],
)
def test_faults_are_explained_in_both_languages(source: str, code: str, says: str) -> None:
    found = fault(source)
    assert found.code == code
    assert says in render(found, lang="en")
    assert render(found, lang="zh-Hans") not in {code, render(found, lang="en")}


def test_the_limits_are_inclusive() -> None:
    compiled("(" * 12 + "a.b" + ")" * 12)
    compiled("a == '" + "x" * (500 - 7) + "'")
    assert fault("a == '" + "x" * (501 - 7) + "'").code == "expression.too_long"


def test_values_that_do_not_fit_are_unknown_with_the_reason() -> None:
    answer = ask("a.b > 1", a={"b": "three"})
    assert (answer.truth, answer.missing) == (UNKNOWN, ())
    assert answer.error is not None
    assert answer.error.code == "expression.cannot_compute"
    plain = ask("1 + 1")
    assert plain.error is not None
    assert plain.error.code == "expression.not_boolean"


def test_a_division_by_zero_decides_nothing() -> None:
    source = "bid.yes / bid.votes > 0.5"
    assert ask(source, bid={"yes": 6, "votes": 10}).truth is PASS
    assert ask(source, bid={"yes": 6, "votes": 0}).truth is UNKNOWN
    assert ask("bid.votes == 0 || " + source, bid={"yes": 6, "votes": 0}).truth is PASS


COUNTRIES = st.lists(st.sampled_from(["CN", "VN", None]), max_size=5)
VERDICT = {True: PASS, False: FAIL, None: UNKNOWN}


@given(COUNTRIES)
def test_lists_with_unknown_fields_follow_kleene(countries: list[str | None]) -> None:
    facts = {"bid": {"members": [{"country": country, "tags": ["a"]} for country in countries]}}
    known = [None if country is None else country == "CN" for country in countries]
    every = False if False in known else (None if None in known else True)
    some = True if True in known else (None if None in known else False)
    for text, expected in [
        ("bid.members.all(m, m.country == 'CN')", every),
        ("bid.members.exists(m, m.country == 'CN')", some),
        ("bid['members'].exists(m, m.tags.all(t, t == 'a' && m.country == 'CN'))", some),
    ]:
        assert evaluate(compiled(text), facts).truth is VERDICT[expected], (text, countries)


def test_a_list_with_a_blank_element_is_absent() -> None:
    for source in (
        "'LA' in a.list",
        "a.list.exists(c, c == 'LA')",
        "has_any(a.list, ['LA'])",
        "size(a.list) > 1",
    ):
        assert ask(source, a={"list": ["CN", None]}) == Answer(UNKNOWN, ("a.list",))


def test_a_long_list_with_an_unknown_field_stays_unknown() -> None:
    members = [{"x": 1}] * 3000 + [{}]
    assert ask("m.all(e, e.x == 1)", m=members).truth is UNKNOWN
    assert ask("m.all(e, e.x == 1)", m=members[:-1]).truth is PASS


def test_a_field_missing_in_a_list_is_named() -> None:
    assert ask("m.all(x, x.role == 'lead')", m=[{"role": None}]) == Answer(UNKNOWN, ("role",))


@given(st.text(alphabet="ab.()[]{}<>=!&|?:+-*/% '\"\\0123x,in", max_size=60))
def test_any_text_is_answered_without_an_exception(source: str) -> None:
    found = compile_expression(source)
    if isinstance(found, Expression):
        evaluate(found, {"a": 1, "b": {"x": [1]}})
    assert names(source) is not None


def test_every_sentence_exists_in_both_languages() -> None:
    own = [texts for code, texts in catalogue().items() if code.startswith("expression.")]
    assert len(own) == 9
    assert all({"en", "zh-Hans"} <= set(texts) for texts in own)


def test_an_evaluation_takes_microseconds() -> None:
    facts = {
        "lead": {"registered_on": date(2024, 5, 1), "country": "CN"},
        "call": {"opens_on": datetime.now(UTC)},
    }
    expression = compiled("over_years(lead.registered_on, call.opens_on, 1) && lead.country == 'CN'")
    started = time.perf_counter()
    for _ in range(2000):
        evaluate(expression, facts)
    assert (time.perf_counter() - started) / 2000 < 500e-6, "measured 20 us; ten times that on a busy machine"
