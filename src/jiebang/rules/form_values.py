"""The values of form fields, kind by kind: what is wrong with one answer, and where in it."""

import operator
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import FormField, Rulebook
from jiebang.rules.texts import BROKEN

LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
DECIMAL = r"^[+-]?[0-9]{1,15}(\.[0-9]{1,9})?$"
SHA256 = r"^[0-9a-f]{64}$"
OPERATORS = ("<=", "<", ">=", ">", "=")
MAX_ITEMS = 40
MAX_MONTH = 120
REACHED: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<=": operator.le, "<": operator.lt, ">=": operator.ge, ">": operator.gt, "=": operator.eq,
}  # fmt: skip
SIGNS = {"<=": "≤", ">=": "≥"}
INDICATOR_TEXTS = ("name", "unit", "test_method", "data_place", "tester")
INDICATOR_KEYS = (
    "id",
    "name",
    "unit",
    "operator",
    "threshold",
    "baseline",
    "test_method",
    "data_place",
    "tester",
)
MILESTONE_KEYS = ("id", "title", "month", "due_on", "share", "deliverable", "indicators")
DIMENSIONLESS = "1"  # the unit of a pure number (ISO 80000-1)

Found = Iterator[tuple[str, Reason]]


@dataclass(frozen=True, slots=True)
class Context:
    """What an answer is held against; `options` and `indicators` are the values that may be named."""

    field: FormField
    rulebook: Rulebook
    complete: bool
    indicators: Collection[str] | None
    options: Mapping[str, object]


def check(answer: object, context: Context) -> list[tuple[str, Reason]]:
    """Every fault of one answer with its place inside the answer ("" for the whole)."""
    return list(_KINDS[context.field.kind](answer, context))


