"""What waits for a second officer: to compare, to publish, to decide, to answer objections."""

from django.utils.translation import gettext as _

from jiebang.records.access import Reader
from jiebang.records.awards.office import objections, open_proposals, questioned
from jiebang.web.components import Link
from jiebang.web.desk import values
from jiebang.web.desk.items import Item
from jiebang.web.desk.officer import cases, places_officer, proposal_item
from jiebang.web.site import words


def todo_second_officer(reader: Reader) -> list[Item]:
    """Proposals first, then what only this role moves on, then objections."""
    compare = [item for row in open_proposals() if (item := proposal_item(row, reader))]
    found = [*compare, *values.disputes(reader), *values.payments(reader, proposed=True)]
    return [*found, *cases(reader, "second_officer"), *_objections(reader), *_questioned(reader)]


def places_second_officer(reader: Reader) -> list[Link]:
    """The office's lists; sheets are brought in by an officer."""
    return [link for link in places_officer(reader) if link.url != "/office/sheets/"]


def _questioned(reader: Reader) -> list[Item]:
    """Awards in question whose lead was heard."""
    return [
        Item(
            do=_("Decide whether an award stands"), about=f"{row.project.number} · {words(row.project.challenge.title)}",
            due=row.project.due_at, call=row.project.challenge.call, country=row.project.challenge.country,
            url=f"/office/projects/{row.project.number}/",
        )
        for row in questioned(reader=reader)
        if row.heard(reader.at)
    ]  # fmt: skip


def _objections(reader: Reader) -> list[Item]:
    return [
        Item(
            do=_("Decide an appeal") if row.appeal_of else _("Answer an objection"),
            about=f"{row.number} · {row.challenge.number}", due=row.due_at,
            call=row.challenge.call, country=row.challenge.country, url=f"/office/objections/{row.number}/",
        )
        for row in objections(reader=reader).filter(status="open").order_by("due_at")
    ]  # fmt: skip
