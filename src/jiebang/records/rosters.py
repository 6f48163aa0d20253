"""The tables that an office keeps as spreadsheets, as a reader may see them: needs, organisations, bids, results, projects.

Every row passes the disclosure policy; labels are in `lang`. A row maps columns (see `adapters/headings.yaml`) to
texts, numbers and days.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, QuerySet
from django.utils.timezone import localtime

from jiebang.decisions.cells import write_answer
from jiebang.records.access import Reader, visible
from jiebang.records.awards.queries import challenges_with_results, decisions_of, partners_of
from jiebang.records.bids.office import bids as bids_of
from jiebang.records.challenges.models import Need
from jiebang.records.people.models import Organisation, Party, User
from jiebang.records.people.queries import REGISTER_READERS
from jiebang.records.programme.models import Call
from jiebang.records.programme.queries import current_rulebook, rulebook
from jiebang.records.projects.models import Project
from jiebang.rules.schema import Kind
from jiebang.rules.texts import pick

Row = Mapping[str, object]


def rows(table: str, *, reader: Reader, call: Call | None, lang: str) -> Iterator[Row]:
    """The rows of a table for a reader; all but organisations are of one `call`."""
    if table == "organisations":
        return _organisations(reader, lang)
    return _TABLES[table](reader, call, lang) if call else iter(())


def extra_columns(*, reader: Reader) -> list[str]:
    """`name [tag]` and `facts.key` for every language and fact that occurs in the register."""
    if not reader.roles & REGISTER_READERS:
        return []
    tags: set[str] = set()
    facts: set[str] = set()
    for names, known in Organisation.objects.values_list("names", "facts").iterator(chunk_size=2000):
        tags |= set(names)
        facts |= {key for key, value in known.items() if isinstance(value, str)}
    return [*(f"name [{tag}]" for tag in sorted(tags)), *(f"facts.{key}" for key in sorted(facts))]


def _organisations(reader: Reader, lang: str) -> Iterator[Row]:
    if not reader.roles & REGISTER_READERS:
        return
    book = current_rulebook()
    types = book.vocabulary.organisation_types if book else {}
    found = Organisation.objects.select_related("party").order_by("name", "party_id")
    for item in found.iterator(chunk_size=2000):
        yield {
            "id": item.party.slug, "name": pick(item.names, lang=lang) or item.name,
            "type": pick(types[item.type].label, lang=lang) if item.type in types else item.type,
            "country": item.country, "region": item.region, "registered_on": item.registered_on,
            "registry_number": item.registry_number, "lei": item.lei, "legal_status": item.legal_status,
            "timezone": item.timezone, "fictional": ("是" if lang == "zh-Hans" else "yes") if item.fictional else None,
            **{f"name [{tag}]": name for tag, name in item.names.items()},
            **{f"facts.{key}": value for key, value in item.facts.items() if isinstance(value, str)},
        }  # fmt: skip


def _needs(reader: Reader, call: Call, lang: str) -> Iterator[Row]:
    book = rulebook(call.rulebook_id)
    fields = book.forms["need"].fields if "need" in book.forms else {}
    found = visible(Need.objects.filter(call=call), what="need_content", of="need", reader=reader)
    for need in found.select_related("owner__organisation").order_by("number").iterator(chunk_size=500):
        answers = {
            name: write_answer(need.content.get(name), field, rulebook=book, lang=lang)
            for name, field in fields.items()
        }
        yield {
            **answers, "id": need.number, "owner": need.owner.slug, "owner_name": _name(need.owner, lang),
            "state": _stage(call, "need", need.stage, lang),
        }  # fmt: skip


def _bids(reader: Reader, call: Call, lang: str) -> Iterator[Row]:
    found = list(
        bids_of(reader=reader).filter(challenge__call=call).select_related("lead_person").order_by("number")
    )
    partners = partners_of([bid.pk for bid in found])
    for bid in found:
        yield {
            "id": bid.number, "challenge": bid.challenge.number, "title": pick(bid.challenge.title, lang=lang),
            "lead": _name(bid.consortium.lead, lang), "lead_person": _person(bid.lead_person, lang),
            "partners": [_name(item.partner, lang) for item in partners.get(bid.pk, [])],
            "state": _stage(call, "bid", bid.stage, lang), "submitted_at": bid.submitted_at,
        }  # fmt: skip


def _results(reader: Reader, call: Call, lang: str) -> Iterator[Row]:
    """The roster of awards: who took up which challenge, for how much, from when to when."""
    challenges = {
        row.pk: row for row in challenges_with_results(reader=reader).filter(call=call).order_by("number")
    }
    running = _ended().filter(challenge__call=call)
    inside = {
        row.bid_id: row for row in visible(running, what="project_content", of="project", reader=reader)
    }
    money = {
        row.bid_id: row for row in visible(running, what="project", of="project", reader=reader)
    } | inside
    order = {pk: place for place, pk in enumerate(challenges)}
    decided = sorted(decisions_of(list(challenges)), key=lambda row: order[row.challenge_id])
    for row in decided:
        if row.bid is None or row.outcome != "awarded":
            continue
        project = money.get(row.bid.pk)
        yield {
            "id": challenges[row.challenge_id].number, "title": pick(challenges[row.challenge_id].title, lang=lang),
            "lead": _name(row.bid.consortium.lead, lang), "lead_person": _person(row.bid.lead_person, lang),
            "amount": project.amount if project else None, "currency": project.currency if project else None,
            "period": _period(project, call) if project and row.bid.pk in inside else None,
        }  # fmt: skip


def _projects(reader: Reader, call: Call, lang: str) -> Iterator[Row]:
    found = visible(
        _ended().filter(challenge__call=call), what="project_content", of="project", reader=reader
    )
    related = ("challenge__need__owner__organisation", "bid__consortium__lead__organisation")
    for row in found.select_related(*related).order_by("number"):
        yield {
            "id": row.number, "challenge": row.challenge.number, "title": pick(row.challenge.title, lang=lang),
            "owner": _name(row.challenge.need.owner, lang), "lead": _name(row.bid.consortium.lead, lang),
            "state": _stage(call, "project", row.stage, lang), "amount": row.amount, "currency": row.currency,
            "starts_on": _starts(row, call), "ends_on": _ends(row, call),
        }  # fmt: skip


def _ended() -> QuerySet[Project]:
    """Projects with the day of their last milestone as `last_due`."""
    return Project.objects.annotate(last_due=Max("milestones__due_on"))


def _period(project: Any, call: Call) -> str:
    ends = _ends(project, call)
    return f"{_starts(project, call).isoformat()} – {ends.isoformat() if ends else ''}".strip()


def _starts(project: Any, call: Call) -> date:
    return _day(project.signed_at or project.started_at, call)


def _ends(project: Any, call: Call) -> date | None:
    found: date | None = project.last_due
    return found or (_day(project.ended_at, call) if project.ended_at else None)


def _day(moment: datetime, call: Call) -> date:
    return localtime(moment, ZoneInfo(rulebook(call.rulebook_id).timezone)).date()


def _stage(call: Call, kind: Kind, stage: str, lang: str) -> str:
    known = rulebook(call.rulebook_id).lifecycles[kind].stages
    return pick(known[stage].label, lang=lang) if stage in known else stage


def _name(party: Party, lang: str) -> str:
    return pick(party.organisation.names, lang=lang) or party.organisation.name


def _person(person: User | None, lang: str) -> str:
    if person is None:
        return ""
    return (person.name_latin or person.name) if lang == "en" else person.name


_TABLES: Mapping[str, Callable[[Reader, Call, str], Iterator[Row]]] = {
    "needs": _needs, "bids": _bids, "results": _results, "projects": _projects,
}  # fmt: skip
