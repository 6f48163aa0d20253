"""`/projects/<number>/work/`: a project for those who carry it out and those for whom it is carried out."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations import portfolio as standing
from jiebang.operations.facts import indicators, questioned
from jiebang.operations.things import book_of
from jiebang.records.access import Reader
from jiebang.records.agreements.queries import agreement_of
from jiebang.records.awards.queries import revocations_of
from jiebang.records.people.roles import STAFF
from jiebang.records.projects import own
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web.bidders import tables
from jiebang.web.desk.gate import only
from jiebang.web.forms import moves, uploads
from jiebang.web.forms.standing import has_flag, offer, roles
from jiebang.web.office.one_form import OneForm, serve
from jiebang.web.projects import warned
from jiebang.web.projects.agreement import may_sign
from jiebang.web.projects.room import Room, tabs
from jiebang.web.public import findings, undone
from jiebang.web.public.course import progress, timeline
from jiebang.web.public.frame import party
from jiebang.web.public.saying import amount_of
from jiebang.web.site import language_tag, reader_of, words


@only()
def work(request: HttpRequest, number: str) -> HttpResponse:
    """Everything that is to be done, by whom, by when."""
    row = project_or_404(request, number)
    book, reader = book_of(row), reader_of(request)
    held = roles(row, reader=reader)
    where, room = address(row), Room(row=row, reader=reader, held=held)
    following = _next_report(row, where) if "lead" in held and has_flag(row, "live") else None
    parts = {
        "following": following,
        "tabs": tabs(room),
        "crumbs": c.Breadcrumbs(links=_links(), here=row.number),
        "intro": moves.head(row, title=title(row), kicker=kicker(row)),
        "lifecycle": progress(row, kind="project", book=book),
        "warnings": warned.table(standing.warned(row, now=reader.at), number=row.number, held=held),
        "buttons": moves.buttons(row, reader=reader, address=where, special={"validate": f"{where}validate/"}),
        "may_sign": may_sign(room, agreement_of(row)) != [],
        "questions": _questions(row, book, reader, held),
        "answer_url": f"{where}answer/" if "lead" in held and _may_answer(row, reader) else "",
        "gates": tables.gates(row, book), "signatures": tables.signatures(row, book),
        "milestones": tables.milestones(row, book, where=where, held=held, live=has_flag(row, "live")),
        "indicators": tables.indicators(row), "instalments": tables.instalments(row),
        "to_confirm": findings.to_confirm(row),
        "agree_url": f"{where}measure/" if held & {"lead", "owner"} == {"owner"} and row.ended_at is None else "",
        "may_measure": bool(held & {"lead", "owner"}) and row.ended_at is None,
        "validation": tables.validation(row, book),
        "follow_ups": tables.follow_ups(row, book, where=where, owner="owner" in held),
        "remark": row.remark, "where": where,
        "facts": _facts(row, reader),
        "timeline": timeline(row, kind="project", book=book, begin=_("Begun"), began=row.started_at, now=reader.at),
    }  # fmt: skip
    return render(request, "bidders/project.html", parts)


@only("lead")
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """`answer/`: the lead says, once, why its award should stand."""
    row = project_or_404(request, number)
    case = questioned(row)
    if (
        case is None
        or "lead" not in roles(row, reader=reader_of(request))
        or not _may_answer(row, reader_of(request))
    ):
        raise Http404
    field = c.Field(name="text", label=_("Your answer"), kind="textarea", maxlength=20_000,
                    help=_("What is true, what is not, and where that can be checked. You answer once."))  # fmt: skip
    return serve(request, OneForm(
        operation="answer_revocation", fields=[field], label=_("Send the answer"), to=address(row),
        params=lambda post: {"project": number, "text": post.get("text", "").strip(), "lang": language_tag()},
        said=_("Your answer is with the second officers; you are told what they decide."),
        intro=c.Intro(title=_("Answer before your award is decided on"), kicker=f"{row.number} · {title(row)}",
                      next=_("Somebody who neither asked for this nor judged a bid reads it and decides.")),
        above=undone.question(case, book_of(row), names=False),
        crumbs=c.Breadcrumbs(links=crumbs(row), here=_("Answer")),
    ))  # fmt: skip


@only()
def do(request: HttpRequest, number: str, command: str) -> HttpResponse:
    """`do/<command>/`: ask for acceptance, send back to work, and whatever else the rulebook gives its people."""
    row = project_or_404(request, number)
    if command == "validate" and offer(row, command, reader=reader_of(request)):
        raise Http404  # has a page of its own
    sheet = tables.indicators(row)
    return moves.command(
        request, row, command, address=address(row), title=title(row), crumbs=crumbs(row), sheet=sheet
    )


@only()
def file(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """A file of a report or of the validation, for whoever may read the project whole."""
    row = project_or_404(request, number)
    contents = [item.report for item in row.milestones.all()]
    if hasattr(row, "validation"):
        contents.append(row.validation.content)
    held = {
        str(place): value
        for place, value in enumerate(item for content in contents for item in content.values())
    }
    parties = [row.bid.consortium.lead_id, row.challenge.need.owner_id]
    return uploads.download(held, sha256, parties=parties)  # type: ignore[return-value]


def project_or_404(request: HttpRequest, number: str) -> Any:
    """The project, whole, for those who may read it; the same 404 for all others."""
    found = own.find_project(number, reader=reader_of(request))
    if found is None:
        raise Http404
    return found


def address(row: Any) -> str:
    """The page of its people."""
    return f"/projects/{row.number}/work/"


def title(row: Any) -> str:
    """The title of its challenge."""
    return words(row.challenge.title)


def kicker(row: Any) -> str:
    """`P-2026-001 · GX-2026-004 · the lead's name`."""
    lead = words(row.bid.consortium.lead.organisation.names)
    return f"{row.number} · {row.challenge.number} · {lead}"


def crumbs(row: Any) -> list[c.Link]:
    """The way back from a page under the project."""
    return [*_links(), c.Link(row.number, address(row))]


def wanted(row: Any) -> list[dict[str, object]]:
    """The indicators of the project's challenge."""
    return indicators(row.challenge)


