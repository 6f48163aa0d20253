"""Correct what the registry says of an organisation: by its own people, and by the office with a reason."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations.engagements import SELF_ROLES
from jiebang.operations.kernel import Done, Outcome, Refused
from jiebang.records.people.office import find_organisation
from jiebang.rules.reasons import reason
from jiebang.web import components as c
from jiebang.web.acting import act, bound, done, summary
from jiebang.web.desk.gate import only
from jiebang.web.people import registering
from jiebang.web.site import reader_of, words

ASKED = ("registered_on", "registry_number", "legal_status", "region")


@only(*SELF_ROLES)
def own(request: HttpRequest, slug: str) -> HttpResponse:
    """`/organisations/<slug>/change/`."""
    row = _found(slug)
    if row.pk not in reader_of(request).acting_for(*SELF_ROLES):
        raise Http404
    return _page(request, row, back=f"/organisations/{slug}/", reasoned=False)


@only("officer", "second_officer")
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """`/office/organisations/<slug>/change/`: whoever changes what others are judged by says why."""
    return _page(request, _found(slug), back=f"/office/organisations/{slug}/", reasoned=True)


def _page(request: HttpRequest, row: Any, *, back: str, reasoned: bool) -> HttpResponse:
    outcome = _corrected(request, row, reasoned=reasoned) if request.method == "POST" else None
    if isinstance(outcome, Done):
        told = _("Corrected. Open needs of this organisation were asked the rules again.")
        if outcome.answer.get("waits"):
            told = _("A bid of it is being judged: a colleague corrects the same, then it holds.")
        return done(request, outcome, text=told, to=back)
    name = words(row.names) or row.name
    parts = {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("My desk"), "/desk/"), c.Link(name, back)], here=_("Correct the registration")),
        "intro": c.Intro(
            title=_("Correct the registration"), kicker=name,
            next=_("Write what the registry says. The rules are asked on these facts; the change stands in the journal."),
        ),
        "errors": summary(outcome),
        "fields": bound(_fields(row, reasoned=reasoned), request.POST, outcome),
        "button": _("Correct it"), "back": back,
    }  # fmt: skip
    return render(request, "people/form.html", parts)


def _corrected(request: HttpRequest, row: Any, *, reasoned: bool) -> Outcome:
    """Only what differs from the record is sent, so that the journal says what was changed."""
    why = request.POST.get("why", "").strip()
    if reasoned and not why:
        return Refused((reason("lifecycle.reason_required", field="why"),))
    typed = {name: request.POST.get(name, "").strip() for name in ASKED}
    typed["region"] = typed["region"].upper()
    changed = {name: value for name, value in typed.items() if value != _known(row, name)}
    if not changed:
        return Refused((reason("organisation.unchanged"),))
    if changed.get("registered_on") == "":
        return Refused((reason("request.missing", field="registered_on"),))
    return act(request, "correct_organisation", {"organisation": row.party.slug, "why": why, **changed})


def _fields(row: Any, *, reasoned: bool) -> list[c.Field]:
    why = c.Field(name="why", label=_("Reason"), kind="textarea", optional=not reasoned, maxlength=1000,
                  help=_("It stands in the journal with the change."))  # fmt: skip
    return [*registering.registry_fields(ASKED, known=lambda name: _known(row, name)), why]


def _known(row: Any, name: str) -> str:
    value = getattr(row, name)
    return value.isoformat() if name == "registered_on" and value else str(value or "")


def _found(slug: str) -> Any:
    row = find_organisation(slug)
    if row is None:
        raise Http404
    return row
