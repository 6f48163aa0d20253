"""What waits for a lead: bids to finish and send, agreements to sign, milestones to report."""

from typing import Any

from django.utils.translation import gettext as _

from jiebang.decisions import lifecycle
from jiebang.operations.things import book_of
from jiebang.records.access import Reader
from jiebang.records.awards.office import questioned
from jiebang.records.bids import own as bids
from jiebang.records.programme.queries import rulebook
from jiebang.records.projects import own as projects
from jiebang.web.components import Link
from jiebang.web.desk import changes
from jiebang.web.desk.clocks import end_of
from jiebang.web.desk.items import Item
from jiebang.web.desk.owner import protocols, signing
from jiebang.web.desk.projects import MOST, about
from jiebang.web.desk.waiting import forward
from jiebang.web.public.states import stage_stamp
from jiebang.web.site import language_tag, words


def todo_lead(reader: Reader) -> list[Item]:
    """Awards in question, bids that are not sent, then projects."""
    found = [
        *_questioned(reader),
        *_bids(reader),
        *_projects(reader),
        *protocols(reader, side="lead"),
        *changes.asked(reader),
    ]
    return [item for item in found if item]


def places_lead(reader: Reader) -> list[Link]:
    """The list of bids, and where challenges are found."""
    return [Link(_("Bids"), "/bids/"), Link(_("Challenges"), "/challenges/"), Link(_("Messages"), "/inbox/")]


def _questioned(reader: Reader) -> list[Item | None]:
    """Awards that may fall unless the lead answers."""
    rows = questioned(reader=reader).filter(
        answered_at=None, project__bid__consortium__lead__in=reader.acting_for("lead")
    )
    return [
        Item(
            do=_("Answer before your award is decided on"), url=f"/projects/{row.project.number}/work/answer/",
            **about(row.project),
        )
        for row in rows[:MOST]
        if not row.heard(reader.at)
    ]  # fmt: skip


def _bids(reader: Reader) -> list[Item | None]:
    rows = bids.bids(reader=reader).filter(
        challenge__closes_at__gt=reader.at, consortium__lead__in=reader.parties
    )[:MOST]
    return [_bid(row) for row in rows]


def _bid(row: Any) -> Item | None:
    call = row.challenge.call
    found = forward(rulebook(call.rulebook_id), "bid", row.stage, "lead")
    if found is None:
        return None
    return Item(
        do=words(found[1].label), about=f"{row.number} · {words(row.challenge.title)}", url=f"/bids/{row.number}/",
        due=row.challenge.closes_at, call=call, country=row.challenge.country,
        stamp=stage_stamp(call.rulebook_id, "bid", row.stage, language_tag()),
    )  # fmt: skip


def _projects(reader: Reader) -> list[Item | None]:
    rows = [
        row for row in projects.projects(reader=reader)[:MOST] if row.bid.consortium.lead_id in reader.parties
    ]
    signed, steps = projects.signed(rows), projects.next_milestones(rows)
    items = [signing(row, signed=signed, parties=frozenset({row.bid.consortium.lead_id})) for row in rows]
    return items + [_step(row, steps.get(row.pk)) for row in rows]


def _step(row: Any, step: Any) -> Item | None:
    """The next milestone to report; when none is left, the way forward in the rulebook's words."""
    if "live" not in lifecycle.flags(book_of(row), kind="project", stage=row.stage):
        return None
    if step is None:
        found = forward(book_of(row), "project", row.stage, "lead")
        return (
            Item(do=words(found[1].label), url=f"/projects/{row.number}/work/", **about(row))
            if found
            else None
        )
    told = {**about(row), "due": end_of(step.due_on, book_of(row).timezone) if step.due_on else None}
    text = _("Report milestone %(n)s") % {"n": step.order}
    return Item(
        do=text, url=f"/projects/{row.number}/work/milestones/{step.order}/", note=words(step.title), **told
    )
