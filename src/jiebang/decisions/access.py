"""Disclosure: who may read what, when. One table (the rulebook's), two interpreters.

This module is the predicate; `records.access` turns the same rows into query conditions, and a property
test proves the two equal. A reader stands to a thing in relations (`bid_member`, `office`, `public`, ...);
a row opens `what` to a relation in stages that carry a flag.
"""

from collections.abc import Set

from jiebang.rules.schema import Disclosure, Rulebook


def rows(rulebook: Rulebook, *, what: str) -> tuple[Disclosure, ...]:
    """The rows of the policy on a thing; no row means nobody may read it."""
    return tuple(row for row in rulebook.disclosure.values() if row.what == what)


def may_read(rulebook: Rulebook, *, what: str, relations: Set[str], flags: Set[str]) -> bool:
    """Whether a reader in `relations` may read `what` while its stage carries `flags`. Default is no."""
    return any(
        row.to in relations and (row.when == "always" or row.when in flags)
        for row in rows(rulebook, what=what)
    )
