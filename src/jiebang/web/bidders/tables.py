"""The tables of a project's page: checks, signatures, milestones, indicators, money, follow-ups."""

from collections.abc import Set
from typing import Any

from django.utils.translation import gettext as _

from jiebang.operations.facts import indicators as wanted_of
from jiebang.rules.schema import Form, Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.forms import answers
from jiebang.web.public import findings, saying
from jiebang.web.public.frame import moment, party
from jiebang.web.site import language_tag, words


def gates(row: Any, book: Rulebook) -> c.DataTable | None:
    """Compliance checks with what was found."""
    rows = [
        [c.Cell(words(book.gates[item.gate].label) if item.gate in book.gates else item.gate),
         c.Cell(part=c.Stamp(_("Settled"), "done") if item.closed_at else c.Stamp(_("Open"), "waiting")),
         c.Cell(" · ".join(part for part in (item.finding, item.reference) if part))]
        for item in row.gates.all()
    ]  # fmt: skip
    columns = [c.Column(label=_("Check")), c.Column(label=_("State")), c.Column(label=_("Finding"))]
    return c.DataTable(columns=columns, rows=rows) if rows else None


def signatures(row: Any, book: Rulebook) -> c.DataTable | None:
    """Who has signed, by whom and when."""
    rows = [
        [
            c.Cell(part=party(item.party.organisation)),
            c.Cell(item.by.name),
            c.Cell(moment(item.at, book=book)),
        ]
        for item in row.signatures.all()
    ]
    columns = [c.Column(label=_("For")), c.Column(label=_("Signed by")), c.Column(label=_("When"))]
    return c.DataTable(columns=columns, rows=rows) if rows else None


def milestones(row: Any, book: Rulebook, *, where: str, held: Set[str], live: bool) -> c.DataTable | None:
    """Each promised step with its state; the lead reports, the owner accepts."""
    rows = [
        _milestone(item, book, where, held, live)
        for item in sorted(row.milestones.all(), key=lambda item: item.order)
    ]
    columns = [
        c.Column(label=_("Milestone")),
        c.Column(label=_("Due")),
        c.Column(label=_("State")),
        c.Column(label=_("What was said")),
    ]
    return c.DataTable(columns=columns, rows=rows) if rows else None


def indicators(row: Any) -> c.DataTable | None:
    """What was asked, what was promised, what was last measured."""
    return findings.table(row, promised=findings.promises(row))


def instalments(row: Any) -> c.DataTable | None:
    """Each share of the money: waiting, due, paid."""
    rows = [
        [c.Cell(words(item.label)), c.Cell(saying.amount_of(item.amount, row.currency)), c.Cell(part=_paid(item)),
         c.Cell(formats.date(item.paid_on, lang=language_tag()) if item.paid_on else "")]
        for item in sorted(row.instalments.all(), key=lambda item: item.order)
    ]  # fmt: skip
    columns = [
        c.Column(label=_("Instalment")),
        c.Column(label=_("Amount"), number=True),
        c.Column(label=_("State")),
        c.Column(label=_("Paid on")),
    ]
    return c.DataTable(columns=columns, rows=rows) if rows else None


def validation(row: Any, book: Rulebook) -> list[tuple[str, c.Answers]]:
    """The owner's signed word, answer by answer."""
    form = book.forms.get("validation")
    if not hasattr(row, "validation") or form is None:
        return []
    return list(answers.by_step(form, row.validation.content, book=book, indicators=wanted_of(row.challenge)))


def follow_ups(row: Any, book: Rulebook, *, where: str, owner: bool) -> c.DataTable | None:
    """The months after validation with what the owner said."""
    rows = []
    for item in sorted(row.follow_ups.all(), key=lambda item: item.month):
        url = f"{where}follow-up/{item.month}/" if owner and not item.at else ""
        rows.append([
            c.Cell(saying.after_months(item.month), url), c.Cell(formats.date(item.due_on, lang=language_tag())),
            c.Cell(part=saying.use_stamp(item)),
            c.Cell(saying.use_said(item.content) or _told(item.content, book.forms.get("follow_up"))),
        ])  # fmt: skip
    columns = [
        c.Column(label=_("Follow-up")),
        c.Column(label=_("Due")),
        c.Column(label=_("State")),
        c.Column(label=_("What was said")),
    ]
    return c.DataTable(columns=columns, rows=rows) if rows else None


def _milestone(item: Any, book: Rulebook, where: str, held: Set[str], live: bool) -> list[c.Cell]:
    state = c.Stamp(_("To come"), "waiting")
    if item.accepted_at:
        state = c.Stamp(_("Accepted"), "done")
    elif item.reported_at:
        state = c.Stamp(_("Reported"), "deciding")
    acts = "lead" in held or ("owner" in held and item.reported_at and not item.accepted_at)
    url = f"{where}milestones/{item.order}/" if live and acts and not item.accepted_at else ""
    due = formats.date(item.due_on, lang=language_tag()) if item.due_on else ""
    said = " · ".join(part for part in (_told(item.report, book.forms.get("milestone")), item.remark) if part)
    return [c.Cell(f"{item.order}. {words(item.title)}", url), c.Cell(due), c.Cell(part=state), c.Cell(said)]


def _told(content: Any, form: Form | None) -> str:
    """The first text of a report, for a table."""
    for name, field in (form.fields if form else {}).items():
        if field.kind == "text" and content.get(name):
            return saying.plainly(content[name])
    return ""


def _paid(item: Any) -> c.Stamp:
    if item.paid_on:
        return c.Stamp(_("Paid"), "done")
    return c.Stamp(_("Due"), "open") if item.due_since else c.Stamp(_("Not due yet"), "waiting")
