"""The acceptance report of a project: who, what was promised and wanted, the value that counted, and who accepted it when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jiebang.decisions.agreement import Cell, Side, Table, Texts
from jiebang.decisions.report import (
    NONE,
    Report,
    Section,
    answer,
    beside,
    drawn,
    languages_of,
    name,
    told,
    with_unit,
)
from jiebang.rules.schema import Rulebook


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A file behind a value, with the hash that it had when the value was given."""

    name: str
    sha256: str
    made_by: str
    made_on: str


@dataclass(frozen=True, kw_only=True)
class Judged:
    """An indicator on the day of acceptance. `changed`: the row or its files are no longer what was signed."""

    name: Texts
    unit: Texts
    wanted: str
    promised: str
    value: str
    met: bool | None
    kept: bool | None
    role: str
    by: str
    on: str
    method: Texts
    proofs: Sequence[Proof] = ()
    changed: bool = False


@dataclass(frozen=True, kw_only=True)
class Step:
    """A milestone; days as ISO 8601, a dash where there is none."""

    order: int
    title: Texts
    due: str
    reported: str
    accepted: str
    by: str


@dataclass(frozen=True, kw_only=True)
class Disputed:
    """A value that was disputed and decided by the day of acceptance."""

    order: int
    indicator: Texts
    unit: Texts
    value: str
    why: str
    anew: str
    stands: str
    decision: str
    by: str
    on: str


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """What the report is drawn from; `grade` is empty where the rulebook has none."""

    number: str
    challenge: Texts
    on: str
    by: str
    sides: Sequence[Side]
    grade: Texts
    judged: Sequence[Judged]
    steps: Sequence[Step]
    disputes: Sequence[Disputed]


def report(found: Accepted, book: Rulebook) -> dict[str, Any]:
    """The acceptance report in the languages of the programme's papers."""
    tags = languages_of(book)
    facts: list[tuple[Texts, Cell]] = [
        (told(f"agreement.role_{side.role}", tags), name(side.names, tags)) for side in found.sides
    ]
    facts += [(told("report.accepted_on", tags), found.on), (told("report.accepted_by", tags), found.by)]
    if found.grade:
        facts.append((told("report.grade", tags), beside(found.grade, tags)))
    return drawn(
        Report(
            kind="acceptance", number=found.number, on=found.on, title=told("report.acceptance", tags),
            about=found.challenge, facts=facts, sections=list(_sections(found, tags)),
        ),
        tags,
    )  # fmt: skip


def _sections(found: Accepted, tags: Sequence[str]) -> Iterator[Section]:
    met = sum(item.met is True for item in found.judged)
    texts = [told("report.met_of", tags, met=met, count=len(found.judged))]
    if any(item.changed for item in found.judged):
        texts.append(told("report.changed", tags))
    result = Table(title="report.counts", columns=_heads("indicator", "wanted", "promised", "counted", "measured_by",
                   "on", "as_wanted", "as_promised"), rows=[_judged(item, tags) for item in found.judged])  # fmt: skip
    yield Section(heading=told("report.result", tags), texts=texts, tables=[result, _methods(found, tags)])
    proofs = Table(title="report.files", columns=_heads("indicator", "file", "made_by", "on", "sha256"),
                   rows=list(_proofs(found, tags)))  # fmt: skip
    texts = [] if proofs.rows else [told("report.no_evidence", tags)]
    yield Section(heading=told("report.evidence", tags), texts=texts, tables=[proofs])
    yield from _way(found, tags)


def _way(found: Accepted, tags: Sequence[str]) -> Iterator[Section]:
    steps = Table(title="report.steps", columns=_heads("no", "milestone", "due", "reported", "accepted", "by"), rows=[
        [str(row.order), beside(row.title, tags), row.due, row.reported, row.accepted, row.by] for row in found.steps
    ])  # fmt: skip
    yield Section(heading=told("report.milestones", tags), tables=[steps])
    disputes = Table(
        title="report.decided",
        columns=_heads("no", "indicator", "disputed", "why", "anew", "stands", "decision", "on", "by"),
        rows=[_disputed(row, tags) for row in found.disputes],
    )
    texts = [] if found.disputes else [told("report.no_dispute", tags)]
    yield Section(heading=told("report.disputes", tags), texts=texts, tables=[disputes])


def _heads(*names: str) -> list[str]:
    return [f"report.{name}" for name in names]


def _judged(item: Judged, tags: Sequence[str]) -> list[Cell]:
    role: Cell = told(f"report.role_{item.role}", tags) if item.role else NONE
    if item.by and not isinstance(role, str):
        role = {lang: f"{word}: {item.by}" for lang, word in role.items()}
    mark = " *" if item.changed else ""
    return [
        beside(item.name, tags), with_unit(item.wanted, item.unit, tags), with_unit(item.promised, item.unit, tags),
        with_unit(f"{item.value}{mark}", item.unit, tags), role, item.on, answer(item.met, tags), answer(item.kept, tags),
    ]  # fmt: skip


def _methods(found: Accepted, tags: Sequence[str]) -> Table:
    rows = [[beside(item.name, tags), beside(item.method, tags)] for item in found.judged if item.method]
    return Table(title="report.methods", columns=_heads("indicator", "method"), rows=rows)


def _proofs(found: Accepted, tags: Sequence[str]) -> Iterator[list[Cell]]:
    for item in found.judged:
        for file in item.proofs:
            yield [beside(item.name, tags), file.name, file.made_by, file.made_on, file.sha256]


def _disputed(row: Disputed, tags: Sequence[str]) -> list[Cell]:
    value, anew = (with_unit(number, row.unit, tags) for number in (row.value, row.anew))
    stands = told(f"report.stands_{row.stands}", tags)
    return [
        str(row.order), beside(row.indicator, tags), value, row.why, anew, stands, row.decision, row.on, row.by
    ]  # fmt: skip
