"""`/organisations/<slug>/capabilities/`: what an organisation can do, in the programme's words."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.records.people.office import find_organisation
from jiebang.records.people.queries import parties_of
from jiebang.records.programme.queries import current_rulebook
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web.desk.gate import only
from jiebang.web.office.one_form import OneForm, serve
from jiebang.web.site import reader_of, words


@only()
def capabilities(request: HttpRequest, slug: str) -> HttpResponse:
    """Tick what it can do; leads find it by that."""
    row, book, reader = find_organisation(slug), current_rulebook(), reader_of(request)
    if (
        row is None
        or book is None
        or row.pk not in parties_of(reader.person, at=reader.at)
        or not book.vocabulary.capabilities
    ):
        raise Http404
    name, said = words(row.names) or row.name, set(row.facts.get("capabilities") or ())
    options = [
        c.Option(value=key, label=words(term.label), help=words(term.help), chosen=key in said)
        for key, term in book.vocabulary.capabilities.items()
    ]
    field = c.Field(
        name="capabilities",
        label=_("What your organisation can do"),
        kind="checkboxes",
        options=options,
        optional=True,
    )
    return serve(request, OneForm(
        operation="state_capabilities", label=_("Keep"), fields=[field], to=f"/organisations/{slug}/",
        params=lambda post: {"organisation": slug, "capabilities": post.getlist("capabilities")},
        said=_("Kept. Leads who look for partners find your organisation by it."),
        intro=c.Intro(title=_("What it can do"), kicker=name,
                      next=_("Tick what you could show if you were asked. It is open to everyone signed in.")),
        crumbs=c.Breadcrumbs(links=[c.Link(name, f"/organisations/{slug}/")], here=_("What it can do")),
    ))  # fmt: skip


def named(row: Any, book: Rulebook) -> str:
    """What an organisation can do, in words."""
    terms = book.vocabulary.capabilities
    return ", ".join(words(terms[key].label) for key in row.facts.get("capabilities") or () if key in terms)
