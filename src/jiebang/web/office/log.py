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
from jiebang.records.journal.queries import entries, entry_of, faults, head, receipt_text
from jiebang.records.journal.reading import (
    entries_by,
    may_open,
    opens_all,
    published_lines,
    readable_entries,
)
from jiebang.records.people.office import person_called
from jiebang.records.people.queries import person_by_email
from jiebang.records.people.roles import CASE_READERS, STAFF
from jiebang.records.programme.office import find_version
from jiebang.records.programme.queries import programme_zone
from jiebang.rules.reasons import Reason
from jiebang.web import components as c
from jiebang.web.acting import render_reason
from jiebang.web.desk.gate import for_roles, only
from jiebang.web.desk.waiting import ROOMS
from jiebang.web.office import cells
from jiebang.web.office.tables import Col, Table, choice, given, page
from jiebang.web.site import reader_of

if TYPE_CHECKING:
    from jiebang.records.access import Reader
    from jiebang.records.journal.models import JournalEntry

WHOLE = ("auditor",)  # every line at once also names the bids that are still sealed


@only(*STAFF)
def log(request: HttpRequest) -> HttpResponse:
    """Entries by subject, event, actor and time, newest first: those on things that the reader may know of."""
    who = reader_of(request)
    rows = entries(
        subject=given(request, "subject") or None, event=given(request, "event") or None,
        since=_since(given(request, "since")),
    )  # fmt: skip
    actor = _actor(given(request, "actor"))
    rows = rows.filter(pk__in=entries_by(actor, reader=who) if actor else _open_to(request))
    if until := _since(given(request, "until")):
        rows = rows.filter(at__lt=until)
    zone = programme_zone()
    columns = [
        Col(key="seq", label=_("Entry"), number=False, value=lambda r: r.pk, sort="seq",
            cell=cells.linked(lambda r: str(r.pk), lambda r: f"/log/{r.pk}/")),
        Col(key="at", label=_("When"), value=lambda r: r.at, cell=lambda r: c.Cell(cells.moment(r.at, zone)), sort="at"),
        Col(key="event", label=_("Event"), value=lambda r: r.event, sort="event"),
        Col(key="subject", label=_("Subject"), value=lambda r: r.subject, sort="subject",
            cell=lambda r: c.Cell(r.subject, f"/log/?subject={r.subject}")),
        _actor_column(who),
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


@only(*STAFF)
def entry(request: HttpRequest, seq: int) -> HttpResponse:
    """One entry: what happened, who did it, what it commits to, how it is chained."""
    row = _row(request, seq)
    opened = may_open(row, reader=reader_of(request))
    items: list[tuple[str, Any]] = [
        (_("When"), cells.moment(row.at, programme_zone())), (_("Event"), row.event),
        (_("Subject"), _subject(request, row.subject)),
        *([(_("Actor"), _name(row.actor))] if opened else []),
        (_("Rulebook"), _book(row.rulebook)), (_("Fingerprint"), row.leaf),
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
        **(_inside(row) if opened else {}),
        "before": _neighbour(_open_to(request).filter(pk__lt=seq).order_by("-pk")),
        "after": _neighbour(_open_to(request).filter(pk__gt=seq).order_by("pk")),
    }
    return render(request, "office/entry.html", parts)


@only(*STAFF)
def receipt(request: HttpRequest, seq: int) -> HttpResponse:
    """The receipt of an entry, to be verified anywhere with `jiebang verify`."""
    row = _row(request, seq)
    if not may_open(row, reader=reader_of(request)):
        raise Http404
    response = HttpResponse(receipt_text(row.pk), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{seq}.json"'
    return response


@only(*WHOLE)
def whole(request: HttpRequest) -> StreamingHttpResponse:
    """`journal.jsonl` up to the present head: lines as they were hashed, of what is still sealed only the hash."""
    last, _leaf = head()
    lines = published_lines(reader=reader_of(request), upto=last)
    response = StreamingHttpResponse(lines, content_type="application/jsonl")
    response.headers["Content-Disposition"] = 'attachment; filename="journal.jsonl"'
    return response


@only(*STAFF)
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


def _inside(row: "JournalEntry") -> dict[str, Any]:
    """What an entry says, for those who may open it."""
    body = [(name, _shown(value)) for name, value in entry_of(row).body.items()]
    return {"opened": True, "body": body, "line": row.line, "receipt": f"/log/{row.pk}/receipt.json"}


def _actor_column(who: "Reader") -> Col:
    """Who acted, where the reader may know; an order by it would show which entries are one person's."""

    def named(row: "JournalEntry") -> str:
        return row.actor if may_open(row, reader=who) else ""

    return Col(
        key="actor", label=_("Actor"), value=named, sort="actor" if opens_all(who) else "",
        cell=lambda r: c.Cell(named(r)[:12], f"/log/?actor={r.actor}" if named(r) else ""),
    )  # fmt: skip


def _neighbour(rows: "QuerySet[JournalEntry]") -> str:
    seq = rows.values_list("pk", flat=True).first()
    return f"/log/{seq}/" if seq else ""


def _ways(request: HttpRequest) -> list[c.Link]:
    return [
        c.Link(_("Verify now"), "/log/verify/"),
        *for_roles(request, WHOLE, c.Link(_("Export the whole journal"), "/log/journal.jsonl")),
        *for_roles(request, CASE_READERS, c.Link(_("Decisions"), "/log/decisions/")),
    ]


def _since(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(programme_zone())) if text else None
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


def _subject(request: HttpRequest, subject: str) -> c.Part | str:
    kind, _colon, number = subject.partition(":")
    if kind in ROOMS and reader_of(request).roles & CASE_READERS:
        return c.EvidenceItem(title=subject, url=f"/office/{ROOMS[kind]}/{number}/")
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
