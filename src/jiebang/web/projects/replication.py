"""`/projects/<number>/replication/`: the copies of a validated result as a tree, and the way to propose another."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.decisions.replication import CONFIRMED
from jiebang.operations.kernel import Done
from jiebang.operations.signatories import parties_of
from jiebang.records.people.office import find_organisation
from jiebang.records.replications.queries import replicas_of
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.acting import act, done, errors_of, summary
from jiebang.web.desk.gate import only
from jiebang.web.forms import languages, reading, steps
from jiebang.web.forms.choosing import choice
from jiebang.web.forms.showing import Sheet, questions
from jiebang.web.office import cells
from jiebang.web.office.one_form import select
from jiebang.web.projects.room import Room, Section, page, room_or_404
from jiebang.web.public import saying
from jiebang.web.replications import tables, trees
from jiebang.web.replications.page import url
from jiebang.web.site import language_tag, words

HERE = "replication"
TEXTS = ("origin", "here", "change")


@only()
def replication(request: HttpRequest, number: str) -> HttpResponse:
    """The tree, a table, and what may be done."""
    room = room_or_404(request, number)
    rows = list(replicas_of(room.row))
    texts = [] if rows else [_("No copy was proposed yet.")]
    tree = trees.tree(room.row, rows, where=url, zone=room.book.timezone) if rows else None
    sections = [
        Section(
            heading=_("The origin and its copies"), id="copies", texts=texts, parts=[tree, _table(room, rows)]
        )
    ]
    links = (
        [c.Link(_("Propose a copy"), f"{room.url}{HERE}/new/", current=not rows)] if may_propose(room) else []
    )
    if hasattr(room.row, "validation"):
        links.append(c.Link(_("The public case"), f"/cases/{number}/"))
    return page(request, room, HERE, next_=_next(room, rows), sections=sections, links=links)


@only()
def propose(request: HttpRequest, number: str) -> HttpResponse:
    """`new/`: find the new owner, then say what is planned and what is otherwise at its place."""
    room = room_or_404(request, number)
    if not may_propose(room):
        raise Http404
    slug = request.GET.get("owner", "")[:60]
    owner = find_organisation(slug) if slug else None
    return _plan(request, room, owner) if owner else _find(request, room)


def may_propose(room: Room) -> bool:
    """Whether the rulebook lets the reader propose a copy of this project now."""
    rule = room.book.replication
    if rule is None or not hasattr(room.row, "validation") or room.row.stage not in rule.stages:
        return False
    return room.holds(*rule.proposed_by)


def _next(room: Room, rows: list[Any]) -> str:
    if room.book.replication is None:
        return _("The rulebook of this call says nothing of carrying results on.")
    if not hasattr(room.row, "validation"):
        return _("Once its owner has validated the result, it can be carried to other owners.")
    used = sum(row.state == CONFIRMED for row in rows)
    return _("Copies: %(n)s, in use: %(used)s.") % {"n": len(rows), "used": used}


def _table(room: Room, rows: list[Any]) -> c.DataTable | None:
    heads = [_("Copy"), _("New owner"), _("Country"), _("Carried over by"), _("State"), _("Since")]
    made = [
        [
            c.Cell(row.number, url(row)), c.Cell(cells.party(row.owner)), c.Cell(cells.country(row.country)),
            c.Cell(cells.party(row.carrier)), c.Cell(part=tables.state(row)), c.Cell(tables.since(row, room.book.timezone)),
        ]
        for row in rows
    ]  # fmt: skip
    return c.DataTable(columns=[c.Column(label=label) for label in heads], rows=made) if made else None


def _find(request: HttpRequest, room: Room) -> HttpResponse:
    """The organisation first; choosing one leads on."""
    if request.method == "POST" and (slug := request.POST.get("organisation", "")):
        response = HttpResponseRedirect(f"{request.path}?owner={quote(slug)}")
        response.status_code = 303
        return response
    parts = {
        "crumbs": _crumbs(room), "intro": _intro(room, _("First find who takes it up.")),
        "choice": choice(request, leave_out={room.row.challenge.need.owner_id}), "fields": [], "button": _("Go on"),
        "back": f"{room.url}{HERE}/",
    }  # fmt: skip
    return render(request, "forms/choose.html", parts)


def _plan(request: HttpRequest, room: Room, owner: Any) -> HttpResponse:
    """The plan, the place, and an answer to each respect of the rulebook."""
    sheet, outcome = _paper(room, owner), None
    sent = request.method == "POST"
    if sent:
        sheet = steps.posted(request, sheet)
        outcome = act(request, "propose_replication", _params(request, room, owner, sheet.content))
    if isinstance(outcome, Done):
        text = _("Proposed; the new owner was told.")
        return done(request, outcome, text=text, to=f"/replications/{outcome.answer['replica']}/")
    errors = errors_of(outcome, names=_names(room, request))
    shown = Sheet(book=room.book, content=sheet.content, errors=errors)
    plan = [part for step in sheet.form.steps.values() for part in questions(step.fields, shown)]
    groups = [(_("The place"), _place(request, room, owner, errors)), (_("What is planned"), plan)]
    groups += _respects(request, room, errors)
    parts = {
        "crumbs": _crumbs(room), "errors": summary(outcome, names=_names(room, request)), "groups": groups,
        "intro": _intro(room, _("The new owner reads this, and agrees or declines. Nothing begins before.")),
        "before": c.Facts(items=[(_("New owner"), cells.chip(owner.party, placed=True))]),
        "button": _("Propose it"), "back": f"{room.url}{HERE}/",
    }  # fmt: skip
    return render(request, "projects/propose.html", parts)


def _paper(room: Room, owner: Any) -> steps.Paper:
    return steps.Paper(
        form=room.book.forms["replication"], content={}, book=room.book, address=f"{room.url}{HERE}/",
        title=_("Propose a copy"), kicker=room.number, organisation=owner.party.slug,
    )  # fmt: skip


def _place(request: HttpRequest, room: Room, owner: Any, errors: Mapping[str, str]) -> list[c.Field]:
    lang, post = language_tag(), request.POST
    carriers = {party.slug: cells.party(party) for party in _carriers(room)}
    codes = sorted(
        {code for place in room.book.places.values() for code in place.countries} | {owner.country} - {""}
    )
    countries = dict(
        sorted(((code, formats.country(code, lang=lang)) for code in codes), key=lambda item: item[1])
    )
    used = replicas_of(room.row).filter(confirmed_at__isnull=False)
    parents = {row.number: f"{row.number}, {cells.party(row.owner)}" for row in used}
    fields = [
        select("country", _("Country"), countries, chosen=post.get("country", owner.country)),
        c.Field(name="site", label=_("Site"), maxlength=500, value=post.get("site", "")),
        select("carrier", _("Who carries it over"), carriers, chosen=post.get("carrier", "")),
        c.Field(name="other_carrier", label=_("Another organisation carries it over"), optional=True, maxlength=60,
                value=post.get("other_carrier", ""), help=_("Its short name, where it is neither the lead nor a partner.")),
        c.Field(name="lang", label=_("Language of your text"), kind="select",
                options=languages.options(room.book, chosen=post.get("lang", lang))),
    ]  # fmt: skip
    if parents:
        own = {"": _("the origin"), **parents}
        fields.insert(2, select("parent", _("Taken from"), own, chosen=post.get("parent", "")))
    return [replace(field, error=errors.get(field.name, "")) for field in fields]


def _carriers(room: Room) -> list[Any]:
    """The lead and the partners that work on it now; any other organisation by its short name."""
    return [one for one, role in parties_of(room.row).items() if role in ("lead", "partner")]


def _respects(request: HttpRequest, room: Room, errors: Mapping[str, str]) -> list[tuple[str, list[c.Field]]]:
    """Six questions on each respect; how it is at the origin is told already where a copy was proposed before."""
    rule, known = room.book.replication, {} if request.POST else _known(room)
    found = []
    for key, item in rule.dimensions.items() if rule else ():
        given = {name: request.POST.get(f"{key}.{name}", "") for name in (*TEXTS, "cost", "currency", "days")}
        given["origin"] = given["origin"] or known.get(key, "")
        fields = [replace(field, name=f"{key}.{field.name}") for field in _respect(given, words(item.help))]
        fields = [replace(field, error=errors.get(field.name, "")) for field in fields]
        found.append((words(item.label), fields))
    return found


def _respect(given: Mapping[str, str], told: str) -> list[c.Field]:
    labels = {
        "origin": _("At the origin"),
        "here": _("At the new place"),
        "change": _("What has to be changed"),
    }
    texts = [
        c.Field(name=name, label=label, kind="textarea", optional=True, value=given[name], help=told if name == "origin" else "")
        for name, label in labels.items()
    ]  # fmt: skip
    return [
        *texts,
        c.Field(name="cost", label=_("What it is to cost"), short=True, optional=True, inputmode="decimal", value=given["cost"]),
        c.Field(name="currency", label=_("Currency"), short=True, optional=True, maxlength=3, value=given["currency"]),
        c.Field(name="days", label=_("Days of work"), short=True, optional=True, inputmode="numeric", value=given["days"]),
    ]  # fmt: skip


def _known(room: Room) -> dict[str, str]:
    """How it is at the origin, as the copies before this one were told: a new place starts from it."""
    rows = (row for copy in replicas_of(room.row) if copy.parent_id is None for row in copy.adaptations.all())
    return {row.dimension: saying.plainly(row.origin) for row in rows}


def _stated(request: HttpRequest, room: Room) -> list[str]:
    """The respects of which something was said, in the order of the rulebook; how it is at the origin alone says nothing."""
    rule, post = room.book.replication, request.POST
    names = ("here", "change", "cost", "currency", "days")
    return [
        key
        for key in (rule.dimensions if rule else ())
        if any(post.get(f"{key}.{name}", "").strip() for name in names)
    ]


def _names(room: Room, request: HttpRequest) -> dict[str, str]:
    """Where each parameter of a stated respect was typed."""
    names = (*TEXTS, "cost", "currency", "days")
    return {
        f"adaptations.{place}.{name}": f"{key}.{name}"
        for place, key in enumerate(_stated(request, room))
        for name in names
    }


def _params(request: HttpRequest, room: Room, owner: Any, content: Any) -> dict[str, Any]:
    post = request.POST
    rows = []
    for key in _stated(request, room):
        given = {name: text for name in (*TEXTS, "days") if (text := post.get(f"{key}.{name}", "").strip())}
        cost = post.get(f"{key}.cost", "").strip()
        money = {"currency": post.get(f"{key}.currency", "").strip().upper()}
        money |= {"cost": str(reading.number(cost))} if cost else {}
        rows.append({"dimension": key, **given, **money})
    plain = {name: post.get(name, "") for name in ("country", "site", "parent", "lang")}
    carrier = post.get("other_carrier", "").strip() or post.get("carrier", "")
    return {
        "project": room.number, "owner": owner.party.slug, "carrier": carrier, **plain, "content": content,
        "adaptations": rows,
    }  # fmt: skip


def _crumbs(room: Room) -> c.Breadcrumbs:
    links = [c.Link(room.number, room.overview), c.Link(_("Replication"), f"{room.url}{HERE}/")]
    return c.Breadcrumbs(links=links, here=_("Propose a copy"))


def _intro(room: Room, next_: str) -> c.Intro:
    return c.Intro(
        title=_("Carry the result to another owner"), kicker=f"{room.number} · {room.title}", next=next_
    )
