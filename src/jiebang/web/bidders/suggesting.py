"""`/bids/<number>/team/suggest/`: teams that could do what the challenge needs; each member is one click from its invitation."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.operations.teaming import Suggested, suggest
from jiebang.operations.things import book_of
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.bidders.paper import crumbs, kicker, writer_or_404
from jiebang.web.desk.gate import only
from jiebang.web.public.frame import party
from jiebang.web.site import language_tag, words


@only("lead")
def suggested(request: HttpRequest, number: str) -> HttpResponse:
    """A search that stays in the address: what is needed, and whether somebody must be at the owner's place."""
    bid = writer_or_404(request, number)
    book = book_of(bid)
    if not book.vocabulary.capabilities:
        raise Http404
    known = book.vocabulary.capabilities
    stated = [key for key in bid.challenge.content.get("capabilities") or () if key in known]
    wanted = [key for key in request.GET.getlist("need") if key in known] if "ask" in request.GET else stated
    here = bool(request.GET.get("here"))
    found = suggest(bid, wanted=wanted, country=bid.challenge.country if here else "") if wanted else None
    parts = {
        "crumbs": c.Breadcrumbs(links=[*crumbs(bid), c.Link(_("Partners"), f"/bids/{number}/team/")], here=_("Suggested teams")),
        "intro": c.Intro(title=_("Suggested teams"), kicker=kicker(bid), next=_next(found)),
        "fields": _fields(bid, book, wanted, here),
        "teams": _teams(found, bid, book) if found else [],
        "why": _why(found, book) if found and found.answer.team is None else [],
        "back": f"/bids/{number}/team/",
    }  # fmt: skip
    return render(request, "bidders/suggested.html", parts)


def _fields(bid: Any, book: Rulebook, wanted: list[str], here: bool) -> list[c.Field]:
    options = [
        c.Option(value=key, label=words(term.label), chosen=key in wanted)
        for key, term in book.vocabulary.capabilities.items()
    ]
    place = formats.country(bid.challenge.country, lang=language_tag())
    return [
        c.Field(name="need", label=_("What the team must be able to do"), kind="checkboxes", options=options,
                help=_("Ticked is what the notice says a solution probably needs.")),
        c.Field(name="here", label=_("Somebody of the team is registered in %(place)s") % {"place": place}, kind="checkbox",
                value="1" if here else ""),
    ]  # fmt: skip


def _next(found: Suggested | None) -> str:
    if found is None:
        return _("Tick what is needed; the smallest teams that can do it are looked for.")
    if found.answer.team is None:
        return _("There is no such team among those who said what they can do.")
    if found.answer.optimal:
        return _("No smaller team can do it: proven. Among equal ones, more verified proofs come first.")
    return _("A good team; whether a smaller one can do it was not proven in the time there is.")


def _teams(found: Suggested, bid: Any, book: Rulebook) -> list[Mapping[str, Any]]:
    best = found.answer.team
    teams = [best, *found.answer.others] if best else []
    return [
        {"title": _("First choice") if place == 0 else _("Another way, %(n)s") % {"n": place},
         "size": ngettext("%(n)s partner", "%(n)s partners", len(team.members) - 1) % {"n": len(team.members) - 1},
         "table": _table(team, found, bid, book)}
        for place, team in enumerate(teams)
    ]  # fmt: skip


def _table(team: Any, found: Suggested, bid: Any, book: Rulebook) -> c.DataTable:
    asked = {row.partner.slug for row in bid.consortium.invitations.all()}
    columns = [
        c.Column(label=_("Organisation")),
        c.Column(label=_("Brings")),
        c.Column(label=_("Only it brings")),
        c.Column(label=""),
    ]
    rows = []
    for member in team.members:
        row = found.rows[member.organisation.id]
        invite = f"/bids/{bid.number}/team/?" + urlencode({"find": row.name})
        last = (
            c.Cell(_("Lead"))
            if member.role == "lead"
            else c.Cell(_("Asked"))
            if row.party.slug in asked
            else c.Cell(_("Invite"), invite)
        )
        rows.append(
            [
                c.Cell(part=party(row)),
                c.Cell(_able(member.covers, book)),
                c.Cell(_able(member.only, book)),
                last,
            ]
        )
    return c.DataTable(columns=columns, rows=rows)


def _able(keys: Any, book: Rulebook) -> str:
    return ", ".join(_word(key, book) for key in keys) or "–"


def _word(key: str, book: Rulebook) -> str:
    term = book.vocabulary.capabilities.get(key)
    if term:
        return words(term.label)
    return _("Registered in %(place)s") % {
        "place": formats.country(key.removeprefix("in "), lang=language_tag())
    }


def _why(found: Suggested, book: Rulebook) -> list[str]:
    """Why there is no team, in the reader's words."""
    said = []
    for clash in found.answer.clashes:
        if clash.code == "nobody_has":
            said.append(
                _("Nobody has said that it can do this: %(what)s.") % {"what": _able(clash.about, book)}
            )
        else:
            said.append(
                _("It takes more partners than the rules allow, or than those you have asked leave room for.")
            )
    return said or [_("The time ended before one was found. Tick fewer.")]
