"""What an agreement is drawn from: the project's parties, promises, money, statement and checks as the records have them."""

from collections.abc import Iterator, Mapping
from typing import Any

from jiebang.decisions.agreement import Cell, Side, Table, Terms
from jiebang.decisions.money import Money
from jiebang.operations.facts import indicators
from jiebang.operations.statements import texts_of
from jiebang.operations.things import ACCEPTED, book_of
from jiebang.records.agreements.queries import alignment_of
from jiebang.records.bundles import sent_content
from jiebang.records.people.models import Party
from jiebang.records.projects.models import GateCheck, Project
from jiebang.rules.schema import FormName, Gate, Rulebook


def sides(project: Project) -> list[Side]:
    """The parties in the order in which the agreement names them: lead, partners that accepted, owners."""
    need, consortium = project.challenge.need, project.bid.consortium
    partners = [
        row.partner
        for row in consortium.invitations.select_related("partner__organisation")
        if row.status == ACCEPTED
    ]
    owners = [need.owner, *need.co_owners.select_related("organisation")]
    return [
        _side(consortium.lead, "lead"),
        *(_side(party, "partner") for party in partners),
        *(_side(party, "owner") for party in owners),
    ]


def roles_of_parties(project: Project) -> dict[int, str]:
    """Party -> lead, partner or owner; a party in two roles signs in the first."""
    need, consortium = project.challenge.need, project.bid.consortium
    partners = [row.partner_id for row in consortium.invitations.all() if row.status == ACCEPTED]
    owners = [need.owner_id, *(party.pk for party in need.co_owners.all())]
    found = {consortium.lead_id: "lead"}
    for party, role in (*((one, "partner") for one in partners), *((one, "owner") for one in owners)):
        found.setdefault(party, role)
    return found


def terms_of(project: Project, *, version: int) -> Terms:
    """Everything that the agreement of a project says, at this moment."""
    content: Mapping[str, Any] = sent_content(project.bid)
    amount = Money(project.amount, project.currency) if project.amount is not None else None
    return Terms(
        number=project.number, version=version, challenge=project.challenge.title, sides=sides(project),
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
    rows: list[list[Cell]] = [
        [texts_of(item.get("name")), f"{item.get('operator')} {item.get('threshold')}", texts_of(item.get("unit")) or "–",
         texts_of(item.get("test_method")) or "–", texts_of(item.get("tester")) or "–"]
        for item in indicators(project.challenge)
    ]  # fmt: skip
    codes = ("indicator", "threshold", "unit", "method", "tester")
    return Table(title="agreement.indicators", columns=[f"agreement.{code}" for code in codes], rows=rows)


def _statement(project: Project) -> Iterator[Table]:
    found, book = alignment_of(project), book_of(project)
    if found is None:
        return
    yield Table(title="agreement.statement", columns=("agreement.question", "agreement.answer"),
                rows=_answers(book, "alignment", found.content))  # fmt: skip
    names = {side.slug: side.names for side in sides(project)}
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
    organisation = party.organisation
    names = organisation.names or {"en": organisation.name}
    return Side(slug=party.slug, role=role, names=names, country=organisation.country)
