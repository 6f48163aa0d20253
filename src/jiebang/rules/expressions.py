"""Expressions of a rulebook: CEL over facts, with three answers, pass, fail and unknown.

Facts are a nested mapping (`{"lead": {"registered_on": date(2024, 5, 1)}}`); an expression names them with
dots, or with brackets where a heading is no plain word: `bid.facts["得票数"] >= 100`. A key that is missing,
None or NaN is absent, and so is a list with a blank element. `a || b` passes when one of them does although
the other is absent; `a && b` fails when one of them does. `has(bid.facts.votes)` asks for absence itself,
and answers false.

Numbers are doubles, whatever they were written as. A date is compared as its midnight UTC; `date_in` turns a
moment into the day of a place first. The functions are listed in `expression_functions`.
Limits: 500 characters, brackets 12 deep, list macros 2 deep. Standard: Common Expression Language, cel.dev.
"""

import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from functools import lru_cache
from typing import Any

from jiebang.rules.cel_engine import cel
from jiebang.rules.expression_functions import FUNCTIONS, KNOWN
from jiebang.rules.expression_lists import has_lists, unrolled
from jiebang.rules.expression_text import read, tokens, with_real_numbers
from jiebang.rules.reasons import Reason, reason

MAX_CHARACTERS = 500
MAX_DEPTH = 12
MAX_LOOPS = 2
_MAPPINGS = (
    dict,
    Mapping,
)  # what nearly all are comes first: asking an abstract class costs ten times as much
_FAULTS = (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError)

Value = float | str | bool | datetime | timedelta | list[Any] | dict[str, Any]


class Truth(StrEnum):
    """The three answers."""

    PASS = "pass"  # noqa: S105 a verdict, not a secret
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression, made by `compile_expression`; immutable, shared between threads."""

    source: str
    paths: tuple[tuple[str, ...], ...]
    guarded: frozenset[tuple[str, ...]]
    functions: tuple[str, ...]
    program: Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What an expression says of some facts: with `unknown`, which facts were missing or what went wrong."""

    truth: Truth
    missing: tuple[str, ...] = ()
    error: Reason | None = None


_PASS, _FAIL = Answer(Truth.PASS), Answer(Truth.FAIL)


@lru_cache(maxsize=4096)
def compile_expression(source: str) -> Expression | Reason:
    """`source` ready to be evaluated, or the first fault in it, with its column counted from 1. Cached."""
    reading = read(source[: MAX_CHARACTERS + 1])
    fault = _limits(source) or _unknown_function(source)
    if fault is not None:
        return fault
    try:
        cel.compile(source)
        program = cel.compile(with_real_numbers(source))
    except ValueError as error:
        return _syntax(source, str(error))
    called = set(program.functions())
    reads = tuple(path for path in reading.reads if not _inside_another(path, reading.reads))
    return Expression(source, reads, reading.guarded, tuple(sorted(called & set(FUNCTIONS))), program)


def names(source: str) -> frozenset[str]:
    """The facts `source` reads, dotted (`lead.registered_on`); of a list, the list. Total, for any text."""
    return frozenset(".".join(path) for path in read(source).reads)


def evaluate(expression: Expression, facts: Mapping[str, object]) -> Answer:
    """Pass, fail or unknown. Raises only for facts of a type no rule can read (TypeError)."""
    view, absent = _view(expression, facts)
    try:
        result = _run(expression, view)
    except _FAULTS as fault:
        return _unknown(expression, absent, fault)
    if isinstance(result, bool):
        return _PASS if result else _FAIL
    return Answer(Truth.UNKNOWN, error=reason("expression.not_boolean", expression=expression.source))


def value(expression: Expression, facts: Mapping[str, object]) -> Value | None:
    """What the expression computes (numbers as float), or None when it cannot be told or is not finite."""
    view, _ = _view(expression, facts)
    try:
        result = _run(expression, view)
    except _FAULTS:
        return None
    plain = plain_fact(result)
    return None if isinstance(plain, float) and math.isinf(plain) else plain


def missing(expression: Expression, facts: Mapping[str, object]) -> tuple[str, ...]:
    """The facts it reads that are absent, in reading order; inside `has(...)` only when nothing else is."""
    absent = _view(expression, facts)[1]
    return _dotted([path for path in absent if path not in expression.guarded] or absent)


def plain_fact(item: object) -> Value | None:
    """A fact as expressions see it: numbers as float, days and moments as aware datetimes, NaN as None.

    Raises TypeError for a type that no rule can read, ValueError for a time without a zone.
    """
    if type(item) is float:  # most facts that change are
        return None if math.isnan(item) else item
    if item is None or isinstance(item, bool | timedelta):
        return item
    if isinstance(item, str | Enum):
        return str(item.value if isinstance(item, Enum) else item)
    if isinstance(item, int | float | Decimal):
        number = float(item)
        return None if math.isnan(number) else number
    if isinstance(item, date):
        return _moment(item)
    return _plain_container(item)


