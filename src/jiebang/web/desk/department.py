"""What waits for another department: named opinions with their clock."""

from typing import Any

from django.utils.translation import gettext as _

from jiebang.operations.things import Thing, call_of, need_of
from jiebang.records.access import Reader
from jiebang.records.challenges.office import opinions_asked
from jiebang.records.people.queries import engagements_of
from jiebang.records.programme.queries import rulebook
from jiebang.web.components import Link
from jiebang.web.desk.items import Item
from jiebang.web.public.frame import need_title
from jiebang.web.site import words


def todo_department(reader: Reader) -> list[Item]:
    """Opinions asked of the departments that the reader acts for."""
    return [_item(row) for row in opinions_asked(scopes(reader)).filter(given_at=None)]


def places_department(reader: Reader) -> list[Link]:
    """All cases, answered ones too."""
    return [Link(_("Opinions"), "/office/opinions/")]


def scopes(reader: Reader) -> list[str]:
    """Keys of the opinions that the reader gives."""
    if reader.person is None:
        return []
    rows = engagements_of(reader.person, at=reader.at).filter(role="department")
    return list(rows.values_list("scope", flat=True))


def thing_of(row: Any) -> Thing:
    """What an opinion is about."""
    thing = row.need or row.challenge or row.project
    return thing  # type: ignore[no-any-return]


def _item(row: Any) -> Item:
    thing = thing_of(row)
    need, call = need_of(thing), call_of(thing)
    rule = rulebook(call.rulebook_id).opinions.get(row.opinion)
    return Item(
        do=words(rule.label) if rule else row.opinion, about=f"{thing.number} · {need_title(need)}", due=row.due_at,
        call=call, country=need.country, url=f"/office/opinions/{row.pk}/",
    )  # fmt: skip
