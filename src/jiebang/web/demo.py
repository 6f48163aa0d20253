"""Only in a home made by `demo`: sign in as anybody with one click. Nothing here exists anywhere else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from jiebang.records.outbox.queries import every_message
from jiebang.records.outbox.words import shown
from jiebang.records.people.queries import people_by_role, person_by_email
from jiebang.records.programme.queries import current_rulebook, programme_zone
from jiebang.web import components as c
from jiebang.web import formats, listing
from jiebang.web.people import inbox
from jiebang.web.public.frame import person_name
from jiebang.web.site import language_tag, now_of, snapshot_of, words
from jiebang.web.styleguide import styleguide_context

PER_PAGE = 50


View = Callable[..., HttpResponse]


def sample_only(view: View) -> View:
    """Open where `demo` made the instance; a setting alone opens nothing."""

    @wraps(view)
    def gated(request: HttpRequest, *args: object, **given: object) -> HttpResponse:
        if not snapshot_of(request).demo:
            raise Http404
        return view(request, *args, **given)

    return gated


@sample_only
def everybody(request: HttpRequest) -> HttpResponse:
    """`/demo/`: all people of the sample round by role, one click each."""
    book = current_rulebook()
    terms = book.vocabulary.roles if book else {}
    groups = [
        (words(terms[role].label) if role in terms else role, [_entry(row) for row in rows])
        for role, rows in sorted(
            people_by_role(at=now_of(request)), key=lambda item: _place(item[0], list(terms))
        )
    ]
    intro = c.Intro(
        title=_("Sign in as someone"),
        next=_("Everybody here is invented. One click signs you in as that person, without a password."),
    )
    return render(request, "signin/demo.html", {"intro": intro, "groups": groups})


@sample_only
def become(request: HttpRequest, email: str) -> HttpResponse:
    """Sign in as a person of the sample round and go to that person's desk."""
    person = person_by_email(email)
    if person is None:
        raise Http404
    login(request, person, backend="django.contrib.auth.backends.AllowAllUsersModelBackend")
    return HttpResponseRedirect("/desk/")


@sample_only
def letters(request: HttpRequest) -> HttpResponse:
    """`/demo/letters/`: every message of the sample round, the newest first; a demo sends none into the world."""
    lang = language_tag()
    page = listing.shown(request, every_message(), per_page=PER_PAGE)
    columns = [c.Column(label=_("Subject")), c.Column(label=_("To")), c.Column(label=_("When"))]
    rows = [
        [c.Cell(shown(row, lang=lang)[0], f"/demo/letters/{row.pk}/"), c.Cell(_reader(row)),
         c.Cell(formats.date_time(row.created_at, lang=lang, zone=programme_zone()))]
        for row in page.rows
    ]  # fmt: skip
    parts = {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("Sign in as someone"), "/demo/")], here=_("Letters")),
        "intro": c.Intro(title=_("Letters"), next=_("What a real instance sends by mail is only shown here.")),
        "table": c.DataTable(columns=columns, rows=rows) if rows else None,
        "empty": None if rows else c.EmptyState(title=_("Nothing here"), sentence=_("Nobody was written to yet.")),
        "paging": listing.paging(request, page),
    }  # fmt: skip
    return render(request, "people/inbox.html", parts)


@sample_only
def letter(request: HttpRequest, number: int) -> HttpResponse:
    """One of them, with its link: so that registering can be tried without a mail server."""
    row = every_message().filter(pk=number).first()
    if row is None:
        raise Http404
    parts = inbox.letter(row, zone=programme_zone(), back="/demo/letters/", to=_reader(row))
    return render(request, "people/message.html", parts)


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    return render(request, "styleguide.html", styleguide_context())


def _entry(row) -> dict[str, str]:  # type: ignore[no-untyped-def]  # a row of people_by_role
    organisation = getattr(row.party, "organisation", None)
    names = organisation.names if organisation else {}
    return {
        "name": person_name(row.person),
        "email": row.person.email,
        "of": words(names) or str(row.party),
        "scope": row.scope,
    }


def _reader(row: Any) -> str:
    return person_name(row.to_user) if row.to_user else str(row.to_address)


def _place(role: str, order: list[str]) -> int:
    return order.index(role) if role in order else len(order)


urlpatterns = [
    path("demo/", everybody, name="demo"),
    path("demo/as/<str:email>/", become, name="demo_as"),
    path("demo/letters/", letters, name="demo_letters"),
    path("demo/letters/<int:number>/", letter, name="demo_letter"),
    path("styleguide/", styleguide, name="styleguide"),
]
