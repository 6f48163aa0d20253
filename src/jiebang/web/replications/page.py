"""`/replications/<number>/`: one copy, for who owns it, who carries it, and who may read its origin whole."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.decisions.replication import AGREED, ENDED, GIVEN_UP, MEASURED, PROPOSED, TAKES_VALUES
from jiebang.operations.kernel import Act
from jiebang.operations.replica_facts import stands
from jiebang.operations.things import book_of
from jiebang.records.access import Reader
from jiebang.records.people.roles import STAFF
from jiebang.records.projects import own
from jiebang.records.replications.queries import find_replica
from jiebang.web import components as c
from jiebang.web.acting import render_reason
from jiebang.web.desk.gate import only
from jiebang.web.forms import answers, uploads
from jiebang.web.office import cells
from jiebang.web.projects.room import Section
from jiebang.web.public import saying
from jiebang.web.public.frame import moment
from jiebang.web.replications import tables
from jiebang.web.replications.tables import Shown
from jiebang.web.site import reader_of, words


@only()
def replica(request: HttpRequest, number: str) -> HttpResponse:
    """What was agreed, what is otherwise, what was measured beside the origin, who gains, and what comes next."""
    one, reader = replica_or_404(request, number), reader_of(request)
    held = stands(Act(reader), one.row)
    parts = {
        "crumbs": c.Breadcrumbs(links=back(one, reader), here=number),
        "intro": c.Intro(title=title(one), kicker=kicker(one), stamp=tables.state(one.row), next=_next(one)),
        "banner": _banner(one), "links": _acts(one, held), "facts": _facts(one, reader),
        "sections": [
            _plan(one, whole=reads_whole(reader, held)), _adaptations(one, held), _compared(one, held), _gains(one, held),
            _confirmed(one),
        ],
    }  # fmt: skip
    return render(request, "projects/page.html", parts)


@only()
def file(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """Evidence of a value, for whoever may read the copy."""
    one = replica_or_404(request, number)
    named = {str(row.pk): row.evidence for row in one.row.values.all()}
    if sha256 not in {item.get("sha256") for item in named.values()}:
        raise Http404
    return uploads.handed_out(
        sha256, name=next(i["name"] for i in named.values() if i.get("sha256") == sha256)
    )  # type: ignore[return-value]


def replica_or_404(request: HttpRequest, number: str) -> Shown:
    """The copy for its readers; the same 404 for all others."""
    found = find_replica(number, reader=reader_of(request))
    if found is None:
        raise Http404
    return tables.shown(found, book_of(found.project))


def url(row: Any) -> str:
    """The page of a copy."""
    return f"/replications/{row.number}/"


def title(one: Shown) -> str:
    """The result at its new place."""
    return _("%(title)s at %(owner)s") % {"title": words(one.row.project.challenge.title), "owner": one.owner}


def kicker(one: Shown) -> str:
    """`R-2027-001 · P-2026-001 · Cambodia`."""
    return f"{one.row.number} · {one.row.project.number} · {one.country}"


def back(one: Shown, reader: Reader) -> list[c.Link]:
    """The way back: to the origin's room for who may open it, else to one's desk."""
    number = one.row.project.number
    if own.find_project(number, reader=reader):
        return [c.Link(_("Replication of %(n)s") % {"n": number}, f"/projects/{number}/replication/")]
    return [c.Link(_("My desk"), "/desk/"), c.Link(number, f"/projects/{number}/")]


def reads_whole(reader: Reader, held: frozenset[str]) -> bool:
    """Whether somebody reads also what the rulebook keeps between the parties and the office: a country's desk does not."""
    return bool(held or reader.roles & STAFF)


def going(row: Any) -> bool:
    """Whether anything may still be recorded."""
    return row.state not in ENDED


def _next(one: Shown) -> str:
    return {
        "proposed": _("The new owner reads it and agrees, or declines and says why."),
        "agreed": _(
            "It is carried over and measured; the new owner's values are compared with the origin's."
        ),
        "measured": _("The new owner says in its own words whether it is in use."),
        "confirmed": _("In use. Who gains from it may still be added."),
        "given_up": _("It was given up; why stands below."),
    }[one.row.state]


def _banner(one: Shown) -> c.Banner | None:
    row = one.row
    if row.state == GIVEN_UP:
        return c.Banner(text=saying.plainly(row.why), tone="warning")
    if row.state != AGREED or not one.standing.missing:
        return None
    missing = [render_reason(item) for item in one.standing.missing]
    return c.Banner(text=" ".join([_("Before use can be confirmed:"), *missing]), tone="warning")


