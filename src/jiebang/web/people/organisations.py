"""`/organisations/<slug>/`: what is known of an organisation, what it has shown, who acts for it; and registering one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations.engagements import SELF_ROLES
from jiebang.operations.kernel import Done, Outcome, Refused
from jiebang.operations.things import book_of
from jiebang.records.awards.queries import breaches_of
from jiebang.records.people import own
from jiebang.records.people.office import find_evidence, find_organisation
from jiebang.records.people.queries import parties_of
from jiebang.records.people.roles import STAFF
from jiebang.records.programme.queries import current_rulebook
from jiebang.rules.reasons import reason
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.acting import act, bound, done, summary
from jiebang.web.desk.gate import only
from jiebang.web.forms import languages, uploads
from jiebang.web.forms.evidence import evidence_part, parts_for, still_to_show
from jiebang.web.people import registering
from jiebang.web.people.capabilities import named
from jiebang.web.public.frame import moment, role_words
from jiebang.web.public.undone import ground_word
from jiebang.web.site import language_tag, now_of, reader_of, words


@only()
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """The profile for everyone signed in; evidence and people for its own people, its country desk and the office."""
    row, book = _found(slug), _book()
    inside = may_see(request, row)
    shown = list(own.evidence_of(row.pk)) if inside else []
    people = list(own.people_of(row.pk, reader=reader_of(request))) if inside else []
    parts = {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("My desk"), "/desk/")], here=words(row.names) or row.name),
        "intro": c.Intro(title=words(row.names) or row.name, kicker=_kicker(row, book), next=_next(row, book, shown,
            now_of(request).date()) if inside else ""),
        "facts": c.Facts(items=_facts(row), title=_("Registration")),
        "can": named(row, book), "may_state": bool(book.vocabulary.capabilities) and _own(request, row),
        "evidence": evidence_part(book, shown) if inside else None,
        "people": _people(people, book) if people else None,
        "breaches": _breaches(row) if inside else None,
        "may_change": row.pk in reader_of(request).acting_for(*SELF_ROLES),
        "may_give": may_give(request, row), "inside": inside, "slug": slug,
    }  # fmt: skip
    return render(request, "people/organisation.html", parts)


@only()
def give(request: HttpRequest, slug: str) -> HttpResponse:
    """`/organisations/<slug>/evidence/`: show something once, with a file if there is one."""
    row, book = _found(slug), _book()
    if not may_give(request, row):
        raise Http404
    outcome = _given(request, row) if request.method == "POST" else None
    if isinstance(outcome, Done):
        return done(
            request,
            outcome,
            text=_("Kept. The office checks it once; it counts for every later need and bid."),
            to=f"/organisations/{slug}/#evidence",
        )
    parts = {
        "crumbs": c.Breadcrumbs(links=[c.Link(words(row.names) or row.name, f"/organisations/{slug}/")], here=_("Evidence")),
        "intro": c.Intro(title=_("Show evidence"), kicker=words(row.names),
            next=_("Given once, it is never asked again until it expires.")),
        "errors": summary(outcome),
        "fields": bound(_evidence_fields(request, book), request.POST, outcome),
        "button": _("Keep this evidence"), "back": f"/organisations/{slug}/",
    }  # fmt: skip
    return render(request, "people/form.html", parts)


@only()
def new(request: HttpRequest) -> HttpResponse:
    """`/organisations/new/`."""
    book = _book()
    outcome: Outcome | None = None
    if request.method == "POST":
        outcome = act(request, "register_organisation", registering.params(request.POST))
    if isinstance(outcome, Done):
        return done(
            request,
            outcome,
            text=_("Your organisation is registered; you act for it."),
            to=f"/organisations/{outcome.answer['slug']}/",
        )
    parts = {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("My desk"), "/desk/")], here=_("Register an organisation")),
        "intro": c.Intro(
            title=_("Register an organisation"),
            next=_("Write what the registry says. The rules are asked on these facts; a wrong day or kind makes a bid fail."),
        ),
        "errors": summary(outcome, names=registering.NAMES),
        "fields": bound(registering.fields(book), request.POST, outcome, names=registering.NAMES),
        "button": _("Register"), "back": "/desk/",
    }  # fmt: skip
    return render(request, "people/form.html", parts)


@only()
def file(request: HttpRequest, number: int) -> HttpResponse:
    """The file of a piece of evidence."""
    row = find_evidence(number)
    if row is None or row.file is None or not may_see(request, row.organisation):
        raise Http404
    return uploads.handed_out(row.file.sha256, name=row.file.name)  # type: ignore[return-value]


def may_see(request: HttpRequest, row: Any) -> bool:
    """Its own people, the desk of its country, the office."""
    reader = reader_of(request)
    return may_give(request, row) or bool(reader.roles & STAFF)


def _own(request: HttpRequest, row: Any) -> bool:
    reader = reader_of(request)
    return row.pk in parties_of(reader.person, at=reader.at)


def may_give(request: HttpRequest, row: Any) -> bool:
    """Its own people and the desk of its country."""
    reader = reader_of(request)
    return row.pk in parties_of(reader.person, at=reader.at) or row.country in reader.countries


def _found(slug: str) -> Any:
    row = find_organisation(slug)
    if row is None:
        raise Http404
    return row


def _book() -> Rulebook:
    book = current_rulebook()
    if book is None:
        raise Http404
    return book


def _given(request: HttpRequest, row: Any) -> Outcome:
    upload, stored = request.FILES.get("file"), None
    if upload is not None:
        taken = uploads.keep(request, upload, organisation=row.party.slug)
        if not isinstance(taken, Mapping):
            return Refused(tuple(reason(item.code, **{**item.params, "field": "file"}) for item in taken))
        stored = taken["file"]
    params = {
        "organisation": row.party.slug, "kind": request.POST.get("kind", ""), "text": request.POST.get("text", ""),
        "lang": request.POST.get("lang", ""), "issued_on": request.POST.get("issued_on") or None,
        "expires_on": request.POST.get("expires_on") or None, "file": stored,
    }  # fmt: skip
    return act(request, "give_evidence", params)


def _evidence_fields(request: HttpRequest, book: Rulebook) -> list[c.Field]:
    asked = request.GET.get("kind", "")
    kinds = [
        c.Option(value=key, label=words(term.label), chosen=key == asked, help=words(term.help))
        for key, term in book.vocabulary.evidence.items()
    ]
    return [
        c.Field(name="kind", label=_("What it shows"), kind="radios", options=kinds),
        c.Field(
            name="text",
            label=_("In your words"),
            kind="textarea",
            help=_("What there is, where, how much, since when."),
        ),
        c.Field(
            name="lang",
            label=_("Language of your text"),
            kind="select",
            options=languages.options(book, chosen=language_tag()),
        ),
        c.Field(
            name="file",
            label=_("Document"),
            kind="file",
            optional=True,
            help=uploads.accepted(),
        ),
        c.Field(name="issued_on", label=_("Issued on"), kind="date", optional=True, short=True),
        c.Field(name="expires_on", label=_("Valid until"), kind="date", optional=True, short=True),
    ]


def _kicker(row: Any, book: Rulebook) -> str:
    term = book.vocabulary.organisation_types.get(row.type)
    country = formats.country(row.country, lang=language_tag()) if row.country else ""
    fictional = _("fictional organisation of a sample round") if row.fictional else ""
    return " · ".join(part for part in (words(term.label) if term else row.type, country, fictional) if part)


def _next(row: Any, book: Rulebook, shown: list[Any], today: date) -> str:
    asked = [kind for part in parts_for(row, book) for kind in still_to_show(book, part, shown, today=today)]
    kinds = list(dict.fromkeys(asked))
    return (
        _("Not shown yet: %(kinds)s.") % {"kinds": ", ".join(kinds)}
        if kinds
        else _("Everything that the rules ask for is shown.")
    )


def _facts(row: Any) -> list[tuple[str, Any]]:
    lang = language_tag()
    others = [
        f"{name} ({languages.name(tag)})" for tag, name in row.names.items() if name != words(row.names)
    ]
    facts = [
        (_("Other names"), ", ".join(others)),
        (_("Registered on"), formats.date(row.registered_on, lang=lang) if row.registered_on else ""),
        (_("Region"), row.region), (_("Number in the registry"), row.registry_number), (_("LEI"), row.lei),
        (_("Legal status"), registering.status_word(row.legal_status)),
    ]  # fmt: skip
    return [(label, value) for label, value in facts if value]


def _breaches(row: Any) -> c.DataTable | None:
    """Its integrity record: awards that it lost for a breach."""
    made = [
        [
            c.Cell(item.project.number, f"/projects/{item.project.number}/"),
            c.Cell(ground_word(book_of(item.project), item.ground)),
            c.Cell(moment(item.decided_at, book=book_of(item.project))),
        ]
        for item in breaches_of(row.pk)
    ]
    columns = [c.Column(label=text) for text in (_("Project"), _("Ground"), _("Decided"))]
    return c.DataTable(columns=columns, rows=made) if made else None


def _people(rows: list[Any], book: Rulebook) -> c.DataTable:
    grouped: dict[str, list[str]] = {}
    for row in rows:
        grouped.setdefault(row.person.name, []).append(row.role)
    columns = [c.Column(label=_("Person")), c.Column(label=_("Acts as"))]
    made = [[c.Cell(name), c.Cell(role_words(book, dict.fromkeys(roles)))] for name, roles in grouped.items()]
    return c.DataTable(columns=columns, rows=made)
