"""What is late with others: the office cannot do it for them, but sees who is late with what, and by how much."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from jiebang.decisions import lifecycle
from jiebang.operations.things import book_of
from jiebang.records.access import Reader
from jiebang.records.projects import office as projects
from jiebang.web.desk.items import Item
from jiebang.web.public.frame import role_words
from jiebang.web.public.states import stage_stamp
from jiebang.web.site import language_tag, words

MOST = 100
_OFFICE = {"officer", "second_officer"}


def overdue(reader: Reader) -> list[Item]:
    """Milestones that no lead has reported, and stages of projects whose clock ran out with an owner or a lead."""
    late = [_milestone(row, reader.at) for row in _first(projects.unreported(reader=reader, at=reader.at))]
    return [item for item in (*late, *_stages(reader)) if item]


def _first(rows: Any) -> list[Any]:
    """The earliest of each project."""
    found: dict[int, Any] = {}
    for row in rows[:MOST]:
        found.setdefault(row.project_id, row)
    return list(found.values())


def _milestone(row: Any, now: datetime) -> Item | None:
    project, day = row.project, row.due_on + timedelta(days=1)
    ends = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(book_of(project).timezone))
    if ends > now or "live" not in lifecycle.flags(book_of(project), kind="project", stage=project.stage):
        return None
    return Item(
        do=_("Report milestone %(n)s") % {"n": row.order}, due=ends, **_about(project, _lead(project))
    )


def _stages(reader: Reader) -> list[Item]:
    found = []
    for row in projects.projects(reader=reader).filter(due_at__lte=reader.at)[:MOST]:
        book = book_of(row)
        clock, stage = book.clocks.get(row.due_clock), book.lifecycles["project"].stages[row.stage]
        if clock and clock.who and not _OFFICE & set(clock.who) and "final" not in stage.flags:
            who = role_words(book, clock.who)
            found.append(Item(do=words(clock.label), due=row.due_at, **_about(row, who)))
    return found


def _lead(project: Any) -> str:
    lead = project.bid.consortium.lead.organisation
    return words(lead.names) or str(lead.name)


def _about(project: Any, who: str) -> dict[str, Any]:
    call = project.challenge.call
    return {
        "about": f"{project.number} · {words(project.challenge.title)}", "note": _("with %(who)s") % {"who": who},
        "url": f"/office/projects/{project.number}/", "call": call, "country": project.challenge.country, "waiting": True,
        "stamp": stage_stamp(call.rulebook_id, "project", project.stage, language_tag()),
    }  # fmt: skip
