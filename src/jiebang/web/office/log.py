"""`/log/`: the journal as a list, an entry with its receipt, the whole as a file, and whether it holds."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.operations.names import Event
from jiebang.records.journal.queries import entries, entry_of, export_lines, faults, head, receipt_text
from jiebang.records.journal.reading import readable_entries
from jiebang.records.people.office import person_called
from jiebang.records.people.queries import person_by_email
from jiebang.records.programme.office import find_version
from jiebang.rules.reasons import Reason
from jiebang.web import components as c
from jiebang.web.acting import render_reason
from jiebang.web.desk.gate import only
from jiebang.web.desk.waiting import ROOMS
from jiebang.web.office import cells
from jiebang.web.office.tables import Col, Table, choice, given, page
from jiebang.web.site import reader_of

if TYPE_CHECKING:
    from jiebang.records.journal.models import JournalEntry

READERS = ("auditor", "administrator", "officer", "second_officer")
WHOLE = ("auditor",)  # every line at once also names the bids that are still sealed
ZONE = "Asia/Shanghai"


@only(*READERS)
def log(request: HttpRequest) -> HttpResponse:
    """Entries by subject, event, actor and time, newest first: those on things that the reader may know of."""
    rows = entries(
        subject=given(request, "subject") or None, event=given(request, "event") or None,
        actor=_actor(given(request, "actor")), since=_since(given(request, "since")),
    )  # fmt: skip
    rows = rows.filter(pk__in=_open_to(request))
    if until := _since(given(request, "until")):
        rows = rows.filter(at__lt=until)
    columns = [
        Col(key="seq", label=_("Entry"), number=False, value=lambda r: r.pk, sort="seq",
            cell=cells.linked(lambda r: str(r.pk), lambda r: f"/log/{r.pk}/")),
        Col(key="at", label=_("When"), value=lambda r: r.at, cell=lambda r: c.Cell(cells.moment(r.at, ZONE)), sort="at"),
        Col(key="event", label=_("Event"), value=lambda r: r.event, sort="event"),
        Col(key="subject", label=_("Subject"), value=lambda r: r.subject, sort="subject",
            cell=lambda r: c.Cell(r.subject, f"/log/?subject={r.subject}")),
        Col(key="actor", label=_("Actor"), value=lambda r: r.actor, sort="actor",
            cell=lambda r: c.Cell(r.actor[:12], f"/log/?actor={r.actor}")),
        Col(key="leaf", label=_("Fingerprint"), value=lambda r: r.leaf, cell=lambda r: c.Cell(r.leaf[:12])),
    ]  # fmt: skip
    areas = {f"{name.split(':')[0]}:": name.split(":")[0] for name in sorted(Event)}
    events = {**areas, **{name.value: name.value for name in sorted(Event)}}
    return page(request, Table(
        name="journal", title=_("Journal"), rows=rows, columns=columns, order=("-seq",), empty=_("Nothing has happened yet."),
        next=_("Everything that was done, in order, each entry sealed by the one before. It only grows.") + _sealed(request),
        fields=[
            c.Field(name="subject", label=_("Subject"), value=given(request, "subject"), help=_("such as challenge:GX-2026-001")),
            choice(request, "event", _("Event"), events),
            c.Field(name="actor", label=_("Actor (pseudonym or e-mail)"), value=given(request, "actor")),
            c.Field(name="since", label=_("From"), kind="date", value=given(request, "since"), short=True),
            c.Field(name="until", label=_("Before"), kind="date", value=given(request, "until"), short=True),
        ],
        actions=_ways(request),
    ))  # fmt: skip


@only(*READERS)
def entry(request: HttpRequest, seq: int) -> HttpResponse:
    """One entry: what happened, who did it, what it commits to, how it is chained."""
    row = _row(request, seq)
    read = entry_of(row)
    items: list[tuple[str, Any]] = [
        (_("When"), cells.moment(row.at, ZONE)), (_("Event"), row.event), (_("Subject"), _subject(row.subject)),
        (_("Actor"), _name(row.actor)), (_("Rulebook"), _book(row.rulebook)), (_("Fingerprint"), row.leaf),
    ]  # fmt: skip
    parts = {
        "crumbs": c.Breadcrumbs(
            links=[c.Link(_("My desk"), "/desk/"), c.Link(_("Journal"), "/log/")], here=str(seq)
        ),
        "intro": c.Intro(
            title=_("Entry %(n)s") % {"n": seq},
            kicker=f"{row.event} · {row.subject}",
            next=_(
                "What is personal stands here only as a commitment; the receipt proves the entry without this server."
            ),
        ),
        "facts": c.Facts(items=items),
        "body": [(name, _shown(value)) for name, value in read.body.items()],
        "line": row.line,
        "receipt": f"/log/{seq}/receipt.json",
        "before": _neighbour(_open_to(request).filter(pk__lt=seq).order_by("-pk")),
        "after": _neighbour(_open_to(request).filter(pk__gt=seq).order_by("pk")),
    }
    return render(request, "office/entry.html", parts)


@only(*READERS)
def receipt(request: HttpRequest, seq: int) -> HttpResponse:
    """The receipt of an entry, to be verified anywhere with `jiebang verify`."""
    response = HttpResponse(receipt_text(_row(request, seq).pk), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{seq}.json"'
    return response


@only(*WHOLE)
def whole(request: HttpRequest) -> StreamingHttpResponse:
    """`journal.jsonl`: every line as it was hashed, up to the present head."""
    last, _leaf = head()
    response = StreamingHttpResponse(export_lines(upto=last), content_type="application/jsonl")
    response.headers["Content-Disposition"] = 'attachment; filename="journal.jsonl"'
    return response


@only(*READERS)
def verify(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain now and say what was found."""
    found, (last, leaf) = faults(), head()
    good = not found
    title = _("The journal holds") if good else _("The journal does not hold")
    values = {"n": last, "leaf": leaf[:16]}
    said = (
        _("%(n)s entries, each sealed by the one before; head %(leaf)s.") % values
        if good
        else _("Look at the faults below, and restore from a backup.")
    )
    parts = {
        "crumbs": c.Breadcrumbs(
            links=[c.Link(_("My desk"), "/desk/"), c.Link(_("Journal"), "/log/")], here=_("Verify")
        ),
        "intro": c.Intro(
            title=title,
            next=said,
            stamp=c.Stamp(_("Verified"), "done") if good else c.Stamp(_("Broken"), "stopped"),
        ),
        "above": [
            (
                "",
                [
                    c.Banner(
                        text=f"{fault.line}: {render_reason(Reason(fault.code, dict(fault.params)))}",
                        tone="error",
                    )
                    for fault in found[:100]
                ],
            )
        ],
    }
    return render(request, "office/reading.html", parts)


