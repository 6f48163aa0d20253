"""What waits for an officer: cases to move on, questions, milestones, payments, proposals of others."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from jiebang.decisions import lifecycle
from jiebang.operations.things import Thing, book_of, call_of, kind_of, need_of
from jiebang.records.access import Reader
from jiebang.records.awards.office import drawing, open_proposals, proposed_on, vacancies
from jiebang.records.challenges import office as challenges
from jiebang.records.programme.queries import programme_zone, rulebook, rulebooks_in_use
from jiebang.records.projects import office as projects
from jiebang.web.components import Link
from jiebang.web.desk import changes, values
from jiebang.web.desk.early import early
from jiebang.web.desk.items import Item
from jiebang.web.desk.overdue import overdue
from jiebang.web.desk.waiting import stages_for, waits
from jiebang.web.public.frame import need_title
from jiebang.web.site import words

MOST = 100  # of each kind; the lists have all


def todo_officer(reader: Reader) -> list[Item]:
    """Needs, challenges and projects to move on; what others wait for from the office."""
    proposed = list(open_proposals())
    busy = {row.subject for row in proposed}
    items = [
        *cases(reader, "officer", busy=busy),
        *_draws(reader),
        *_questions(reader),
        *_milestones(reader),
        *values.disputes(reader),
        *values.payments(reader),
        *_vacancies(reader, busy),
        *changes.to_decide(reader),
    ]
    return [
        *items,
        *(item for row in proposed if (item := proposal_item(row, reader))),
        *overdue(reader),
        *early(reader),
    ]


def places_officer(reader: Reader) -> list[Link]:
    """The office's lists."""
    return [
        Link(_("Needs"), "/office/needs/"), Link(_("Challenges"), "/office/challenges/"), Link(_("Bids"), "/office/bids/"),
        Link(_("Projects"), "/office/projects/"),
        Link(_("Laboratories and training"), "/office/deliverables/"), Link(_("Objections"), "/office/objections/"),
        Link(_("People"), "/office/people/"), Link(_("Organisations"), "/office/organisations/"),
        Link(_("Expert pool"), "/office/experts/"), Link(_("Calls"), "/office/calls/"),
        Link(_("Spreadsheets"), "/office/sheets/"),
        Link(_("Exchange rates"), "/office/rates/"),
    ]  # fmt: skip


def cases(reader: Reader, role: str, *, busy: Collection[str] = ()) -> list[Item]:
    """Whatever a role moves on by the rulebook's tables, unless a proposal on it is open already."""
    books = rulebooks_in_use()
    found: list[Item | None] = []
    stated = challenges.needs_in(stages_for(books, "need", role), reader=reader)[:MOST]
    found += [
        waits(row, kind="need", role=role, reader=reader, title=need_title(row))
        for row in stated
        if f"need:{row.number}" not in busy
    ]
    posted = challenges.challenges(reader=reader).filter(stage__in=stages_for(books, "challenge", role))
    for notice in challenges.with_progress(posted).order_by("due_at", "pk")[:MOST]:
        if f"challenge:{notice.number}" not in busy:
            progress = {"signed": notice.signed, "asked": notice.asked}
            note = _("%(signed)s of %(asked)s reviews signed") % progress
            title = words(notice.title)
            shown = note if notice.asked else ""
            item = waits(notice, kind="challenge", role=role, reader=reader, title=title, note=shown)
            found.append(_followed(item, notice))
    return [item for item in found if item] + _projects(
        reader, role, stages_for(books, "project", role), busy
    )


def proposal_item(row: Any, reader: Reader) -> Item | None:
    """A proposal: to compare for any other officer, kept in view for who made it."""
    own = reader.person is not None and row.proposed_by_id == reader.person.pk
    thing = proposed_on(row)
    label = _label(thing, row.operation)
    return Item(
        do=_("Compare and answer: %(act)s") % {"act": label} if not own else label, about=thing.number, due=row.due_at,
        call=call_of(thing), country=need_of(thing).country, url=f"/office/proposals/{row.pk}/", waiting=own,
        note=_("proposed by %(name)s") % {"name": row.proposed_by.name},
    )  # fmt: skip


def _label(thing: Thing, command: str) -> str:
    return words(lifecycle.label(book_of(thing), kind=kind_of(thing), command=command)) or command


def _followed(item: Item | None, notice: Any) -> Item | None:
    """While reviews are out, the office looks after them instead of proposing."""
    flags = rulebook(notice.call.rulebook_id).lifecycles["challenge"].stages[notice.stage].flags
    if item is None or "reviewing" not in flags or (notice.asked and notice.asked == notice.signed):
        return item
    return replace(item, do=_("Look after the reviews"), url=f"{item.url}experts/")


def _projects(reader: Reader, role: str, stages: set[str], busy: Collection[str]) -> list[Item]:
    found, today = [], reader.at.astimezone(ZoneInfo(programme_zone())).date()
    for row in projects.projects_in(stages, reader=reader, on=today)[:MOST]:
        values = {"gates": row.open_gates, "signed": row.signed}  # type: ignore[attr-defined]
        note = _("%(gates)s checks open, %(signed)s signatures") % values if row.signed_at is None else ""
        item = waits(
            row, kind="project", role=role, reader=reader, title=words(row.challenge.title), note=note
        )
        if item and f"project:{row.number}" not in busy:
            found.append(item)
    return found


def _draws(reader: Reader) -> list[Item]:
    """Lists to commit, and draws whose public numbers are to be entered."""
    return [
        Item(
            do=_("Enter the numbers of the draw") if row.listed else _("Commit the list of the draw"), due=row.due_at,
            about=f"{row.number} · {words(row.title)}", url=f"/office/challenges/{row.number}/draw/", call=row.call,
            country=row.country,
        )
        for row in drawing(reader=reader)[:MOST]
    ]  # fmt: skip


def _vacancies(reader: Reader, busy: Collection[str]) -> list[Item]:
    """Places that a revocation left empty, until a reserve steps in or the challenge ends without an award."""
    found = []
    for row in vacancies(reader=reader)[:MOST]:
        here = row.stage in lifecycle.origins(book_of(row), kind="challenge", command="promote_reserve")
        if here and f"challenge:{row.number}" not in busy:
            about = f"{row.number} · {words(row.title)}"
            url = f"/office/challenges/{row.number}/"
            found.append(Item(do=_("Fill the place of a revoked award"), about=about, url=url))
    return found


def _questions(reader: Reader) -> list[Item]:
    return [
        Item(
            do=_("Answer a question"), about=f"{row.challenge.number} · {words(row.challenge.title)}",
            url=f"/office/challenges/{row.challenge.number}/questions/", due=row.challenge.questions_until,
            call=row.challenge.call, country=row.challenge.country,
        )
        for row in challenges.open_questions(reader=reader)[:MOST]
    ]  # fmt: skip


def _milestones(reader: Reader) -> list[Item]:
    return [
        Item(
            do=_("Look at a reported milestone"), url=f"/office/projects/{row.project.number}/milestones/{row.order}/",
            about=f"{row.project.number} · {words(row.title)}",
        )
        for row in projects.reported(reader=reader)[:MOST]
    ]  # fmt: skip
