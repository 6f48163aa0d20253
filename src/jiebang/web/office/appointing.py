"""Who acts for whom: appoint and end; one organisation with what it proved; register one by hand."""

from typing import Any, get_args

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations.kernel import Done
from jiebang.records.bids.office import count_led
from jiebang.records.challenges.office import count_needs
from jiebang.records.people.office import all_organisations, find_engagement, find_organisation
from jiebang.records.people.own import evidence_of
from jiebang.records.people.queries import people_for
from jiebang.records.people.roles import APPOINTERS, OFFICERS, STAFF
from jiebang.records.programme.queries import current_rulebook
from jiebang.rules.schema import Role, Rulebook
from jiebang.web import components as c
from jiebang.web.desk.gate import for_roles, only
from jiebang.web.office import cells, verdicts
from jiebang.web.office.one_form import OneForm, select, serve, typed
from jiebang.web.people import registering
from jiebang.web.public.frame import person_name
from jiebang.web.site import now_of, reader_of, words


@only(*APPOINTERS)
def appoint(request: HttpRequest) -> HttpResponse:
    """Let a person act for an organisation in a role, from now."""
    book = _book()
    roles = {
        role: words(book.vocabulary.roles[role].label) if role in book.vocabulary.roles else role
        for role in get_args(Role)
    }
    roles.pop("public", None)
    known = all_organisations().order_by("name")[:2000]
    options = {row.party.slug: cells.organisation(row) for row in known}
    chosen = request.GET.get("organisation", "")
    wanted = typed("person", "organisation", "role", "scope", "months")
    return serve(
        request,
        OneForm(
            operation="appoint",
            params=wanted,
            label=_("Appoint"),
            said=_appointed,
            to="/office/people/",
            fields=_appointment(options, roles, chosen, book, request.GET.get("person", "")[:254]),
            intro=c.Intro(
                title=_("Appoint somebody"),
                next=_("What a person may do follows from the roles held, each for a time."),
            ),
            crumbs=_crumbs(_("People"), "/office/people/", _("Appoint somebody")),
        ),
    )


