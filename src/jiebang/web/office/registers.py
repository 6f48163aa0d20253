"""The office's lists of people and organisations."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.records.people.office import all_organisations, running
from jiebang.records.people.roles import APPOINTERS, STAFF
from jiebang.records.programme.queries import current_rulebook, programme_zone, rulebooks_in_use
from jiebang.web import components as c
from jiebang.web.desk.gate import for_roles, only
from jiebang.web.office import cells
from jiebang.web.office.tables import Col, Table, choice, given, page, words_filter
from jiebang.web.public.frame import person_name
from jiebang.web.site import now_of, reader_of, words


@only(*STAFF)
def people(request: HttpRequest) -> HttpResponse:
    """`/office/people/`: who acts for whom in which role."""
    book = current_rulebook()
    roles: dict[str, str] = {
        key: words(term.label)
        for key, term in (book.vocabulary.roles if book else {}).items()
        if key != "public"
    }
    limits, zone = cells.limits(book), programme_zone()
    may_end = bool(reader_of(request).roles & APPOINTERS)
    columns = [
        Col(key="name", label=_("Name"), value=lambda r: person_name(r.person), sort="person__name"),
        Col(key="role", label=_("Role"), value=lambda r: roles.get(r.role, r.role), sort="role"),
        Col(key="party", label=_("Acts for"), value=lambda r: cells.party(r.party), sort="party__organisation__name"),
        Col(key="scope", label=_("For"), value=lambda r: r.scope, cell=lambda r: c.Cell(limits.get(r.scope, r.scope))),
        Col(key="email", label=_("E-mail address"), value=lambda r: r.person.email, sort="person__email"),
        Col(key="since", label=_("Since"), value=lambda r: r.since, sort="since",
            cell=lambda r: c.Cell(cells.day_of(r.since, zone))),
        Col(key="until", label=_("Until"), value=lambda r: r.until, sort="until",
            cell=lambda r: _until(r, zone, may_end=may_end)),
    ]  # fmt: skip
    return page(request, Table(
        name="people", title=_("People"), next=_("Who acts for whom, in which role, since when."), columns=columns,
        rows=_people(request), order=("person__name",), empty=_("Nobody is appointed yet."),
        fields=[words_filter(request), choice(request, "role", _("Role"), roles)],
        actions=for_roles(request, APPOINTERS, c.Link(_("Appoint somebody"), "/office/people/appoint/"),
                          c.Link(_("Enrol a person"), "/office/people/new/")),
    ))  # fmt: skip


@only(*STAFF)
def organisations(request: HttpRequest) -> HttpResponse:
    """`/office/organisations/`."""
    kinds = {
        key: words(t.label)
        for book in rulebooks_in_use()
        for key, t in book.vocabulary.organisation_types.items()
    }
    rows = all_organisations()
    places = cells.countries(rows.order_by().values_list("country", flat=True).distinct())
    columns = [
        Col(key="name", label=_("Name"), value=cells.organisation, sort="name",
            cell=cells.linked(cells.organisation, lambda r: f"/office/organisations/{r.party.slug}/")),
        Col(key="type", label=_("Kind"), value=lambda r: kinds.get(r.type, r.type), sort="type"),
        Col(key="country", label=_("Country"), value=lambda r: cells.country(r.country), sort="country"),
        Col(key="registered_on", label=_("Registered on"), value=lambda r: r.registered_on, sort="registered_on",
            cell=lambda r: c.Cell(cells.day(r.registered_on))),
        Col(key="registry_number", label=_("Registry number"), value=lambda r: r.registry_number),
        Col(key="slug", label=_("Short name"), value=lambda r: r.party.slug, sort="party__slug"),
    ]  # fmt: skip
    return page(
        request,
        Table(
            name="organisations",
            title=_("Organisations"),
            next=_("Whoever may own, lead or join, with what they proved."),
            rows=_organisations(request, rows),
            columns=columns,
            order=("name",),
            empty=_("An organisation appears here when somebody registers it."),
            fields=[
                words_filter(request),
                choice(request, "type", _("Kind"), kinds),
                choice(request, "country", _("Country"), places),
            ],
            actions=for_roles(
                request, APPOINTERS, c.Link(_("Register an organisation"), "/office/organisations/new/")
            ),
        ),
    )


def _until(row: Any, zone: str, *, may_end: bool) -> c.Cell:
    day = cells.day_of(row.until, zone) if row.until else ""
    return c.Cell(day or _("End"), f"/office/people/{row.pk}/end/") if may_end else c.Cell(day or "–")


def _people(request: HttpRequest) -> QuerySet[Any]:
    rows: QuerySet[Any] = running(at=now_of(request))
    if text := given(request, "text"):
        rows = rows.filter(
            Q(person__name__icontains=text)
            | Q(person__email__icontains=text)
            | Q(party__organisation__name__icontains=text)
        )
    return rows.filter(role=role) if (role := given(request, "role")) else rows


def _organisations(request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    if text := given(request, "text"):
        rows = rows.filter(
            Q(name__icontains=text)
            | Q(names__icontains=text)
            | Q(party__slug__icontains=text)
            | Q(registry_number=text)
        )
    for name in ("type", "country"):
        if value := given(request, name):
            rows = rows.filter(**{name: value})
    return rows
