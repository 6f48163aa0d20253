"""What waits for a country desk: needs it writes for others, owners that have not confirmed yet, follow-ups of its country."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.records.access import Reader
from jiebang.records.challenges import own as needs
from jiebang.records.programme.queries import rulebook, rulebooks_in_use
from jiebang.web.components import Link
from jiebang.web.desk.items import Item
from jiebang.web.desk.waiting import forward, stages_for
from jiebang.web.forms.faults import wrong
from jiebang.web.public.frame import need_title
from jiebang.web.public.states import stage_stamp
from jiebang.web.site import language_tag, words

MOST = 100


def todo_country_desk(reader: Reader) -> list[Item]:
    """What it must finish; what its owners must confirm stays in view."""
    books = rulebooks_in_use()
    stages = stages_for(books, "need", "country_desk") | stages_for(books, "need", "owner")
    rows = needs.needs(reader=reader).filter(
        stage__in=stages, filed_by__isnull=False, country__in=reader.countries
    )
    return [_item(row) for row in rows.defer(None)[:MOST]]


def places_country_desk(reader: Reader) -> list[Link]:
    """The page of the country, its needs, and the way to write one down."""
    pages = [
        Link(_("My country"), "/needs/country/"),
        Link(_("Needs"), "/needs/"),
        Link(_("Write a need down"), "/needs/new/"),
    ]
    return [*pages, Link(_("Messages"), "/inbox/")]


def _item(row: Any) -> Item:
    book = rulebook(row.call.rulebook_id)
    found = forward(book, "need", row.stage, "country_desk")
    act = words(found[1].label) if found else _("The owner confirms")
    missing = len(wrong(book.forms["need"], row.content, book=book, complete=True)) if found else 0
    return Item(
        do=_("Fill in the need") if missing else act, note=_still(missing, act),
        about=f"{row.number} · {need_title(row)}",
        url=f"/needs/{row.number}/", due=row.due_at, call=row.call, country=row.country, waiting=found is None,
        stamp=stage_stamp(row.call.rulebook_id, "need", row.stage, language_tag()),
    )  # fmt: skip


def _still(missing: int, act: str) -> str:
    """Why the next act is not there yet."""
    if not missing:
        return ""
    text = ngettext(
        "%(n)s answer is missing; then: %(act)s", "%(n)s answers are missing; then: %(act)s", missing
    )
    return text % {"n": missing, "act": act}
