"""What waits for an expert: bids to declare on and score, needs to argue."""

from typing import Any

from django.utils.translation import gettext as _

from jiebang.records.access import Reader
from jiebang.records.challenges.office import arguments_of
from jiebang.records.panels.queries import panels_of
from jiebang.records.programme.queries import rulebook
from jiebang.records.reviews.queries import OPEN, assignments_of
from jiebang.web.components import Link
from jiebang.web.desk.items import Item
from jiebang.web.public.frame import need_title
from jiebang.web.public.states import stage_of
from jiebang.web.site import words


def todo_expert(reader: Reader) -> list[Item]:
    """One item a bid while its review is open, one a need."""
    bids = assignments_of(reader.person).filter(status__in=OPEN)
    asked = [item for row in bids if (item := _review(row))]
    asked += [_panel(row) for row in panels_of(reader.person)]
    return asked + [_argument(row) for row in arguments_of(reader.person).filter(given_at=None)]


def places_expert(reader: Reader) -> list[Link]:
    """All assignments."""
    return [Link(_("Reviews"), "/reviews/")]


def _review(row: Any) -> Item | None:
    posted = row.bid.challenge
    stage = stage_of(rulebook(posted.call.rulebook_id), "challenge", posted.stage)
    if stage is None or "reviewing" not in stage.flags:
        return None
    acts = {
        "asked": _("Declare, then score"),
        "declared": _("Score a bid"),
        "draft": _("Finish and sign a review"),
    }
    return Item(
        do=acts[row.status], about=f"{row.bid.number} · {words(posted.title)}", url=f"/reviews/{row.pk}/",
        due=posted.due_at, call=posted.call, country=posted.country, provisional=posted.due_provisional,
    )  # fmt: skip


def _panel(row: Any) -> Item:
    posted = row.challenge
    return Item(
        do=_("Sit on a panel"), about=f"{posted.number} · {words(posted.title)}", url=f"/reviews/panels/{row.pk}/",
        due=row.held_at, call=posted.call, country=posted.country,
    )  # fmt: skip


def _argument(row: Any) -> Item:
    need = row.need
    return Item(
        do=_("Argue a need"), about=f"{need.number} · {need_title(row)}", url=f"/reviews/needs/{need.number}/",
        due=need.due_at, call=need.call, country=need.country, provisional=need.due_provisional,
    )  # fmt: skip
