"""A validated project as a case: from need to use, in its owner's words, there and elsewhere, with every figure's source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jiebang.decisions.agreement import Cell, Table, Texts
from jiebang.decisions.report import (
    NONE,
    Report,
    Section,
    Statement,
    answer,
    beside,
    drawn,
    languages_of,
    name,
    told,
    with_unit,
)
from jiebang.rules.schema import Rulebook

Row = tuple[Texts, Cell]


@dataclass(frozen=True, kw_only=True)
class Place:
    """An organisation with its names by language, and its country's."""

    names: Texts
    country: Texts


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An indicator at the origin: what was wanted and promised, the value that counts, who measured it on which day and how."""

    name: Texts
    unit: Texts
    wanted: str
    promised: str
    value: str
    met: bool | None
    kept: bool | None
    role: str
    on: str
    method: Texts


@dataclass(frozen=True, kw_only=True)
class Beside:
    """An indicator at a copy beside its origin; `verdict` says better, worse, the same, or why the two are not compared."""

    name: Texts
    origin: Cell
    here: Cell
    difference: Cell
    relative: str
    verdict: Cell
    side: str
    on: str


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A copy to which its owner agreed, `since` when it is in its state; what its adaptations cost, and their days of work."""

    number: str
    owner: Place
    state: str
    since: str
    days_to_use: int | None
    rows: Sequence[Row]
    statements: Sequence[Statement]
    compared: Sequence[Beside]
    cost: str
    work: int


@dataclass(frozen=True, kw_only=True)
class Gain:
    """Who gains from a copy and how, as of which day; `basis` is announced, signed, paid or nothing."""

    who: Texts
    how: Texts
    amount: str
    basis: str
    on: str
    where: Texts


@dataclass(frozen=True, kw_only=True)
class Use:
    """A follow-up: `status` is in_use, partly, paused, not_in_use, or to_come while nobody has answered."""

    month: int
    due: str
    status: str
    said: Texts
    on: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """What the case is drawn from, as of the day `on`; days as ISO 8601."""

    number: str
    challenge: str
    title: Texts
    on: str
    owner: Place
    lead: Place
    need: Sequence[Statement]
    needed_on: str
    validated_on: str
    days: int | None
    sha256: str
    shown: Sequence[Shown]
    rows: Sequence[Row]
    statements: Sequence[Statement]
    copies: Sequence[Copy]
    gains: Sequence[Gain]
    uses: Sequence[Use]


def report(found: Case, book: Rulebook) -> dict[str, Any]:
    """The case in the languages of the programme's papers; what people said also in the language in which they said it."""
    tags = languages_of(book)
    return drawn(
        Report(
            kind="case", number=found.number, on=found.on, title=told("report.case", tags), about=found.title,
            facts=list(_facts(found, tags)), sections=list(_sections(found, tags)),
        ),
        tags,
    )  # fmt: skip


def _facts(found: Case, tags: Sequence[str]) -> Iterator[Row]:
    yield told("agreement.role_owner", tags), _place(found.owner, tags)
    yield told("agreement.role_lead", tags), _place(found.lead, tags)
    yield told("report.challenge", tags), found.challenge
    yield told("report.needed_on", tags), found.needed_on
    yield told("report.validated_on", tags), found.validated_on
    if found.days is not None:
        yield told("report.days", tags), str(found.days)
    yield told("report.places", tags), str(1 + sum(copy.state == "confirmed" for copy in found.copies))
    yield told("report.sha256_signed", tags), found.sha256
    yield told("report.as_of", tags), found.on


def _sections(found: Case, tags: Sequence[str]) -> Iterator[Section]:
    yield Section(heading=told("report.need", tags), statements=found.need)
    rows = [_shown(item, tags) for item in found.shown]
    heads = ("indicator", "wanted", "promised", "counted", "measured_by", "on", "as_wanted", "as_promised")
    methods = [[beside(item.name, tags), beside(item.method, tags)] for item in found.shown if item.method]
    yield Section(heading=told("report.result", tags), tables=[
        _table("counts", heads, rows), _table("methods", ("indicator", "method"), methods),
    ])  # fmt: skip
    signed = told("report.signed", tags, day=found.validated_on)
    answers = _table("answers", ("asked", "answered"), [[label, value] for label, value in found.rows])
    yield Section(
        heading=told("report.owner_says", tags), texts=[signed], statements=found.statements, tables=[answers]
    )
    if not found.copies:
        yield Section(heading=told("report.elsewhere", tags), texts=[told("report.no_copy", tags)])
    for copy in found.copies:
        yield _copy(copy, tags)
    yield from _after(found, tags)


def _after(found: Case, tags: Sequence[str]) -> Iterator[Section]:
    gains: list[list[Cell]] = [
        [name(row.who, tags), beside(row.how, tags), row.amount,
         told(f"report.basis_{row.basis}", tags) if row.basis else NONE, row.on, beside(row.where, tags)]
        for row in found.gains
    ]  # fmt: skip
    if gains:
        heads = ("who", "how", "amount", "basis", "as_of", "where")
        yield Section(heading=told("report.gains", tags), tables=[_table("gain", heads, gains)])
    uses: list[list[Cell]] = [
        [told("report.month", tags, n=row.month), row.due, told(f"report.use_{row.status}", tags), beside(row.said, tags), row.on]
        for row in found.uses
    ]  # fmt: skip
    if uses:
        asked = ("follow_up", "due", "in_use", "said", "on")
        yield Section(heading=told("report.still", tags), tables=[_table("uses", asked, uses)])


def _copy(copy: Copy, tags: Sequence[str]) -> Section:
    state = told(f"report.state_{copy.state}", tags)
    texts = [{lang: f"{copy.number} · {state[lang]} · {copy.since}" for lang in tags}]
    if copy.days_to_use is not None:
        texts.append(told("report.days_to_use", tags, n=copy.days_to_use))
    if copy.cost:
        texts.append(told("report.cost", tags, what=copy.cost))
    if copy.work:
        texts.append(told("report.work", tags, n=copy.work))
    heads = ("indicator", "at_origin", "here", "difference", "relative", "compared", "measured_by", "on")
    rows = [_beside(item, tags) for item in copy.compared]
    tables = [
        _table("comparison", heads, rows),
        _table("answers", ("asked", "answered"), [[label, value] for label, value in copy.rows]),
    ]
    return Section(heading=_place(copy.owner, tags), texts=texts, statements=copy.statements, tables=tables)


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table:
    return Table(title=f"report.{title}", columns=[f"report.{head}" for head in heads], rows=rows)


def _place(place: Place, tags: Sequence[str]) -> dict[str, str]:
    return name(place.names, tags, place=place.country)


def _shown(item: Shown, tags: Sequence[str]) -> list[Cell]:
    numbers = (with_unit(number, item.unit, tags) for number in (item.wanted, item.promised, item.value))
    role: Cell = told(f"report.role_{item.role}", tags) if item.role else NONE
    return [
        beside(item.name, tags), *numbers, role, item.on, answer(item.met, tags), answer(item.kept, tags)
    ]  # fmt: skip


def _beside(item: Beside, tags: Sequence[str]) -> list[Cell]:
    side: Cell = told(f"report.side_{item.side}", tags) if item.side else NONE
    return [
        beside(item.name, tags), item.origin, item.here, item.difference, item.relative, item.verdict, side, item.on
    ]  # fmt: skip
