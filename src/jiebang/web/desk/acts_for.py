"""For whom the reader acts, each with the way to its page."""

from typing import Any

from jiebang.records.access import Reader
from jiebang.records.people.queries import engagements_of
from jiebang.records.programme.queries import current_rulebook
from jiebang.web.components import Link
from jiebang.web.public.frame import role_words
from jiebang.web.site import words


def organisations(reader: Reader) -> list[Link]:
    """Each organisation once, with the roles held for it."""
    assert reader.person is not None
    roles: dict[Any, list[str]] = {}
    for row in engagements_of(reader.person, at=reader.at):
        if hasattr(row.party, "organisation"):
            roles.setdefault(row.party, []).append(row.role)
    book = current_rulebook()
    return [
        Link(
            words(party.organisation.names) or party.organisation.name, f"/organisations/{party.slug}/",
            note=role_words(book, dict.fromkeys(held)) if book else "",
        )
        for party, held in roles.items()
    ]  # fmt: skip
