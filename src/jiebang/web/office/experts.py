"""The pool of experts: who can judge what, their record, and the links that keep them from bids."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.records.people.roles import APPOINTERS, CASE_READERS, OFFICERS
from jiebang.records.reviews.experts import find_expert, find_link, homes_of, links_of, pool
from jiebang.web import components as c
from jiebang.web.desk.gate import for_roles, only
from jiebang.web.experts.profile import (
    link_fields,
    links_table,
    profile_fields,
    typed_link,
    typed_profile,
)
from jiebang.web.forms import languages
from jiebang.web.office import cells
from jiebang.web.office.one_form import OneForm, serve
from jiebang.web.office.tables import Col, Table, given, page, words_filter
from jiebang.web.public.frame import person_name
from jiebang.web.site import now_of, reader_of


@only(*CASE_READERS)
def experts(request: HttpRequest) -> HttpResponse:
    """`/office/experts/`: everybody in the pool with what they did and left undone."""
    rows = pool(at=now_of(request))
    if text := given(request, "text"):
        rows = rows.filter(Q(name__icontains=text) | Q(name_latin__icontains=text) | Q(email__icontains=text))

    known = cells.sectors()

    def number(name: str, label: str) -> Col:
        return Col(key=name, label=label, value=attrgetter(name), sort=name, number=True)

    numbers = {"asked": _("Asked"), "signed": _("Signed"), "recused": _("Stepped aside"), "late": _("Late"),
               "missing": _("Missing"), "links": _("Declared links")}  # fmt: skip
    columns = [
        Col(key="name", label=_("Name"), value=lambda r: r.name, sort="name",
            cell=cells.linked(person_name, lambda r: f"/office/experts/{r.pk}/")),
        Col(key="sectors", label=_("Sectors"), value=lambda r: _sectors(r, known)),
        Col(key="expertise", label=_("Expertise"), value=lambda r: ", ".join(_said(r, "expertise"))),
        Col(key="languages", label=_("Languages"), value=lambda r: ", ".join(map(languages.name, _said(r, "languages")))),
        *(number(key, label) for key, label in numbers.items()),
    ]  # fmt: skip
    return page(request, Table(
        name="experts", title=_("Expert pool"), next=_("Who can judge what, and how reviews went."), columns=columns, rows=rows,
        order=("name",), empty=_("Appoint somebody as an expert first."), fields=[words_filter(request)],
        actions=for_roles(request, APPOINTERS, c.Link(_("Appoint somebody"), "/office/people/appoint/")),
    ))  # fmt: skip


@only(*CASE_READERS)
def expert(request: HttpRequest, pk: int) -> HttpResponse:
    """One expert: profile, integrity record, declared links."""
    person = _found(request, pk)
    may = bool(reader_of(request).roles & OFFICERS)
    table = links_table(links_of(person), lift=may)
    actions = [
        c.Link(_("Change the profile"), f"/office/experts/{pk}/change/"),
        c.Link(_("Record a link"), f"/office/experts/{pk}/link/"),
    ]
    parts = {
        "crumbs": _crumbs(person_name(person)),
        "intro": c.Intro(
            title=person_name(person), kicker=person.email,
            next=_("Whom an expert may not judge follows from these links, from whom the expert acts for, and from the rules."),
        ),
        "facts": _facts(person, homes_of([person], at=now_of(request)).get(pk, [])),
        "above": [(_("Record"), _record(person)), (_("Declared links"), table or c.EmptyState(title=_("Nothing was declared")))],
        "actions": actions if may else [],
    }  # fmt: skip
    return render(request, "office/reading.html", parts)


@only(*OFFICERS)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an expert's profile for them."""
    person = _found(request, pk)
    return _serve(
        request,
        person,
        operation="change_expert",
        title=_("Change the profile"),
        label=_("Save"),
        said=_("Saved."),
        fields=profile_fields(getattr(person, "expert", None)),
        params=lambda post: {"expert": person.email, **typed_profile(post)},
    )


@only(*OFFICERS)
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a link that the office has learned of."""
    person = _found(request, pk)
    why = c.Field(name="text", label=_("How the office knows"), kind="textarea", maxlength=1000)
    return _serve(
        request,
        person,
        operation="record_conflict",
        title=_("Record a link"),
        label=_("Record it"),
        said=_("The link is recorded."),
        fields=[*link_fields(), why],
        params=lambda post: {"expert": person.email, "text": "", **typed_link(post)},
    )


@only(*OFFICERS)
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a declared link was a mistake or no longer is."""
    row = find_link(pk)
    if row is None:
        raise Http404
    person = _found(request, row.expert_id)
    why = c.Field(name="why", label=_("Reason"), kind="textarea", maxlength=1000)
    return _serve(
        request,
        person,
        operation="lift_conflict",
        title=_("Lift a link"),
        label=_("Lift it"),
        said=_("The link keeps nobody from judging any more."),
        fields=[why],
        params=lambda post: {"conflict": pk, "why": post.get("why", "").strip()},
        above=[("", [table])] if (table := links_table([row])) else [],
    )


def _serve(
    request: HttpRequest, person: Any, *, operation: str, title: str, label: str, said: str, fields: list[c.Field], params: Any,
    above: Any = (),
) -> HttpResponse:  # fmt: skip
    return serve(request, OneForm(
        operation=operation, params=params, fields=fields, label=label, said=said, to=f"/office/experts/{person.pk}/",
        intro=c.Intro(title=title, kicker=person_name(person)), crumbs=_crumbs(person_name(person)), above=above,
    ))  # fmt: skip


def _found(request: HttpRequest, pk: int) -> Any:
    person = find_expert(pk, at=now_of(request))
    if person is None:
        raise Http404
    return person


def _crumbs(here: str) -> c.Breadcrumbs:
    links = [c.Link(_("My desk"), "/desk/"), c.Link(_("Expert pool"), "/office/experts/")]
    return c.Breadcrumbs(links=links, here=here)


def _facts(person: Any, homes: Any) -> c.Facts:
    profile = getattr(person, "expert", None)
    items: list[tuple[str, Any]] = [
        (_("Acts for"), ", ".join(cells.party(row.party) for row in homes) or "–")
    ]
    items += [
        (_("Sectors"), _sectors(person, cells.sectors()) or "–"),
        (_("Expertise"), ", ".join(_said(person, "expertise")) or "–"),
        (_("Languages"), ", ".join(map(languages.name, _said(person, "languages"))) or "–"),
    ]
    if profile:
        load = _("as many as the programme says") if profile.max_load is None else str(profile.max_load)
        days = (cells.day(profile.available_from) or "…", cells.day(profile.available_until) or "…")
        items += [(_("Bids at a time, at most"), load), (_("Available"), " – ".join(days))]
    return c.Facts(items=items, title=_("In short"))


def _record(person: Any) -> c.Facts:
    return c.Facts(items=[
        (_("Asked"), str(person.asked)), (_("Signed"), str(person.signed)), (_("Stepped aside"), str(person.recused)),
        (_("Signed late"), str(person.late)), (_("Not signed in time"), str(person.missing)),
    ])  # fmt: skip


def _said(person: Any, name: str) -> list[str]:
    return [str(item) for item in getattr(getattr(person, "expert", None), name, [])]


def _sectors(person: Any, known: Mapping[str, str]) -> str:
    return ", ".join(known.get(key, key) for key in _said(person, "sectors"))
