"""What waits for a country desk: needs it writes for others, owners that have not confirmed yet, follow-ups of its country."""

from typing import Any

from django.utils.translation import gettext as _

from jiebang.records.access import Reader
from jiebang.records.challenges import own as needs
from jiebang.records.programme.queries import rulebook, rulebooks_in_use
from jiebang.web.components import Link
from jiebang.web.desk.items import Item
from jiebang.web.desk.waiting import forward, stages_for
from jiebang.web.public.states import stage_stamp
from jiebang.web.site import language_tag, words

MOST = 100


def todo_country_desk(reader: Reader) -> list[Item]:
    """What it must finish; what its owners must confirm stays in view."""
    books = rulebooks_in_use()
    stages = stages_for(books, "need", "country_desk") | stages_for(books, "need", "owner")
    rows = needs.needs(reader=reader).filter(
        stage__in=stages, filed_by__isnull=False, country__in=reader.countries
    )[:MOST]
    return [_item(row) for row in rows]


def places_country_desk(reader: Reader) -> list[Link]:
    """The page of the country, its needs, and the way to write one down."""
    pages = [
        Link(_("My country"), "/needs/country/"),
        Link(_("Needs"), "/needs/"),
        Link(_("Write a need down"), "/needs/new/"),
    ]
    return [*pages, Link(_("Messages"), "/inbox/")]


def _item(row: Any) -> Item:
    found = forward(rulebook(row.call.rulebook_id), "need", row.stage, "country_desk")
    return Item(
        do=words(found[1].label) if found else _("The owner confirms"), about=f"{row.number} · {row.title or _('untitled')}",
        url=f"/needs/{row.number}/", due=row.due_at, call=row.call, country=row.country, waiting=found is None,
        stamp=stage_stamp(row.call.rulebook_id, "need", row.stage, language_tag()),
    )  # fmt: skip
