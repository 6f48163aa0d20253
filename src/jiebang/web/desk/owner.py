"""What waits for a demand owner: needs to finish, questions to answer, agreements, validations, follow-ups."""

from datetime import timedelta
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from jiebang.decisions import lifecycle
from jiebang.operations.owner_views import heard
from jiebang.operations.statements import texts_of
from jiebang.operations.things import book_of
from jiebang.records.access import Reader
from jiebang.records.challenges import own as needs
from jiebang.records.deliverables.queries import waiting_for
from jiebang.records.pilots.queries import waiting_protocols
from jiebang.records.programme.queries import rulebook, rulebooks_in_use
from jiebang.records.projects import own as projects
from jiebang.records.replications.queries import asked
from jiebang.records.reviews.queries import bids_without_view
from jiebang.web.components import Link
from jiebang.web.desk import changes
from jiebang.web.desk.clocks import end_of
from jiebang.web.desk.items import Item
from jiebang.web.desk.projects import MOST, about
from jiebang.web.desk.waiting import forward, stages_for
from jiebang.web.public.frame import need_title
from jiebang.web.public.states import stage_stamp
from jiebang.web.site import language_tag, words

SOON = timedelta(days=14)


def todo_owner(reader: Reader) -> list[Item]:
    """Needs first, then what their challenges and projects ask."""
    found = [
        *_needs(reader),
        *_questions(reader),
        *_views(reader),
        *_projects(reader),
        *_milestones(reader),
        *protocols(reader, side="owner"),
        *_attained(reader),
        *_follow_ups(reader),
        *_copies(reader),
        *changes.asked(reader),
        *changes.to_say(reader),
    ]
    return [item for item in found if item]


def places_owner(reader: Reader) -> list[Link]:
    """The list of needs, and the way to a new one."""
    return [
        Link(_("Needs"), "/needs/"),
        Link(_("State a need"), "/needs/new/"),
        Link(_("Messages"), "/inbox/"),
    ]


def project_item(row: Any, *, role: str, url: str = "") -> Item | None:
    """What a project asks of a role by its stage; None when it is somebody else's turn."""
    book = book_of(row)
    found = forward(book, "project", row.stage, role)
    if found is None:
        return None
    return Item(do=words(found[1].label), url=url or f"/projects/{row.number}/work/", **about(row))


def signing(row: Any, *, signed: frozenset[tuple[int, int]], parties: frozenset[int]) -> Item | None:
    """Agreement and pledge wait for a party's signature until the agreement is in force, unless the award is in question."""
    mine = {party for party in parties if (row.pk, party) not in signed}
    flags = lifecycle.flags(book_of(row), kind="project", stage=row.stage)
    if row.signed_at or not mine or {"final", "paused"} & flags:
        return None
    return Item(
        do=_("Agree on the statement, then sign"), url=f"/projects/{row.number}/agreement/", **about(row)
    )


def _needs(reader: Reader) -> list[Item]:
    stages = stages_for(rulebooks_in_use(), "need", "owner")
    rows = needs.needs(reader=reader).filter(stage__in=stages, owner__in=reader.parties)[:MOST]
    items = []
    for row in rows:
        found = forward(rulebook(row.call.rulebook_id), "need", row.stage, "owner")
        if found:
            items.append(_need(row, words(found[1].label)))
    return items


def _need(row: Any, do: str) -> Item:
    return Item(
        do=do, about=f"{row.number} · {need_title(row)}", url=f"/needs/{row.number}/", due=row.due_at, call=row.call,
        country=row.country, provisional=row.due_provisional, note=row.remark[:120],
        stamp=stage_stamp(row.call.rulebook_id, "need", row.stage, language_tag()),
    )  # fmt: skip


def _questions(reader: Reader) -> list[Item]:
    return [
        Item(
            do=_("Answer a question"), about=f"{row.challenge.number} · {words(row.challenge.title)}",
            url=f"/needs/{row.challenge.need.number}/questions/#q{row.pk}", due=row.challenge.questions_until,
            call=row.challenge.call, country=row.challenge.country,
        )
        for row in needs.waiting_questions(reader=reader)[:MOST]
    ]  # fmt: skip


