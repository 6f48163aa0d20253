"""What stands in a stage from which a role moves it on: the work queue, read off the rulebook's table."""

from collections.abc import Iterable
from typing import Any

from jiebang.decisions import lifecycle
from jiebang.operations.things import call_of
from jiebang.operations.turns import OTHERS
from jiebang.records.access import Reader
from jiebang.records.programme.queries import rulebook
from jiebang.rules.schema import Kind, Move, Rulebook
from jiebang.web.desk.items import Item
from jiebang.web.public.states import stage_stamp
from jiebang.web.site import language_tag, words

ROOMS = {"need": "needs", "challenge": "challenges", "bid": "bids", "project": "projects"}


def forward(book: Rulebook, kind: Kind, stage: str, role: str) -> tuple[str, Move] | None:
    """The first move by which a role takes a thing further; refusals and stops (with a reason to give) are none."""
    found = lifecycle.forward(book, kind=kind, stage=stage)
    return next(((move.command, move) for move in found if role in move.by), None)


def stages_for(books: Iterable[Rulebook], kind: Kind, role: str) -> set[str]:
    """Stages in which something waits for a role."""
    found = set()
    for book in books:
        table = book.lifecycles.get(kind)
        found |= {stage for stage in (table.stages if table else ()) if forward(book, kind, stage, role)}
    return found


def waits(row: Any, *, kind: Kind, role: str, reader: Reader, title: str = "", note: str = "") -> Item | None:
    """The item that a thing makes for a role; None while it is somebody else's turn."""
    call = call_of(row)
    book = rulebook(call.rulebook_id)
    found = forward(book, kind, row.stage, role)
    if found is None or _others_turn(book, kind, row, reader):
        return None
    return Item(
        do=words(found[1].label), about=f"{row.number} · {title}" if title else row.number, due=row.due_at, call=call,
        url=f"/office/{ROOMS[kind]}/{row.number}/", country=country_of(row), provisional=row.due_provisional, note=note,
        stamp=stage_stamp(call.rulebook_id, kind, row.stage, language_tag()),
    )  # fmt: skip


def country_of(row: Any) -> str:
    """The owner's country of a need, challenge, bid or project."""
    return str(row.country if hasattr(row, "country") else row.challenge.country)


def _others_turn(book: Rulebook, kind: Kind, row: Any, reader: Reader) -> bool:
    flags = set(book.lifecycles[kind].stages[row.stage].flags)
    return bool(flags & OTHERS) and row.due_at is not None and reader.at < row.due_at