def _plain_container(item: object) -> Value | None:
    if isinstance(item, _MAPPINGS):
        plain = {str(key): plain_fact(inner) for key, inner in item.items()}
        return {key: inner for key, inner in plain.items() if inner is not None}
    if isinstance(item, Set):
        return _plain_list(sorted(item, key=str))
    if isinstance(item, Sequence) and not isinstance(item, bytes):
        return _plain_list(item)
    raise TypeError(f"no rule can read a fact of type {type(item).__name__}")


def _plain_list(items: Sequence[object]) -> list[Any] | None:
    """None for a list with a blank element, which CEL would take for a value unlike any other."""
    plain = [plain_fact(item) for item in items]
    return None if any(item is None for item in plain) else plain


def _moment(day: date) -> datetime:
    if not isinstance(day, datetime):
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    if day.tzinfo is None:
        raise ValueError("a time without a zone cannot be compared")
    return day


def _view(
    expression: Expression, facts: Mapping[str, object]
) -> tuple[dict[str, Any], list[tuple[str, ...]]]:
    """Only what is read, converted; containers on the way always exist: absence is a missing last key."""
    view: dict[str, Any] = {}
    absent: list[tuple[str, ...]] = []
    for path in expression.paths:
        source: object = facts
        target = view
        for step in path[:-1]:
            source = source.get(step) if isinstance(source, _MAPPINGS) else None
            target = target.setdefault(step, {})
        found = plain_fact(source.get(path[-1]) if isinstance(source, _MAPPINGS) else None)
        if found is None:
            absent.append(path)
        else:
            target[path[-1]] = found
    return view, absent


def _run(expression: Expression, view: dict[str, Any]) -> Any:
    context = cel.Context(view, {name: FUNCTIONS[name] for name in expression.functions})
    try:
        return expression.program.execute(context)
    except KeyError:
        written = unrolled(expression.program.source, view) if has_lists(expression.source) else None
        if written is None:
            raise
        return _compiled(written).execute(context)


@lru_cache(maxsize=1024)
def _compiled(source: str) -> Any:
    return cel.compile(source)


def _unknown(expression: Expression, absent: list[tuple[str, ...]], fault: Exception) -> Answer:
    """Explain a fault: facts that are missing, a field missing inside a list, or values that do not fit."""
    is_absence = isinstance(fault, KeyError) or "Undefined variable" in str(fault)
    if is_absence and not absent:
        return Answer(Truth.UNKNOWN, (str(fault.args[0]),))
    gone = _dotted([path for path in absent if path not in expression.guarded] or absent)
    error = (
        None
        if is_absence or (gone and "Function" in str(fault))
        else reason(
            "expression.cannot_compute", expression=expression.source, detail=str(fault).split(". ")[0]
        )
    )
    return Answer(Truth.UNKNOWN, gone, error)


def _dotted(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(".".join(path) for path in paths)


def _inside_another(path: tuple[str, ...], reads: Sequence[tuple[str, ...]]) -> bool:
    return any(path[:length] in reads for length in range(1, len(path)))


def _limits(source: str) -> Reason | None:
    if not source.strip():
        return reason("expression.empty")
    if len(source) > MAX_CHARACTERS:
        return reason("expression.too_long", count=len(source), limit=MAX_CHARACTERS)
    reading = read(source)
    if reading.depth > MAX_DEPTH:
        return reason("expression.too_deep", count=reading.depth, limit=MAX_DEPTH)
    if reading.loops > MAX_LOOPS:
        return reason("expression.too_many_loops", count=reading.loops, limit=MAX_LOOPS)
    return None


def _unknown_function(source: str) -> Reason | None:
    for name, column in read(source).calls:
        if name not in KNOWN:
            known = ", ".join(sorted(KNOWN))
            return reason("expression.unknown_function", name=name, column=column, known=known)
    return None


_INSTEAD = {
    "=": "==", "&": "&&", "|": "||", "and": "&&", "or": "||", "not": "!", "True": "true", "False": "false",
    "，": ",", "（": "(", "）": ")", "＞": ">", "＜": "<", "＝": "==", "≥": ">=", "≤": "<=", "≠": "!=",
    "“": '"', "”": '"', "‘": "'", "’": "'", "！": "!", "。": ".",
}  # fmt: skip


def _syntax(source: str, message: str) -> Reason:
    """The library's fault with its column; for the usual slips, what to write instead."""
    for word in tokens(source):
        if word.text in _INSTEAD and word.kind in {"fault", "name"}:
            instead = _INSTEAD[word.text]
            return reason("expression.write_instead", text=word.text, column=word.column, instead=instead)
    found = re.search(r"<input>:(\d+):(\d+): (?:Syntax error: )?([^\n]*)", message)
    column, detail = (int(found[2]), found[3]) if found else (1, message)
    return reason("expression.syntax", column=column, detail=detail.split(" expecting {")[0])
