"""`/bids/<number>/team/`: the consortium by invitation. `/invitations/<id>/`: accept or decline, with what it means."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations.kernel import Done
from jiebang.operations.things import book_of
from jiebang.records.bids import own
from jiebang.web import components as c
from jiebang.web.acting import act, bound, done, summary
from jiebang.web.bidders.paper import crumbs, kicker, writer_or_404
from jiebang.web.desk.clocks import clock
from jiebang.web.desk.gate import only
from jiebang.web.forms.choosing import choice
from jiebang.web.public.frame import moment, party, until
from jiebang.web.site import now_of, reader_of, words


@only("lead")
def team(request: HttpRequest, number: str) -> HttpResponse:
    """Find an organisation, invite it, see who accepted, take an invitation back."""
    bid = writer_or_404(request, number)
    outcome = _sent(request, bid) if request.method == "POST" else None
    if isinstance(outcome, Done):
        told = _("Taken back.") if request.POST.get("cancel") else _("Invited. You are told when it answers.")
        return done(request, outcome, text=told, to=request.path)
    rows = list(own.invitations_of(bid))
    there = {row.partner_id for row in rows if _state(row, now_of(request)) in ("invited", "accepted")}
    part = c.Field(
        name="part",
        label=_("What it is asked to do"),
        optional=True,
        maxlength=200,
        help=_("One sentence; it stands in the invitation."),
    )
    limit = book_of(bid).consortium
    parts = {
        "crumbs": c.Breadcrumbs(links=crumbs(bid), here=_("Partners")),
        "intro": c.Intro(title=_("Partners"), kicker=kicker(bid), next=_next(limit)),
        "errors": summary(outcome, names={"partner": "organisation"}),
        "before": members_part(bid, now=now_of(request)),
        "cancels": [(row.pk, _name(row)) for row in rows if row.partner_id in there],
        "choice": choice(request, leave_out={bid.consortium.lead_id, *there}),
        "fields": bound([part], request.POST, outcome),
        "back": f"/bids/{number}/",
        "suggest": f"/bids/{number}/team/suggest/" if book_of(bid).vocabulary.capabilities else "",
    }  # fmt: skip
    return render(request, "bidders/team.html", parts)


@only()
def invitation(request: HttpRequest, number: int) -> HttpResponse:
    """Everything that a partner must know to answer, and two buttons."""
    reader = reader_of(request)
    row = own.invitations_for(reader=reader).filter(pk=number).first()
    if row is None:
        raise Http404
    outcome = None
    if request.method == "POST":
        accept = request.POST.get("answer") == "accept"
        outcome = act(request, "answer_invitation", {"invitation": number, "accept": accept})
    if isinstance(outcome, Done):
        accepted = outcome.answer["status"] == "accepted"
        told = (
            _("You are a partner now and can read the bid.")
            if accepted
            else _("You declined. The lead is told.")
        )
        return done(
            request, outcome, text=told, to=f"/bids/{outcome.answer['bid']}/" if accepted else "/bids/"
        )
    return render(
        request, "bidders/invitation.html", _invitation(row, reader.at) | {"errors": summary(outcome)}
    )


def members_part(bid: Any, *, now: datetime) -> c.DataTable:
    """Lead and partners with how each invitation stands."""
    columns = [
        c.Column(label=_("Organisation")),
        c.Column(label=_("Part")),
        c.Column(label=_("State")),
        c.Column(label=_("When")),
    ]
    book = book_of(bid)
    lead = [
        c.Cell(part=party(bid.consortium.lead.organisation)),
        c.Cell(_("Lead")),
        c.Cell(part=c.Stamp(_("Leads"), "done")),
        c.Cell(""),
    ]
    rows = [
        [c.Cell(part=party(row.partner.organisation)), c.Cell(row.part or _("Partner")), c.Cell(part=_stamp(row, now)),
         c.Cell(_when(row, book))]
        for row in own.invitations_of(bid)
    ]  # fmt: skip
    return c.DataTable(columns=columns, rows=[lead, *rows])


def _sent(request: HttpRequest, bid: Any) -> Any:
    if cancel := request.POST.get("cancel", ""):
        if not any(str(row.pk) == cancel for row in own.invitations_of(bid)):
            raise Http404
        return act(request, "cancel_invitation", {"invitation": int(cancel)})
    params = {
        "number": bid.number,
        "partner": request.POST.get("organisation", ""),
        "part": request.POST.get("part", ""),
    }
    return act(request, "invite_partner", params)


def _invitation(row: Any, now: datetime) -> dict[str, Any]:
    bid = row.consortium.bid
    book, lead = book_of(bid), words(row.consortium.lead.organisation.names)
    state = _state(row, now)
    limit = clock(row.expires_at, call=bid.challenge.call, country=row.partner.organisation.country, now=now)
    passed = until(row.expires_at, book=book)  # nobody is late once it is answered, lapsed or taken back
    facts: list[tuple[str, Any]] = [
        (_("Invited by"), party(row.consortium.lead.organisation)),
        (_("Invited is"), party(row.partner.organisation)),
        (_("You are asked to"), row.part or _("take part as a partner")),
        (_("Answer by"), limit if state == "invited" else passed),
        (_("Bids close"), until(bid.challenge.closes_at, book=book)),
    ]  # fmt: skip
    return {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("Bids"), "/bids/")], here=_("Invitation")),
        "intro": c.Intro(
            title=_("%(lead)s invites you to bid together") % {"lead": lead}, stamp=_stamp(row, now),
            kicker=f"{bid.challenge.number} · {words(bid.challenge.title)}",
        ),
        "facts": c.Facts(items=facts),
        "open": state == "invited",
        "challenge": f"/challenges/{bid.challenge.number}/",
        "state": _stamp(row, now).word,
    }  # fmt: skip


def _next(limit: Any) -> str:
    told = _(
        "Each organisation is asked and accepts or declines for itself; only those that accept take part."
    )
    if limit is None or limit.max_partners is None:
        return told
    days = _("It has %(days)s days to answer.") % {"days": limit.invitation_days}
    return f"{told} {days} " + _("Up to %(n)s partners may take part.") % {"n": limit.max_partners}


def _state(row: Any, now: datetime) -> str:
    """Lapsed is a comparison, whatever was stored."""
    return "lapsed" if row.status == "invited" and now >= row.expires_at else str(row.status)


def _stamp(row: Any, now: datetime) -> c.Stamp:
    stamps = {
        "invited": c.Stamp(_("Invited"), "waiting"), "accepted": c.Stamp(_("Joined"), "done"),
        "declined": c.Stamp(_("Declined"), "stopped"), "lapsed": c.Stamp(_("Lapsed"), "paused"),
        "cancelled": c.Stamp(_("Taken back"), "stopped"), "joined": c.Stamp(_("Joined by a change"), "done"),
        "left": c.Stamp(_("Left by a change"), "paused"),
    }  # fmt: skip
    return stamps[_state(row, now)]


def _when(row: Any, book: Any) -> str:
    if row.answered_at:
        return moment(row.answered_at, book=book)
    return _("until %(when)s") % {"when": until(row.expires_at, book=book)}


def _name(row: Any) -> str:
    return words(row.partner.organisation.names)
