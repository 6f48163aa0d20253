"""Only in a home made by `demo`: sign in as anybody with one click. Nothing here exists anywhere else."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from jiebang.records.people.queries import people_by_role, person_by_email
from jiebang.records.programme.queries import current_rulebook
from jiebang.web import components as c
from jiebang.web.public.frame import person_name
from jiebang.web.site import now_of, words
from jiebang.web.styleguide import styleguide_context


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


def become(request: HttpRequest, email: str) -> HttpResponse:
    """Sign in as a person of the sample round and go to that person's desk."""
    person = person_by_email(email)
    if person is None:
        raise Http404
    login(request, person, backend="django.contrib.auth.backends.AllowAllUsersModelBackend")
    return HttpResponseRedirect("/desk/")


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


def _place(role: str, order: list[str]) -> int:
    return order.index(role) if role in order else len(order)


urlpatterns = [
    path("demo/", everybody, name="demo"),
    path("demo/as/<str:email>/", become, name="demo_as"),
    path("styleguide/", styleguide, name="styleguide"),
]