def _open_to(request: HttpRequest) -> "QuerySet[JournalEntry]":
    """A bid that is still sealed is not betrayed by its entries."""
    return readable_entries(reader=reader_of(request))


def _sealed(request: HttpRequest) -> str:
    """Why fewer entries are listed than the head of the journal counts."""
    hidden = head()[0] - _open_to(request).count()
    if not hidden:
        return ""
    told = ngettext(
        "%(n)s entry is about a bid that is still sealed and is not listed.",
        "%(n)s entries are about bids that are still sealed and are not listed.",
        hidden,
    )
    return " " + told % {"n": hidden}


def _row(request: HttpRequest, seq: int) -> "JournalEntry":
    row = _open_to(request).filter(pk=seq).first()
    if row is None:
        raise Http404
    return row


def _neighbour(rows: "QuerySet[JournalEntry]") -> str:
    seq = rows.values_list("pk", flat=True).first()
    return f"/log/{seq}/" if seq else ""


def _ways(request: HttpRequest) -> list[c.Link]:
    export = [c.Link(_("Export the whole journal"), "/log/journal.jsonl")]
    mine = export if reader_of(request).roles & set(WHOLE) else []
    return [c.Link(_("Verify now"), "/log/verify/"), *mine, c.Link(_("Decisions"), "/log/decisions/")]


def _since(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)) if text else None
    except ValueError:
        return None
    return at if at and 1900 <= at.year <= 2200 else None


def _actor(text: str) -> str | None:
    if "@" not in text:
        return text or None
    person = person_by_email(text)
    return person.pseudonym if person else text


def _name(pseudonym: str) -> str:
    person = person_called(pseudonym)
    return f"{person.name} ({pseudonym[:12]})" if person else pseudonym


def _subject(subject: str) -> c.Part | str:
    kind, _colon, number = subject.partition(":")
    if kind in ROOMS:
        return c.EvidenceItem(title=subject, url=f"/office/{ROOMS[kind]}/{number}/")  # type: ignore[index]
    return subject


def _book(digest: str) -> str:
    version = find_version(digest)
    return f"{version} · {digest[:12]}" if version else "–"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_shown(item)}" for key, item in value.items())
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value is None or value == "":
        return "–"
    return ", ".join(map(_shown, value)) if isinstance(value, list) else str(value)
