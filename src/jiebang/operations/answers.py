"""Answers to the rulebook's forms, asked alike by every door: drafts are told their faults, the rest is refused for them."""

from collections.abc import Mapping

from jiebang.operations.facts import indicators
from jiebang.operations.kernel import Stop
from jiebang.operations.things import Thing, book_of
from jiebang.records.challenges.models import Challenge, Need
from jiebang.rules.forms import check_content, misshapen
from jiebang.rules.reasons import Reason
from jiebang.rules.schema import FormName, Rulebook


def faults(form: FormName, content: Mapping[str, object], *, on: Thing, complete: bool) -> list[Reason]:
    """Every fault of the answers about a thing, each with its field; none where the rulebook has no such form."""
    book = book_of(on)
    if form not in book.forms:
        return []
    found = check_content(form, content, rulebook=book, complete=complete, indicators=_known(on))
    return [item.as_reason() for item in found]


def require(form: FormName, content: Mapping[str, object], *, on: Thing) -> None:
    """Stop with every fault unless the answers are complete."""
    if found := faults(form, content, on=on, complete=True):
        raise Stop(*found)


def require_shape(form: FormName, content: Mapping[str, object], *, rulebook: Rulebook) -> None:
    """Stop unless every answer has its shape: a draft may be wrong or lack answers, but pages must be able to show it."""
    if found := misshapen(form, content, rulebook=rulebook):
        raise Stop(*(item.as_reason() for item in found))


def _known(thing: Thing) -> list[str] | None:
    """Ids of the challenge's indicators; a need states its own."""
    if isinstance(thing, Need):
        return None
    posted = thing if isinstance(thing, Challenge) else thing.challenge
    return [str(item["id"]) for item in indicators(posted)]