def _views(reader: Reader) -> list[Item]:
    """Bids under review of which the rulebook asks the owner's view."""
    return [
        Item(
            do=_("Say what you think of a bid"), about=f"{row.number} · {words(row.challenge.title)}",
            url=f"/needs/{row.challenge.need.number}/bids/{row.number}/", due=row.challenge.due_at,
            call=row.challenge.call, country=row.challenge.country,
        )
        for row in bids_without_view(reader=reader)[:MOST]
        if heard(book_of(row)) and "reviewing" in lifecycle.flags(book_of(row), kind="challenge", stage=row.challenge.stage)
    ]  # fmt: skip


def _projects(reader: Reader) -> list[Item | None]:
    rows = [
        row
        for row in projects.projects(reader=reader)[:MOST]
        if row.challenge.need.owner_id in reader.parties
    ]
    signed = projects.signed(rows)
    items = [signing(row, signed=signed, parties=frozenset({row.challenge.need.owner_id})) for row in rows]
    return items + [project_item(row, role="owner") for row in rows]


def _milestones(reader: Reader) -> list[Item]:
    return [
        Item(
            do=_("Look at a reported milestone"), about=f"{row.project.number} · {words(row.title)}",
            url=f"/projects/{row.project.number}/work/milestones/{row.order}/",
        )
        for row in projects.reported(reader=reader)[:MOST]
    ]  # fmt: skip


def protocols(reader: Reader, *, side: str) -> list[Item]:
    """Versions of a pilot's protocol that the other side proposed and this one is asked to agree to."""
    return [
        Item(
            do=_("Answer a proposed protocol"),
            url=f"/projects/{row.project.number}/pilot/protocol/{row.version}/", **about(row.project),
        )
        for row in waiting_protocols(reader.parties, side=side)[:MOST]
    ]  # fmt: skip


def _attained(reader: Reader) -> list[Item]:
    """Laboratories and trainings with values that the owner is asked to confirm."""
    going = (
        row
        for row in waiting_for(reader)
        if "final" not in lifecycle.flags(book_of(row.project), kind="project", stage=row.project.stage)
    )
    return [
        Item(
            do=_("Confirm what was attained: %(name)s") % {"name": words(texts_of(row.name))},
            url=f"/projects/{row.project.number}/deliverables/{row.pk}/confirm/", **about(row.project),
        )
        for row in islice(going, MOST)
    ]  # fmt: skip


def _follow_ups(reader: Reader) -> list[Item]:
    near = reader.at.date() + SOON
    return [
        Item(
            do=_("Say how it stands after %(n)s months") % {"n": row.month},
            about=f"{row.project.number} · {words(row.project.challenge.title)}",
            url=f"/projects/{row.project.number}/work/follow-up/{row.month}/",
            due=end_of(row.due_on, book_of(row.project).timezone),
            call=row.project.challenge.call, country=row.project.challenge.country,
        )
        for row in projects.follow_ups(reader=reader).filter(due_on__lte=near)[:MOST]
    ]  # fmt: skip


def _copies(reader: Reader) -> list[Item]:
    """Validated results of others that are offered to the reader's organisation, being carried over, or to be confirmed."""
    acts = {
        "proposed": (_("Answer: a result is offered to you"), "agree/"),
        "agreed": (_("Record what was measured at your place"), "value/"),
        "measured": (_("Say whether it is in use at your place"), "confirm/"),
    }  # fmt: skip
    return [
        Item(
            do=acts[row.state][0], url=f"/replications/{row.number}/{acts[row.state][1]}",
            about=f"{row.number} · {words(row.project.challenge.title)}", call=row.project.challenge.call, country=row.country,
        )
        for row in asked(reader=reader)[:MOST]
    ]  # fmt: skip
