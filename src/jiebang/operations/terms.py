"""What an agreement is drawn from: the project's parties, promises, money, statement and checks as the records have them."""

from collections.abc import Iterator, Mapping
from typing import Any

from jiebang.decisions.agreement import Cell, Side, Table, Terms
from jiebang.decisions.money import Money
from jiebang.operations.facts import indicators
from jiebang.operations.signatories import parties_of
from jiebang.operations.statements import texts_of
from jiebang.operations.things import book_of
from jiebang.records.agreements.queries import alignment_of
from jiebang.records.bundles import sent_content
from jiebang.records.people.models import Party
from jiebang.records.projects.models import GateCheck, Project
from jiebang.rules.form_values import SIGNS, decimal_of
from jiebang.rules.schema import FormName, Gate, Rulebook


def terms_of(project: Project, *, version: int) -> Terms:
    """Everything that the agreement of a project says, at this moment."""
    content: Mapping[str, Any] = sent_content(project.bid)
    sides = [_side(party, role) for party, role in parties_of(project).items()]
    amount = Money(project.amount, project.currency) if project.amount is not None else None
    return Terms(
        number=project.number, version=version, challenge=project.challenge.title, sides=sides,
        modes={str(mode) for mode in content.get("modes") or ()}, amount=str(amount or ""),
        months=str(content.get("duration_months") or ""),
        lead_person=project.bid.lead_person.name if project.bid.lead_person else "",
        annexes=[table for table in _annexes(project) if table.rows],
    )  # fmt: skip


def _annexes(project: Project) -> Iterator[Table]:
    yield _indicators(project)
    milestones: list[list[Cell]] = [
        [str(row.order), row.title, str(row.due_on or "–")] for row in project.milestones.order_by("order")
    ]
    yield Table(
        title="agreement.milestones",
        columns=("agreement.number", "agreement.milestone", "agreement.due"),
        rows=milestones,
    )
    parts: list[list[Cell]] = [
        [row.label, str(Money(row.amount, project.currency))] for row in project.instalments.order_by("order")
    ]
    yield Table(
        title="agreement.instalments", columns=("agreement.instalment", "agreement.amount"), rows=parts
    )
    yield from _statement(project)
    yield _checks(project)


def _indicators(project: Project) -> Table:
    told = ("name", "unit", "test_method", "data_place", "tester")
    rows: list[list[Cell]] = []
    for item in indicators(project.challenge):
        name, unit, *rest = (texts_of(item.get(key)) or "–" for key in told)
        rows.append([name, threshold(item), unit, *rest])
    codes = ("indicator", "threshold", "unit", "method", "data_place", "tester")
    return Table(title="agreement.indicators", columns=[f"agreement.{code}" for code in codes], rows=rows)


def threshold(item: Mapping[str, object]) -> str:
    """`≤ 3`: when an indicator is reached."""
    sign, number = str(item.get("operator") or ""), decimal_of(item.get("threshold"))
    value = str(item.get("threshold") or "") if number is None else f"{number.normalize():f}"
    return f"{SIGNS.get(sign, sign)} {value}".strip()


def _statement(project: Project) -> Iterator[Table]:
    found, book = alignment_of(project), book_of(project)
    if found is None:
        return
    yield Table(title="agreement.statement", columns=("agreement.question", "agreement.answer"),
                rows=_answers(book, "alignment", found.content))  # fmt: skip
    names = {party.slug: names_of(party) for party in parties_of(project)}
    rows = [
        [names.get(slug, slug), *row]
        for slug, said in sorted(found.parts.items())
        for row in _answers(book, "contribution", said)
    ]
    columns = ("agreement.party", "agreement.question", "agreement.answer")
    yield Table(title="agreement.contributions", columns=columns, rows=rows)


def _answers(book: Rulebook, name: FormName, content: Mapping[str, Any]) -> list[list[Cell]]:
    form = book.forms.get(name)
    return [
        [field.label, _said(content[key], statement=field.kind in ("line", "text"))]
        for key, field in (form.fields if form else {}).items()
        if content.get(key) not in (None, "", [], {})
    ]


def _said(answer: object, *, statement: bool) -> Cell:
    if statement:
        return texts_of(answer)
    return ", ".join(map(str, answer)) if isinstance(answer, list) else str(answer)


def _checks(project: Project) -> Table:
    closed = project.gates.exclude(closed_at=None).order_by("pk")
    codes = ("check", "finding", "reference", "list")
    rows = [_check(row, book_of(project).gates.get(row.gate)) for row in closed]
    return Table(title="agreement.checks", columns=[f"agreement.{code}" for code in codes], rows=rows)


def _check(row: GateCheck, rule: Gate | None) -> list[Cell]:
    found: Cell = rule.findings[row.found].label if rule and row.found in rule.findings else row.finding
    return [rule.label if rule else row.gate, found, row.reference or "–", row.list_version or "–"]


def _side(party: Party, role: str) -> Side:
    return Side(slug=party.slug, role=role, names=names_of(party), country=party.organisation.country)


def names_of(party: Party) -> dict[str, str]:
    """What an organisation is called, by language."""
    return dict(party.organisation.names or {"en": party.organisation.name})
