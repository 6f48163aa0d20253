"""`/office/challenges/<number>/draw/`: who is in a lottery's draw; commit the list, later enter the numbers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.decisions.lottery import Draw
from jiebang.operations.draws import draw_of, proposed_pool
from jiebang.records.awards.office import IN_DRAW, decisions_on
from jiebang.records.bids.office import leads_in
from jiebang.records.people.roles import CASE_READERS, OFFICERS
from jiebang.web import components as c
from jiebang.web.desk.gate import only
from jiebang.web.office import cells
from jiebang.web.office import preview as shown
from jiebang.web.office.case import Case, case_or_404, crumbs
from jiebang.web.office.one_form import OneForm, serve
from jiebang.web.public import draws
from jiebang.web.public.notice import draw_of_lottery
from jiebang.web.site import reader_of


@only(*CASE_READERS)
def draw(request: HttpRequest, number: str) -> HttpResponse:
    """The list with its hash, the one thing that comes next, and afterwards every step."""
    case = case_or_404("challenge", number, reader_of(request))
    row = draw_of_lottery(case.thing, case.book)
    found = draw_of(row) if row is not None else _proposed(case)
    if found is None:
        raise Http404
    committed = row is not None
    done = bool(committed and row.seed)
    return serve(request, OneForm(
        operation="hold_draw" if committed else "commit_draw",
        params=lambda post: {"challenge": number, **({"numbers": post.get("numbers", "").strip()} if committed else {})},
        fields=[_numbers()] if committed else [],
        label=_("Draw with these numbers") if committed else _("Commit the list"),
        said=_("The draw is done.") if committed else _("The list is committed; the journal keeps its hash."),
        to=f"{case.url}draw/", back=case.url, above=_above(case, row, found), facts=draws.facts(row, found.pool, case.book),
        intro=c.Intro(title=_("The draw"), kicker=f"{number} · {shown.title(case)}", next=_next(committed, done)),
        crumbs=crumbs(case, list_name=_("Challenges"), here=_("The draw")),
        closed=done or not case.reader.roles & OFFICERS,
    ))  # fmt: skip


@only(*CASE_READERS)
def file(request: HttpRequest, number: str) -> HttpResponse:
    """The list as it was committed, and after the draw its steps: what `jiebang draw` reads."""
    case = case_or_404("challenge", number, reader_of(request))
    row = draw_of_lottery(case.thing, case.book)
    if row is None:
        raise Http404
    return draws.as_file(row, number)


def _proposed(case: Case) -> Draw | None:
    """The draw for which the current proposal waits, before its list is committed."""
    waiting = decisions_on(case.thing).filter(code=IN_DRAW, published_at=None).exists()
    return Draw(pool=proposed_pool(case.thing)) if waiting else None


def _above(case: Case, row: Any, found: Draw) -> list[tuple[str, Any]]:
    leads = {number: cells.party(party) for number, party in leads_in([case.thing]).items()}
    parts: list[tuple[str, Any]] = [(_("Who is in the draw"), draws.listed(found.pool, leads))]
    if steps := draws.steps(found.turns):
        parts.append((_("Every step"), steps))
    if row is not None:
        link = c.EvidenceItem(
            title=_("The file of the draw"), kind=_("for jiebang draw"), url=f"{case.url}draw.json"
        )
        parts.append((_("Repeat it"), link))
    return parts


def _numbers() -> c.Field:
    help_text = _("In the order of the sources, with / between two sources: 9319 / 2 5 8 10 12")
    return c.Field(name="numbers", label=_("Public numbers"), help=help_text, maxlength=500)


def _next(committed: bool, done: bool) -> str:
    if done:
        return _("The draw is done. Anyone can repeat it from the file.")
    if committed:
        return _(
            "Wait until the sources have published their numbers, then enter them; they draw at once, and only once."
        )
    return _("Commit the list before anybody can know the numbers. Afterwards nothing in it can change.")
