"""What waits for another department: named opinions with their clock."""

from django.utils.translation import gettext as _

from jiebang.records.access import Reader
from jiebang.records.challenges.office import opinions_asked
from jiebang.records.people.queries import engagements_of
from jiebang.records.programme.queries import rulebook
from jiebang.web.components import Link
from jiebang.web.desk.items import Item
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


def _item(row) -> Item:  # type: ignore[no-untyped-def]  # a row of opinions_asked
    thing = row.need or row.challenge
    rule = rulebook(thing.call.rulebook_id).opinions.get(row.opinion)
    title = row.need.title if row.need else words(row.challenge.title)
    return Item(
        do=words(rule.label) if rule else row.opinion, about=f"{thing.number} · {title}", due=row.due_at,
        call=thing.call, country=thing.country, url=f"/office/opinions/{row.pk}/",
    )  # fmt: skip