def _acts(one: Shown, held: frozenset[str]) -> list[c.Link]:
    row, at = one.row, url(one.row)
    links = []
    if "owner" in held and row.state == PROPOSED:
        links.append(c.Link(_("Read it and agree"), f"{at}agree/", current=True))
    if "owner" in held and row.state == MEASURED:
        links.append(c.Link(_("Say that it is in use"), f"{at}confirm/", current=True))
    measuring = row.state in TAKES_VALUES
    if measuring and held & {"owner", "carrier", "office"}:
        main = row.state == AGREED and "owner" in held
        links.append(c.Link(_("Record a measured value"), f"{at}value/", current=main))
    if held and going(row):
        links.append(c.Link(_("Give it up"), f"{at}give-up/"))
    return links


def _plan(one: Shown, *, whole: bool) -> Section:
    form = one.book.forms.get("replication")
    told = {
        name: value for name, value in one.row.content.items() if form and (whole or form.fields[name].public)
    }  # fmt: skip
    parts: list[c.Part | None] = (
        [part for _label, part in answers.by_step(form, told, book=one.book)] if form else []
    )
    return Section(heading=_("What is planned"), id="plan", parts=parts)


def _adaptations(one: Shown, held: frozenset[str]) -> Section:
    links = [c.Link(_("Add or put right"), f"{url(one.row)}adaptation/")] if held and going(one.row) else []
    told = [] if one.row.adaptations.all() else [_("Nothing was stated yet.")]
    return Section(
        heading=_("What is otherwise here"),
        id="adaptation",
        texts=told,
        parts=[tables.adaptations(one)],
        links=links,
    )


def _compared(one: Shown, held: frozenset[str]) -> Section:
    texts = [
        _("The value that counts here is the last independent one, else the new owner's last. What the carrier measured "
          "is shown and decides nothing.")
    ]  # fmt: skip
    days = one.standing.days_to_use
    if days is not None:
        texts.append(_("Days from the origin's validation to the confirmed use here: %(n)s.") % {"n": days})
    parts = [
        tables.comparison(one), tables.plot(one), tables.values(one, people=bool(held), files=f"{url(one.row)}files/")
    ]  # fmt: skip
    return Section(heading=_("Beside the origin"), id="values", texts=texts, parts=parts)


def _gains(one: Shown, held: frozenset[str]) -> Section:
    may = held and one.row.state != GIVEN_UP
    links = [c.Link(_("Add who gains"), f"{url(one.row)}benefit/")] if may else []
    shown = tables.benefits([(one.country, row) for row in one.row.benefits.all()])
    texts = [] if shown else [_("Nobody was named yet.")]
    return Section(heading=_("Who gains from it"), id="gains", texts=texts, parts=[shown], links=links)


def _confirmed(one: Shown) -> Section:
    form = one.book.forms.get("replica_confirmation")
    told = (
        list(answers.by_step(form, one.row.confirmation, book=one.book))
        if form and one.row.confirmation
        else []
    )
    texts = [] if told else [_("The new owner has not said so yet.")]
    return Section(
        heading=_("In the new owner's words"), id="use", texts=texts, parts=[part for _label, part in told]
    )


def _facts(one: Shown, reader: Reader) -> c.Facts:
    row = one.row
    items: list[tuple[str, Any]] = [
        (_("New owner"), cells.chip(row.owner, placed=True)), (_("Carried over by"), cells.chip(row.carrier, placed=True)),
        (_("Site"), f"{row.site}, {one.country}"),
        (_("Taken from"), _origin(one)),
    ]  # fmt: skip
    steps = (
        (_("Proposed"), row.proposed_at, row.proposed_by), (_("Agreed"), row.agreed_at, row.agreed_by),
        (_("Confirmed"), row.confirmed_at, row.confirmed_by), (_("Given up"), row.given_up_at, row.given_up_by),
    )  # fmt: skip
    items += [(label, f"{moment(at, book=one.book)}, {by.name}") for label, at, by in steps if at and by]
    items.append((_("Hash"), row.sha256))
    if row.agreed_at:
        case = f"/cases/{row.project.number}/"
        items.append((_("Public page"), c.EvidenceItem(title=row.project.number, url=f"{case}#{row.number}")))
    return c.Facts(items=items, title=_("At a glance"))


def _origin(one: Shown) -> c.Part:
    """The copy that it was taken from, on the public case; else the origin."""
    number, parent = one.row.project.number, one.row.parent
    if parent:
        return c.EvidenceItem(title=parent.number, url=f"/cases/{number}/#{parent.number}")
    return c.EvidenceItem(title=_("origin %(n)s") % {"n": number}, url=f"/projects/{number}/")