def _may_answer(row: Any, reader: Reader) -> bool:
    case = questioned(row)
    return case is not None and not case.heard(reader.at)


def _questions(row: Any, book: Rulebook, reader: Reader, held: frozenset[str]) -> list[undone.Blocks]:
    """What stood against the award, for its consortium and the office."""
    if not (held & {"lead", "partner"} or reader.roles & STAFF):
        return []
    return [undone.question(item, book, names=False) for item in revocations_of(row)]


def _links() -> list[c.Link]:
    return [c.Link(_("My desk"), "/desk/")]


def _next_report(row: Any, where: str) -> c.Link | None:
    """The report that the lead owes next."""
    steps = sorted(row.milestones.all(), key=lambda item: item.order)
    step = next((item for item in steps if item.reported_at is None), None)
    return (
        c.Link(_("Report milestone %(n)s") % {"n": step.order}, f"{where}milestones/{step.order}/")
        if step
        else None
    )


def _facts(row: Any, reader: Any) -> c.Facts:
    items = moves.running(row, reader=reader)
    items += [
        (_("Lead organisation"), party(row.bid.consortium.lead.organisation)),
        (_("Demand owner"), party(row.challenge.need.owner.organisation)),
    ]  # fmt: skip
    if row.bid.lead_person:
        items.append((_("Lead researcher"), c.Party(name=row.bid.lead_person.name, kind="person")))
    if row.amount is not None:
        items.append((_("Amount"), c.Money(text=amount_of(row.amount, row.currency), basis=_("awarded"))))
    items.append((_("Public page"), c.EvidenceItem(title=row.number, url=f"/projects/{row.number}/")))
    paper = f"/projects/{row.number}/acceptance.pdf"
    items.append((_("Acceptance report"), c.EvidenceItem(title=_("As PDF"), url=paper)))
    return c.Facts(items=items, title=_("At a glance"))
