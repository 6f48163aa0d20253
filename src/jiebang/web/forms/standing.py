"""How the reader stands to a thing, and what the rulebook's table lets them do with it now."""

from typing import Any

from jiebang.decisions import lifecycle
from jiebang.decisions.lifecycle import Offer
from jiebang.operations import registry as _registry  # noqa: F401 - every operation is known
from jiebang.operations.facts import facts_of
from jiebang.operations.kernel import Act
from jiebang.operations.things import book_of, kind_of, roles_on
from jiebang.records.access import Reader
from jiebang.rules.schema import Flag

OWN = frozenset({"owner", "lead", "partner", "country_desk"})


def roles(thing: Any, *, reader: Reader) -> frozenset[str]:
    """The roles in which the reader stands to this thing."""
    if reader.person is None:
        return frozenset({"public"})
    return roles_on(Act(reader), thing)


def offers(thing: Any, *, reader: Reader) -> tuple[Offer, ...]:
    """What the reader may do next as owner, desk, lead or partner, each with what is in the way."""
    held = roles(thing, reader=reader) & OWN
    facts = facts_of(thing, now=reader.at)
    return lifecycle.offers(book_of(thing), kind=kind_of(thing), stage=thing.stage, roles=held, facts=facts)


def offer(thing: Any, command: str, *, reader: Reader) -> Offer | None:
    """One of these by its command."""
    return next((item for item in offers(thing, reader=reader) if item.command == command), None)


def has_flag(thing: Any, flag: Flag) -> bool:
    """Whether the thing's stage carries a flag."""
    return flag in lifecycle.flags(book_of(thing), kind=kind_of(thing), stage=thing.stage)
