"""Under `/projects/<number>/indicators/`: record a value with its evidence, look at one, dispute it, decide, name a tester."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.adapters import files
from jiebang.operations.kernel import Done, Outcome, Refused
from jiebang.operations.testing import tests
from jiebang.records.indicators import queries
from jiebang.records.people.queries import organisations
from jiebang.records.people.roles import OFFICERS
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.acting import act, bound, done, summary
from jiebang.web.desk.gate import only
from jiebang.web.forms import reading, uploads
from jiebang.web.office import cells
from jiebang.web.office.one_form import OneForm, radios, select, typed
from jiebang.web.projects.indicators import choices, may_measure
from jiebang.web.projects.measured import Known, role_name, state_of, with_unit
from jiebang.web.projects.money import today_in
from jiebang.web.projects.room import Room, Section, form, head, page, room_or_404
from jiebang.web.public import saying
from jiebang.web.site import language_tag

SHOWN = ("made_by", "made_at", "made_on", "method")


@only()
def measure(request: HttpRequest, number: str) -> HttpResponse:
    """`measure/`: one value of one indicator, with a file that shows it; `?dispute=` is the re-run of the tester."""
    room = room_or_404(request, number)
    if not may_measure(room):
        raise Http404
    asked = _asked(room, request.GET.get("dispute", ""))
    outcome = _measured(request, room, asked) if request.method == "POST" else None
    if isinstance(outcome, Done):
        told = (
            _("Recorded: the indicator is reached.")
            if outcome.answer["met"]
            else _("Recorded: the indicator is missed.")
        )
        return done(request, outcome, text=told, to=f"{room.url}indicators/")
    fields = _fields(room, asked)
    names = {f"evidence.0.{name}": name for name in SHOWN} | {"evidence.0.sha256": "file"}
    parts = {
        "crumbs": _crumbs(room, _("Measured value")),
        "intro": head(room, _("Record a measured value"),
            _("Whether it is reached follows from what the notice asked for. Earlier values stay in the record.")),
        "errors": summary(outcome, fields=fields, names=names), "fields": bound(fields, request.POST, outcome, names=names),
        "button": _("Record the value"), "back": f"{room.url}indicators/",
    }  # fmt: skip
    return render(request, "people/form.html", parts)


@only()
def value(request: HttpRequest, number: str, value: int) -> HttpResponse:
    """`values/<key>/`: who measured what when, on which evidence, and whether that is still what was signed."""
    room, row = _value(request, number, value)
    known = Known.of(room)
    items = [
        (_("Value"), with_unit(row.value, known.rule(row.indicator))), (_("Wanted"), saying.threshold(known.rule(row.indicator))),
        (_("Measured by"), f"{role_name(queries.role_of(row))}: {row.by.name}"),
        (_("When"), cells.moment(row.at, room.book.timezone)), (_("How it was measured"), row.note or "–"),
        (_("State"), state_of(known, row)),
    ]  # fmt: skip
    section = Section(
        heading=known.name(row.indicator),
        id="value",
        texts=_set_aside(known, row),
        parts=[c.Facts(items=items), _evidence(room, row)],
        links=_acts(room, row, known),
    )
    return page(
        request,
        room,
        "indicators",
        next_=_("A value stays as it was recorded."),
        sections=[section],
        banner=_replaced(row, known),
    )


@only()
def file(request: HttpRequest, number: str, value: int, sha256: str) -> HttpResponse:
    """`values/<key>/files/<hash>/`: a file of evidence, handed out only while it is what was signed."""
    _room, row = _value(request, number, value)
    item = next((item for item in row.evidence.all() if item.sha256 == sha256), None)
    if item is None or not files.unchanged(sha256):
        raise Http404
    return uploads.handed_out(sha256, name=item.name)  # type: ignore[return-value]


@only("owner", "lead")
def dispute(request: HttpRequest, number: str, value: int) -> HttpResponse:
    """`values/<key>/dispute/`: the owner or the lead says why a value is wrong."""
    room, row = _value(request, number, value)
    if room.ended or not room.holds("owner", "lead"):
        raise Http404
    known = Known.of(room)
    fields = [c.Field(name="why", label=_("What is wrong with this value"), kind="textarea", maxlength=2000,
                      help=_("Say what was measured differently from what was agreed."))]  # fmt: skip
    title = _("Dispute: %(name)s, %(value)s") % {
        "name": known.name(row.indicator), "value": with_unit(row.value, known.rule(row.indicator)),
    }  # fmt: skip
    return form(
        request,
        room,
        "indicators",
        OneForm(
            operation="dispute_value",
            params=lambda post: {"project": number, "measurement": row.pk, "why": post.get("why", "")},
            fields=fields,
            label=_("Raise the dispute"),
            to=f"{room.url}indicators/",
            intro=head(
                room,
                title,
                _(
                    "The independent tester measures anew, and the office decides. Acceptance and payment wait meanwhile."
                ),
            ),
            said=_("Your dispute is with the office; the tester measures anew."),
        ),
    )


@only()
def decide(request: HttpRequest, number: str, order: int) -> HttpResponse:
    """`disputes/<n>/`: both values side by side; the tester goes on to the re-run, an officer decides."""
    room = room_or_404(request, number)
    row = queries.find_dispute(room.row, order)
    if row is None:
        raise Http404
    known = Known.of(room)
    deciding = bool(room.reader.roles & OFFICERS) and row.status != "decided"
    why_not = [] if row.rerun else [_("The independent tester measures anew first; then it can be decided.")]
    options = {"rerun": _("The value measured anew stands"), "old": _("The disputed value stands")}
    fields = [
        radios("stands", _("Your decision"), options),
        c.Field(name="text", label=_("Why"), kind="textarea", maxlength=2000),
    ]
    wanted = typed("stands", "text")
    return form(
        request,
        room,
        "indicators",
        OneForm(
            operation="decide_dispute",
            params=lambda post: {"project": number, "dispute": order, **wanted(post)},
            fields=fields,
            intro=head(
                room,
                _("Dispute %(n)s: %(name)s") % {"n": order, "name": known.name(row.measurement.indicator)},
                _dispute_next(room, row),
            ),
            above=[("", _sides(known, row)), ("", _rerun_link(room, row))],
            label=_("Decide"),
            why_not=why_not if deciding else [],
            said=_("The dispute is decided."),
            to=f"{room.url}indicators/",
            closed=not deciding,
        ),
    )


@only(*OFFICERS)
def tester(request: HttpRequest, number: str) -> HttpResponse:
    """`tester/`: name the organisation that measures independently; ties that the conflicts room finds refuse it."""
    room = room_or_404(request, number)
    if room.ended:
        raise Http404
    options = {item.party.slug: cells.organisation(item) for item in organisations()[:500]}
    fields = [
        select("organisation", _("Organisation"), dict(sorted(options.items(), key=lambda item: item[1]))),
        c.Field(
            name="why",
            label=_("Why this one"),
            maxlength=500,
            help=_("What it can measure, and how it was chosen."),
        ),
    ]
    wanted = typed("organisation", "why")
    return form(request, room, "indicators", OneForm(
        operation="name_tester", params=lambda post: {"project": number, **wanted(post)}, fields=fields,
        intro=head(room, _("Name an independent tester"),
                   _("An organisation with a tie to the owner, the lead, a partner or another bidder is refused, with the tie.")),
        label=_("Name it"), said=_("The tester is named and was told."), to=f"{room.url}indicators/",
    ))  # fmt: skip


def _value(request: HttpRequest, number: str, key: int) -> tuple[Room, Any]:
    room = room_or_404(request, number)
    row = queries.find_measurement(room.row, key)
    if row is None:
        raise Http404
    return room, row


def _asked(room: Room, given: str) -> Any:
    """The dispute that this value is the re-run of, where the reader tests here."""
    row = queries.find_dispute(room.row, int(given)) if given.isdecimal() else None
    return row if row and row.status == "open" and tests(room.row, room.reader) else None


def _fields(room: Room, asked: Any) -> list[c.Field]:
    known = choices(room)
    if asked:
        known = {key: text for key, text in known.items() if key == asked.measurement.indicator}
    occasions = {
        "milestone": _("at a milestone"),
        "acceptance": _("for acceptance"),
        "validation": _("in daily use"),
    }
    return [
        radios("indicator", _("Indicator"), known, chosen=next(iter(known), "") if len(known) == 1 else ""),
        c.Field(name="value", label=_("Measured value"), short=True, inputmode="decimal"),
        select("occasion", _("Measured"), occasions, chosen="acceptance"),
        c.Field(name="note", label=_("How it was measured"), optional=True, maxlength=500),
        c.Field(
            name="file",
            label=_("Evidence"),
            kind="file",
            optional=True,
            accept=files.ACCEPTED,
            help=uploads.accepted(),
        ),
        c.Field(
            name="made_by",
            label=_("Who made it"),
            optional=True,
            maxlength=200,
            help=_("Needed with a file, as are place, day and method."),
        ),
        c.Field(name="made_at", label=_("Where"), optional=True, maxlength=200),
        c.Field(
            name="made_on",
            label=_("On which day"),
            kind="date",
            short=True,
            optional=True,
            value=today_in(room).isoformat(),
        ),
        c.Field(name="method", label=_("With which method"), optional=True, maxlength=1000),
    ]


def _measured(request: HttpRequest, room: Room, asked: Any) -> Outcome:
    sent = request.POST
    params: dict[str, Any] = {
        "project": room.number, "indicator": sent.get("indicator", ""), "value": str(reading.number(sent.get("value", ""))),
        "note": sent.get("note", "")[:500], "occasion": sent.get("occasion") or "acceptance",
        **({"dispute": asked.order} if asked else {}),
    }  # fmt: skip
    if upload := request.FILES.get("file"):
        kept = uploads.keep(request, upload, organisation=_mine(room))
        if isinstance(kept, tuple):
            return Refused(kept)
        params["evidence"] = [{"sha256": kept["sha256"], **{name: sent.get(name, "") for name in SHOWN}}]
    return act(request, "measure", params)


def _mine(room: Room) -> str:
    """The organisation in whose name the reader measures, as `operations.measuring` takes it."""
    if room.holds("lead"):
        return str(room.row.bid.consortium.lead.slug)
    if party := tests(room.row, room.reader):
        return party.slug
    if room.reader.roles & OFFICERS:
        return next(iter(_slugs(room, *OFFICERS)), "")
    return next(iter(_slugs(room, "owner")), "")


def _slugs(room: Room, *roles: str) -> list[str]:
    mine = room.reader.acting_for(*roles)
    return [item.party.slug for item in organisations().filter(party__in=mine)]


def _evidence(room: Room, row: Any) -> c.Evidence | None:
    lang = language_tag()
    items = [
        c.EvidenceItem(
            title=item.name, url=f"{room.url}indicators/values/{row.pk}/files/{item.sha256}/",
            kind=_("Made by %(who)s, %(where)s") % {"who": item.made_by, "where": item.made_at},
            dates=cells.day(item.made_on), stamp=_same(item),
            note=f"{item.method} · {formats.file_size(item.size, lang=lang)} · sha256 {item.sha256}",
        )
        for item in row.evidence.all()
    ]  # fmt: skip
    return c.Evidence(items=items) if items else None


def _same(item: Any) -> c.Stamp:
    """The bytes are hashed anew, now."""
    if files.unchanged(item.sha256):
        return c.Stamp(_("As it was signed"), "done")
    return c.Stamp(_("Replaced or lost since it was signed"), "stopped")


def _replaced(row: Any, known: Known) -> c.Banner | None:
    lost = [item.name for item in row.evidence.all() if not files.unchanged(item.sha256)]
    if lost:
        text = _("The evidence was replaced or lost after it was signed: %(names)s.")
        return c.Banner(text=text % {"names": ", ".join(lost)}, tone="error")
    if row.pk in known.altered:
        return c.Banner(
            text=_("This value or its evidence is no longer what the journal says. It does not count."),
            tone="error",
        )
    return None


def _set_aside(known: Known, row: Any) -> list[str]:
    decided = known.set_aside.get(row.pk)
    return (
        [_("Superseded by dispute %(n)s: %(text)s") % {"n": decided.order, "text": decided.decision}]
        if decided
        else []
    )


def _acts(room: Room, row: Any, known: Known) -> list[c.Link]:
    taken = row.pk in known.in_dispute or row.pk in known.set_aside
    rule = room.book.measuring
    sides = set(rule.dispute_by) if rule else {"owner", "lead"}
    mine = room.held & sides - {queries.role_of(row)}
    if room.ended or taken or not mine:
        return []
    return [c.Link(_("Dispute this value"), f"{room.url}indicators/values/{row.pk}/dispute/")]


def _sides(known: Known, row: Any) -> c.DataTable:
    heads = (_("Value"), _("Measured"), _("Measured by"), _("How it was measured"), _("State"))
    made = [
        _side(known, _("Disputed"), row.measurement),
        *([_side(known, _("Measured anew"), row.rerun)] if row.rerun else []),
    ]
    return c.DataTable(
        columns=[c.Column(label=text, number=text == heads[1]) for text in heads], rows=made, caption=row.why
    )


def _side(known: Known, word: str, value: Any) -> list[c.Cell]:
    rule = known.rule(value.indicator)
    return [
        c.Cell(word), c.Cell(with_unit(value.value, rule), f"{known.url}values/{value.pk}/"),
        c.Cell(f"{role_name(queries.role_of(value))}: {value.by.name}, {cells.moment(value.at, known.zone)}"),
        c.Cell(value.note or "–"), c.Cell(part=state_of(known, value)),
    ]  # fmt: skip


def _dispute_next(room: Room, row: Any) -> str:
    if row.status == "decided":
        return str(row.decision)
    if row.rerun is None:
        return _("The independent tester measures anew.")
    return _("Somebody who measured neither value decides which one stands.")


def _rerun_link(room: Room, row: Any) -> c.Banner | None:
    if row.status != "open" or tests(room.row, room.reader) is None:
        return None
    link = c.Link(_("Measure anew"), f"{room.url}indicators/measure/?dispute={row.order}")
    return c.Banner(text=_("You test here: please measure it anew."), link=link)


def _crumbs(room: Room, here: str) -> c.Breadcrumbs:
    links = [c.Link(room.number, room.overview), c.Link(_("Indicators"), f"{room.url}indicators/")]
    return c.Breadcrumbs(links=links, here=here)
