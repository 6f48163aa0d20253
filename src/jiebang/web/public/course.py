"""The course of a case: what was, what is, who must act by when, what comes."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from jiebang.decisions.lifecycle import flags, movers
from jiebang.records.journal.queries import entries, entry_of
from jiebang.rules.schema import Kind, Rulebook
from jiebang.web import components as c
from jiebang.web.public.frame import day, moment, role_words, until
from jiebang.web.public.states import is_aside, lifecycle, stage_of, stage_word
from jiebang.web.site import words

# Moves whose reason says of a party what may not hold; it and the office read it on pages of their own.
ABOUT_A_PARTY = frozenset({"question_award", "revoke_award", "keep_award"})


def timeline(thing: Any, *, kind: Kind, book: Rulebook, begin: str, began: Any, now: Any) -> c.Timeline:
    """The timeline of a challenge or project from its moves in the journal."""
    events = [c.Event(what=begin, phase="was", when=day(began, book=book), iso=began.isoformat())]
    events += _passed(thing, kind, book)
    events.append(_present(thing, kind, book))
    events += _coming(thing, book, now)
    return c.Timeline(events=events, label=_("Course"))


def progress(thing: Any, *, kind: Kind, book: Rulebook) -> c.Lifecycle | None:
    """The line of stations of a thing. Beside the way, done is only what its moves in the journal entered."""
    entered: set[str] = set()
    if is_aside(book, kind, thing.stage):
        moves = entries(subject=f"{kind}:{thing.number}", event="stage:moved")
        entered = {str(entry_of(row).body["to"]) for row in moves}
    return lifecycle(book, kind, thing.stage, entered=entered)


def next_sentence(thing: Any, *, kind: Kind, book: Rulebook) -> str:
    """What happens next, as the rulebook tells the public."""
    stage = stage_of(book, kind, thing.stage)
    return words(stage.next) if stage else ""


def changed(thing: Any, *, book: Rulebook) -> str:
    """When it was last changed."""
    return _("Last changed %(when)s") % {"when": moment(thing.updated_at, book=book)}


def _passed(thing: Any, kind: Kind, book: Rulebook) -> Iterator[c.Event]:
    moves = list(entries(subject=f"{kind}:{thing.number}", event="stage:moved"))
    for row in reversed(moves):
        body = entry_of(row).body
        if body["to"] != thing.stage or row.pk != moves[0].pk:
            why = "" if _kept_close(body, kind, book) else str(body.get("why") or "")
            yield c.Event(
                what=stage_word(book, kind, str(body["to"])), phase="was", when=day(row.at, book=book),
                iso=row.at.isoformat(), who=why,
            )  # fmt: skip


def _kept_close(body: Mapping[str, Any], kind: Kind, book: Rulebook) -> bool:
    """Whether the reason of a move is for those concerned: what an award is questioned for, or a result not public yet."""
    command = body.get("command")
    if command == "correct_result":
        return "results_public" not in flags(book, kind=kind, stage=str(body["to"]))
    return command in ABOUT_A_PARTY


def _present(thing: Any, kind: Kind, book: Rulebook) -> c.Event:
    clock = book.clocks.get(thing.due_clock)
    who = movers(book, kind=kind, stage=thing.stage) or (clock.who if clock else ())
    due = _("until %(when)s") % {"when": until(thing.due_at, book=book)} if thing.due_at else ""
    return c.Event(
        what=stage_word(book, kind, thing.stage), phase="is", when=day(thing.stage_since, book=book),
        iso=thing.stage_since.isoformat(), who=role_words(book, who), due=due,
    )  # fmt: skip


def _coming(thing: Any, book: Rulebook, now: Any) -> Iterator[c.Event]:
    names = {
        "questions_until": _("Question period ends"),
        "closes_at": _("Bids close"),
        "publicity_until": _("Publicity period ends"),
    }
    dated = [(getattr(thing, name, None), text) for name, text in names.items()]
    for at, text in sorted((at, text) for at, text in dated if at is not None and at > now):
        yield c.Event(what=text, phase="comes", when=until(at, book=book), iso=at.isoformat())