def decimal_of(answer: object) -> Decimal | None:
    """The number that an answer means, exactly; None when it is none (true, text, infinite)."""
    if isinstance(answer, bool) or not isinstance(answer, int | float | Decimal | str):
        return None
    if isinstance(answer, str) and not re.fullmatch(DECIMAL, answer.strip()):
        return None
    try:
        number = Decimal(str(answer).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def beyond(answer: object, *, months: object) -> list[tuple[str, Reason]]:
    """Each milestone of `answer` that lies after the last of `months`; none where either is not readable."""
    limit = decimal_of(months)
    if limit is None or not isinstance(answer, list):
        return []
    due = [decimal_of(item.get("month")) if isinstance(item, Mapping) else None for item in answer]
    return [
        (f"{place}.month", reason("form.beyond_duration", month=str(month), months=str(limit)))
        for place, month in enumerate(due)
        if month is not None and limit < month <= MAX_MONTH
    ]


def missed(answer: object, indicator: Mapping[str, object]) -> Reason | None:
    """Why a value does not reach its indicator's threshold; None when it does or cannot be compared."""
    value, threshold = decimal_of(answer), decimal_of(indicator.get("threshold"))
    sign = str(indicator.get("operator"))
    if value is None or threshold is None or sign not in REACHED or REACHED[sign](value, threshold):
        return None
    return reason("form.promise_misses", value=str(value), wanted=f"{SIGNS.get(sign, sign)} {threshold}")


def _text(answer: object, context: Context) -> Found:
    yield from _words(answer, limit=context.field.max_length, one_line=False)


def _line(answer: object, context: Context) -> Found:
    yield from _words(answer, limit=context.field.max_length, one_line=True)


def _words(answer: object, *, limit: int, one_line: bool) -> Found:
    """A plain text, a statement, or texts by language."""
    if isinstance(answer, str):
        yield from _string("", answer, limit, one_line)
    elif isinstance(answer, Mapping) and "text" in answer:
        yield from _statement(answer, limit, one_line)
    elif isinstance(answer, Mapping) and answer and all(isinstance(text, str) for text in answer.values()):
        for tag, text in answer.items():
            yield from _language(str(tag), str(tag))
            yield from _string(str(tag), str(text), limit, one_line)
    else:
        yield "", reason("form.not_text")


def _string(place: str, text: str, limit: int, one_line: bool) -> Found:
    if BROKEN.search(text):
        yield place, reason("form.broken_text")
    if len(text) > limit:
        yield place, reason("form.too_long", count=len(text), limit=limit)
    if one_line and "\n" in text.strip():
        yield place, reason("form.several_lines")


def _language(place: str, tag: object) -> Found:
    if not isinstance(tag, str) or not re.fullmatch(LANGUAGE, tag):
        yield place, reason("form.not_a_language", tag=str(tag))


def _statement(answer: Mapping[str, object], limit: int, one_line: bool) -> Found:
    lang, text, others = answer.get("lang"), answer["text"], answer.get("translations") or {}
    yield from _language("lang", lang)
    if isinstance(text, str):
        yield from _string("text", text, limit, one_line)
    else:
        yield "text", reason("form.not_text")
    if not isinstance(others, Mapping):
        yield "translations", reason("form.not_translations")
        return
    for tag, made in others.items():
        yield from _translation(str(tag), made, limit, one_line)
    prevails = answer.get("prevails", lang)
    if prevails != lang and (not isinstance(prevails, str) or prevails not in others):
        yield "prevails", reason("form.prevails_missing", tag=str(prevails))


def _translation(tag: str, made: object, limit: int, one_line: bool) -> Found:
    place = f"translations.{tag}"
    yield from _language(place, tag)
    if not isinstance(made, Mapping) or not isinstance(made.get("text"), str):
        yield place, reason("form.not_translation")
        return
    yield from _string(place, str(made["text"]), limit * 2, one_line)
    if made.get("by") not in ("human", "machine"):
        yield f"{place}.by", reason("form.translator")


def _number(answer: object, context: Context) -> Found:
    number = decimal_of(answer)
    if number is None:
        yield "", reason("form.not_number")
    else:
        yield from _limits(number, context.field)


def _limits(number: Decimal, field: FormField) -> Found:
    if field.minimum is not None and number < Decimal(str(field.minimum)):
        yield "", reason("form.too_small", value=str(number), limit=f"{field.minimum:g}")
    if field.maximum is not None and number > Decimal(str(field.maximum)):
        yield "", reason("form.too_large", value=str(number), limit=f"{field.maximum:g}")


def _money(answer: object, context: Context) -> Found:
    amount, currency = answer, context.rulebook.currency
    if isinstance(answer, Mapping):
        amount, currency = answer.get("amount"), str(answer.get("currency", currency))
    number = decimal_of(amount)
    if number is None:
        yield "", reason("form.not_money")
        return
    if number < 0 and context.field.minimum is None:
        yield "", reason("form.too_small", value=str(number), limit="0")
    yield from _limits(number, context.field)
    places = context.rulebook.money.places if context.rulebook.money else 2
    if number != round(number, places):
        yield "", reason("form.decimals", places=places)
    if currency != context.rulebook.currency:
        yield "currency", reason("form.currency", currency=currency, wanted=context.rulebook.currency)


def _date(answer: object, _: Context) -> Found:
    if not _is_date(answer):
        yield "", reason("form.not_date")


def _is_date(answer: object) -> bool:
    if not isinstance(answer, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", answer):
        return False
    try:
        return bool(date.fromisoformat(answer))
    except ValueError:
        return False


def _yes_no(answer: object, _: Context) -> Found:
    if not isinstance(answer, bool):
        yield "", reason("form.not_yes_no")


def _choice(answer: object, context: Context) -> Found:
    if not isinstance(answer, str) or answer not in context.options:
        yield "", reason("form.not_an_option", value=str(answer), options=", ".join(context.options))


def _choices(answer: object, context: Context) -> Found:
    if not isinstance(answer, list):
        yield "", reason("form.not_list")
    elif len(answer) > (limit := max(MAX_ITEMS, len(context.options))):
        yield "", reason("form.too_many", count=len(answer), limit=limit)
    else:
        for value in answer:
            yield from _choice(value, context)
        yield from _repeated([str(value) for value in answer])


def _repeated(names: list[str]) -> Found:
    for name in sorted(name for name, count in Counter(names).items() if count > 1):
        yield "", reason("form.twice", value=name)


def _items(answer: object, keys: Collection[str]) -> Iterator[tuple[int, Mapping[str, object] | Reason]]:
    """Entries of a list by place; what is not an entry comes as its reason, at -1 for the whole list."""
    if not isinstance(answer, list):
        yield -1, reason("form.not_list")
    elif len(answer) > MAX_ITEMS:
        yield -1, reason("form.too_many", count=len(answer), limit=MAX_ITEMS)
    else:
        for place, item in enumerate(answer):
            yield place, item if isinstance(item, Mapping) else reason("form.not_entry", keys=", ".join(keys))


def _indicators(answer: object, context: Context) -> Found:
    ids: list[str] = []
    for place, item in _items(answer, INDICATOR_KEYS):
        if isinstance(item, Reason):
            yield _place(place), item
            continue
        yield from (_under(place, *found) for found in _indicator(item, context))
        ids.append(str(item.get("id") or place))
    yield from _repeated(ids)


def _indicator(item: Mapping[str, object], context: Context) -> Found:
    yield from _keys(item, INDICATOR_KEYS)
    for key in INDICATOR_TEXTS:
        if item.get(key):
            yield from (_under(key, *found) for found in _words(item[key], limit=1000, one_line=False))
        elif context.complete:
            yield key, reason("form.no_unit" if key == "unit" else "form.required")
    sign = item.get("operator")
    if sign is None:
        yield from [("operator", reason("form.required"))] if context.complete else []
    elif sign not in OPERATORS:
        yield "operator", reason("form.not_an_option", value=str(sign), options=" ".join(OPERATORS))
    if item.get("threshold") is None:
        yield from [("threshold", reason("form.required"))] if context.complete else []
    elif decimal_of(item["threshold"]) is None:
        yield "threshold", reason("form.not_number")
    if item.get("baseline") not in (None, "") and decimal_of(item["baseline"]) is None:
        yield "baseline", reason("form.not_number")


def _milestones(answer: object, context: Context) -> Found:
    shares: list[Decimal | None] = []
    for place, item in _items(answer, MILESTONE_KEYS):
        if isinstance(item, Reason):
            yield _place(place), item
            continue
        yield from (_under(place, *found) for found in _milestone(item, context))
        yield from (_under(place, *found) for found in _shows(item.get("indicators"), context))
        shares.append(decimal_of(item.get("share")))
    total = sum((share for share in shares if share is not None), Decimal(0))
    if context.complete and shares and None not in shares and total != 1:
        yield "", reason("form.shares", total=str(total))


def _milestone(item: Mapping[str, object], context: Context) -> Found:
    yield from _keys(item, MILESTONE_KEYS)
    for key in ("title", "deliverable"):
        if item.get(key):
            yield from (_under(key, *found) for found in _words(item[key], limit=2000, one_line=False))
    if context.complete and not item.get("title"):
        yield "title", reason("form.required")
    if context.complete and item.get("month") is None and item.get("due_on") is None:
        yield "month", reason("form.no_due")
    if item.get("due_on") is not None and not _is_date(item["due_on"]):
        yield "due_on", reason("form.not_date")
    month, share = decimal_of(item.get("month")), decimal_of(item.get("share"))
    if item.get("month") is not None and (
        month is None or month != int(month) or not 0 <= month <= MAX_MONTH
    ):
        yield "month", reason("form.not_month")
    if (context.complete or item.get("share") is not None) and (share is None or not 0 <= share <= 1):
        yield "share", reason("form.not_share")


def _shows(given: object, context: Context) -> Found:
    """The indicators that a milestone is to show, by their ids."""
    if given is None:
        return
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        yield "indicators", reason("form.not_list")
        return
    for name in given:
        if context.indicators is not None and name not in context.indicators:
            yield "indicators", reason("form.unknown_indicator", id=name)
    yield from (("indicators", why) for _, why in _repeated(given))


def _promises(answer: object, context: Context) -> Found:
    if not isinstance(answer, Mapping):
        yield "", reason("form.not_promises")
        return
    if len(answer) > MAX_ITEMS:
        yield "", reason("form.too_many", count=len(answer), limit=MAX_ITEMS)
        return
    for name, value in answer.items():
        if context.indicators is not None and name not in context.indicators:
            yield str(name), reason("form.unknown_indicator", id=str(name))
        elif value is not None and value != "" and decimal_of(value) is None:
            yield str(name), reason("form.not_number")
    if context.complete and context.field.required:
        for name in context.indicators or []:
            if answer.get(name) in (None, ""):
                yield name, reason("form.promise_missing", id=name)


def _file(answer: object, _: Context) -> Found:
    named = answer if isinstance(answer, Mapping) else {}
    if not isinstance(named.get("name"), str) or not re.fullmatch(SHA256, str(named.get("sha256"))):
        yield "", reason("form.not_file")


def _keys(item: Mapping[str, object], known: Collection[str]) -> Found:
    for name in item:
        if name not in known:
            yield str(name), reason("form.unknown_field", name=str(name))


def _under(place: str | int, inner: str, why: Reason) -> tuple[str, Reason]:
    return (f"{place}.{inner}" if inner else str(place)), why


def _place(place: int) -> str:
    return "" if place < 0 else str(place)


_KINDS: Mapping[str, Callable[[object, Context], Found]] = {
    "line": _line, "text": _text, "number": _number, "money": _money, "date": _date, "choice": _choice,
    "choices": _choices, "yes_no": _yes_no, "indicators": _indicators, "milestones": _milestones,
    "promises": _promises, "file": _file,
}  # fmt: skip