@only(*APPOINTERS)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End what a person may do for an organisation; it says what is lost and asks once."""
    row = find_engagement(pk)
    if row is None:
        raise Http404
    values = {"name": person_name(row.person), "role": row.role, "party": cells.party(row.party)}
    return serve(
        request,
        OneForm(
            operation="end_engagement",
            params=lambda post: {"engagement": pk, "why": post.get("why", "").strip()},
            fields=[_reason_to_end()],
            label=_("End it"),
            to="/office/people/",
            intro=c.Intro(
                title=_("End an appointment"),
                kicker=person_name(row.person),
                next=_(
                    "%(name)s no longer acts as %(role)s for %(party)s from now on. What was done stays. You can appoint again."
                )
                % values,
            ),
            said=_ended,
            crumbs=_crumbs(_("People"), "/office/people/", _("End an appointment")),
        ),
    )


@only(*STAFF)
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """An organisation with its registration, evidence, people, and where it takes part."""
    row = find_organisation(slug)
    if row is None:
        raise Http404
    book = _book()
    judge = bool(reader_of(request).roles & OFFICERS)
    reader = reader_of(request)
    mine = reader.person and reader.person.pk
    proofs = [
        verdicts.evidence(item, book, judge=judge and item.given_by_id != mine)
        for item in evidence_of(row.pk)
    ]
    people = people_for(row.party_id, at=now_of(request))
    parts = {
        "crumbs": _crumbs(_("Organisations"), "/office/organisations/", cells.organisation(row)),
        "intro": c.Intro(
            title=cells.organisation(row),
            kicker=f"{slug} · {cells.country(row.country)}",
            next=_("What it proved once serves every need and bid until it expires."),
        ),
        "facts": _facts(row, book),
        "above": [
            (
                _("Evidence"),
                c.Evidence(items=proofs) if proofs else c.EmptyState(title=_("Nothing was proved yet")),
            ),
            (
                _("People"),
                [c.Party(name=person_name(person), kind="person") for person in people]
                or c.EmptyState(title=_("Nobody acts for it")),
            ),
        ],
        "actions": _organisation_actions(request, slug),
    }
    return render(request, "office/reading.html", parts)


def _organisation_actions(request: HttpRequest, slug: str) -> list[c.Link]:
    change = c.Link(_("Correct the registration"), f"/office/organisations/{slug}/change/")
    person = c.Link(_("Appoint somebody"), f"/office/people/appoint/?organisation={slug}")
    return [
        *for_roles(request, {"officer", "second_officer"}, change),
        *for_roles(request, APPOINTERS, person),
    ]


@only("officer", "administrator")
def register(request: HttpRequest) -> HttpResponse:
    """Enter an organisation by hand, for people who do not do it themselves."""
    return serve(
        request,
        OneForm(
            operation="register_organisation",
            label=_("Register"),
            said=_("The organisation is registered."),
            params=lambda post: {**registering.params(post), "act_for": False},
            to=lambda done: f"/office/organisations/{done.answer['slug']}/",
            back="/office/organisations/",
            fields=registering.fields(_book()),
            intro=c.Intro(title=_("Register an organisation")),
            names=registering.NAMES,
            crumbs=_crumbs(_("Organisations"), "/office/organisations/", _("Register an organisation")),
        ),
    )


def _book() -> Rulebook:
    book = current_rulebook()
    if book is None:
        raise Http404
    return book


def _facts(row: Any, book: Rulebook) -> c.Facts:
    kind = book.vocabulary.organisation_types.get(row.type)
    others = [text for text in row.names.values() if text != cells.organisation(row)]
    items: list[tuple[str, Any]] = [
        (_("Kind"), words(kind.label) if kind else row.type),
        (_("Country"), cells.country(row.country)),
        (_("Region"), row.region or "–"),
        (_("Registered on"), cells.day(row.registered_on) or "–"),
        (_("Registry number"), row.registry_number or "–"),
        (_("Legal status"), registering.status_word(row.legal_status) or "–"),
    ]
    if others:
        items.insert(0, (_("Also called"), ", ".join(others)))
    items += [
        (_("Needs"), str(count_needs(row.party))),
        (_("Bids led"), str(count_led(row.party, stages=_opened(book)))),
    ]
    return c.Facts(items=items, title=_("In short"))


def _opened(book: Rulebook) -> list[str]:
    """Stages in which the office may know who bids."""
    table = book.lifecycles.get("challenge")
    return [name for name, stage in (table.stages if table else {}).items() if "bids_opened" in stage.flags]


def _appointed(outcome: Done) -> str:
    if outcome.answer.get("waits"):
        return _("Others act for it already: a colleague appoints the same person, then it holds.")
    return _("The person may act from now on.")


def _ended(outcome: Done) -> str:
    if outcome.answer["waits"]:
        return _("A colleague must end it too, then it is ended.")
    return _("The appointment is ended.")


def _reason_to_end() -> c.Field:
    help_text = _("Two of the office end what somebody may do as owner, lead or partner, each with a reason.")
    return c.Field(name="why", label=_("Why"), kind="textarea", optional=True, maxlength=500, help=help_text)


def _crumbs(name: str, url: str, here: str) -> c.Breadcrumbs:
    return c.Breadcrumbs(links=[c.Link(_("My desk"), "/desk/"), c.Link(name, url)], here=here)


def _appointment(
    options: dict[str, str], roles: dict[str, str], chosen: str, book: Rulebook, person: str
) -> list[c.Field]:
    return [
        c.Field(
            name="person",
            label=_("E-mail address of the person"),
            kind="email",
            value=person,
            help=_("Of somebody who has registered, or whom the office has enrolled."),
        ),
        select("organisation", _("Acts for"), {"": _("Choose"), **options}, chosen=chosen),
        select("role", _("Role"), {"": _("Choose"), **roles}),
        select(
            "scope",
            _("For"),
            {"": _("All"), **cells.limits(book)},
            help_text=_("The country of a country desk, or the opinion that a department gives."),
        ),
        c.Field(
            name="months",
            label=_("Months"),
            kind="number",
            optional=True,
            short=True,
            help=_("Left empty: until it is ended."),
        ),
    ]
