"""`/desk/`: what a person has to do, by when, in all their roles on one page; then what was written to them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.records.access import Reader
from jiebang.records.awards.office import objections
from jiebang.records.outbox.queries import inbox
from jiebang.records.outbox.words import shown
from jiebang.records.people.queries import engagements_of
from jiebang.records.programme.queries import current_rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.desk import (
    acts_for,
    administrator,
    auditor,
    country_desk,
    department,
    expert,
    lead,
    officer,
    owner,
    partner,
    second_officer,
    values,
)
from jiebang.web.desk.clocks import clock
from jiebang.web.desk.gate import only
from jiebang.web.desk.items import Item, waiting_words
from jiebang.web.office.objections import outcome_stamp
from jiebang.web.site import language_tag, reader_of, words

MESSAGES = 5
# What waits for each role, and where its lists are; in the order in which a person with several roles reads them.
PARTS: Mapping[str, tuple[Callable[[Reader], list[Item]], Callable[[Reader], list[c.Link]]]] = {
    "owner": (owner.todo_owner, owner.places_owner),
    "lead": (lead.todo_lead, lead.places_lead),
    "partner": (partner.todo_partner, partner.places_partner),
    "expert": (expert.todo_expert, expert.places_expert),
    "officer": (officer.todo_officer, officer.places_officer),
    "second_officer": (second_officer.todo_second_officer, second_officer.places_second_officer),
    "country_desk": (country_desk.todo_country_desk, country_desk.places_country_desk),
    "department": (department.todo_department, department.places_department),
    "auditor": (auditor.todo_auditor, auditor.places_auditor),
    "administrator": (administrator.todo_administrator, administrator.places_administrator),
}


@only()
def desk(request: HttpRequest) -> HttpResponse:
    """Everything that waits, whose clock runs out first on top."""
    reader = reader_of(request)
    items = todo(reader)
    mine, others = [i for i in items if not i.waiting], [i for i in items if i.waiting]
    parts = {
        "intro": _intro(reader, mine),
        "places": places(reader),
        "todo": _table(mine, now=reader.at),
        "empty": None if mine else _nothing(reader),
        "waiting": _table(others, now=reader.at) if others else None,
        "objections": _objections(reader),
        "letters": _letters(reader),
        "acts_for": acts_for.organisations(reader),
    }
    return render(request, "desk/home.html", parts)


def todo(reader: Reader) -> list[Item]:
    """What waits for the reader in every role, the earliest limit first, what has none last."""
    items = [
        item for role, (waits, _lists) in PARTS.items() if role in reader.roles for item in waits(reader)
    ]
    items += values.reruns(reader)
    return sorted(dict.fromkeys(items), key=lambda item: (item.due is None, item.due or reader.at))


def places(reader: Reader) -> list[c.Link]:
    """The lists that the reader works with, each once."""
    links: dict[str, c.Link] = {}
    for role, (_waits, lists) in PARTS.items():
        if role in reader.roles:
            links |= {link.url: link for link in lists(reader) if link.url not in links}
    links |= {link.url: link for link in values.tested(reader)}
    return list(links.values())


def _intro(reader: Reader, items: list[Item]) -> c.Intro:
    assert reader.person is not None
    late = sum(1 for item in items if item.due and item.due <= reader.at)
    count = waiting_words(len(items))
    if late:
        count += " " + ngettext("%(n)s is late.", "%(n)s are late.", late) % {"n": late}
    return c.Intro(title=_("My desk"), kicker=_roles(reader), next=count)


def _roles(reader: Reader) -> str:
    assert reader.person is not None
    book = current_rulebook()
    terms = book.vocabulary.roles if book else {}
    rows = engagements_of(reader.person, at=reader.at)
    said = dict.fromkeys(
        f"{words(terms[row.role].label) if row.role in terms else row.role}, {_party(row.party)}"
        for row in rows
    )
    return " · ".join([reader.person.name, *said])


def _party(party: Any) -> str:
    organisation = getattr(party, "organisation", None)
    return words(organisation.names) if organisation else str(party)


def _table(items: list[Item], *, now: datetime) -> c.DataTable | None:
    if not items:
        return None
    columns = [
        c.Column(label=_("To do")),
        c.Column(label=_("About")),
        c.Column(label=_("State")),
        c.Column(label=_("By when")),
    ]
    return c.DataTable(columns=columns, rows=[_row(item, now=now) for item in items])


def _row(item: Item, *, now: datetime) -> list[c.Cell]:
    limit = None
    if item.due and item.call is not None:
        limit = clock(item.due, call=item.call, country=item.country, now=now, provisional=item.provisional)
    about = f"{item.about} · {item.note}" if item.note else item.about
    return [
        c.Cell(item.do, item.url), c.Cell(about), c.Cell(part=item.stamp),
        c.Cell(part=limit) if limit else c.Cell(_("no limit")),
    ]  # fmt: skip


def _nothing(reader: Reader) -> c.EmptyState:
    if reader.roles == {"public"}:
        return c.EmptyState(
            title=_("You act for nobody yet"),
            sentence=_(
                "Register your organisation. If it is registered already, ask the office to appoint you."
            ),
            action=c.Link(_("Register an organisation"), "/organisations/new/"),
            more=[c.Link(_("See the challenges"), "/challenges/")],
        )
    return c.EmptyState(
        title=_("Nothing waits for you"), sentence=_("You are told here and by mail when something does.")
    )


def _objections(reader: Reader) -> list[dict[str, Any]]:
    """What the reader objected to, answered or not, the latest first."""
    mine = objections(reader=reader).filter(by=reader.person).order_by("-received_at")
    return [
        {"name": f"{row.number} · {words(row.challenge.title)}", "url": f"/objections/{row.number}/",
         "stamp": outcome_stamp(row)}
        for row in mine[:MESSAGES]
    ]  # fmt: skip


def _letters(reader: Reader) -> list[dict[str, Any]]:
    assert reader.person is not None
    lang, zone = language_tag(), reader.person.timezone
    return [
        {
            "subject": shown(row, lang=lang)[0], "url": f"/inbox/{row.pk}/", "new": row.read_at is None,
            "iso": row.created_at.isoformat(), "when": formats.date_time(row.created_at, lang=lang, zone=zone),
        }
        for row in inbox(reader.person)[:MESSAGES]
    ]  # fmt: skip


urlpatterns = [
    path("desk/", desk, name="desk"),
]
