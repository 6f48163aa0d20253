"""What undid a result, as pages show it: the changes with what was before, and an award in question with its answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web.public import saying, states
from jiebang.web.public.frame import moment, until
from jiebang.web.site import words

Blocks = list[tuple[str, list[c.Part]]]


def changes(rows: Iterable[Any], book: Rulebook, *, bid: str = "") -> c.DataTable | None:
    """Every change of a result (or of one bid in it), the latest first: when, what it was, what it is, and why."""
    lines = [
        _line(row, change, book) for row in rows for change in row.changes if not bid or change["bid"] == bid
    ]
    heads = (_("When"), _("What was done"), _("Bid"), _("Before"), _("Since then"), _("Why"))
    return c.DataTable(columns=[c.Column(label=text) for text in heads], rows=lines) if lines else None


def done_word(kind: str) -> str:
    """What was done to a result."""
    return {
        "corrected": _("Corrected"), "revoked": _("Award revoked"), "promoted": _("Reserve proposed"),
        "refused": _("Reserve not awarded"),
    }[kind]  # fmt: skip


def outcome_word(book: Rulebook, outcome: str, rank: Any) -> str:
    """An outcome with its place: `Awarded (1)`."""
    if not outcome:
        return "–"
    return states.stage_word(book, "bid", outcome) + (f" ({rank})" if rank else "")


def ground_word(book: Rulebook, ground: str) -> str:
    """A ground for a revocation or a correction, as the rulebook says it."""
    known: dict[str, Any] = {
        **(book.revocation.grounds if book.revocation else {}),
        **(book.correction.grounds if book.correction else {}),
    }
    return words(known[ground].label) if ground in known else ground


def question(row: Any, book: Rulebook, *, names: bool) -> Blocks:
    """An award in question: on what ground, why and on what evidence, what its lead answered, how it ended."""
    items: list[tuple[str, Any]] = [
        (_("Ground"), ground_word(book, row.ground)),
        (_("Asked for"), _at(row.asked_at, row.asked_by if names else None, book)),
    ]
    if row.answer_until and row.status == "open" and row.answered_at is None:
        items.append((_("The lead may answer until"), until(row.answer_until, book=book)))
    if row.decided_at:
        said = {"revoked": _("Award revoked"), "kept": _("The award stands")}[row.status]
        items.append((said, _at(row.decided_at, row.decided_by if names else None, book)))
    found: Blocks = [
        (_("Award in question"), [c.Facts(items=items)]),
    ]
    told: dict[str, object] = {
        _("The reason"): row.why, _("What is to show it"): row.evidence, _("What the lead answers"): row.answer,
        _("Reason of the decision"): row.decision,
    }  # fmt: skip
    return found + [(heading, [part]) for heading, text in told.items() if (part := saying.say(text))]


def _line(row: Any, change: Mapping[str, Any], book: Rulebook) -> list[c.Cell]:
    why = ": ".join(text for text in (words(row.ground), row.why) if text)
    return [
        c.Cell(moment(row.at, book=book)),
        c.Cell(done_word(row.kind)),
        c.Cell(change["bid"]),
        c.Cell(outcome_word(book, change["was"], change["was_rank"])),
        c.Cell(outcome_word(book, change["now"], change["now_rank"])),
        c.Cell(why or "–"),
    ]


def _at(when: Any, person: Any, book: Rulebook) -> str:
    said = moment(when, book=book)
    return f"{said}, {person.name}" if person else said
