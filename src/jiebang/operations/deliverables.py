"""Deliverables beside the result: planned by the lead or the office, attained in periods, confirmed by other hands."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from jiebang.decisions import deliverables as decide
from jiebang.decisions.deliverables import Planned, Value
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed, not_ended
from jiebang.operations.names import Event, Permission
from jiebang.operations.passwords import page_at
from jiebang.operations.pilots import people_of_side
from jiebang.operations.registration import country_of
from jiebang.operations.statements import statement, texts_of
from jiebang.operations.things import at_work, book_of, find, interested, no_interest, roles_on, seen, today
from jiebang.records.access import Reader
from jiebang.records.deliverables.models import Attainment, Deliverable
from jiebang.records.files.models import StoredFile
from jiebang.records.people.models import Organisation, Party, User
from jiebang.records.people.queries import people_of
from jiebang.records.people.roles import OFFICERS
from jiebang.records.projects.models import Project
from jiebang.rules.reasons import Reason, reason

Number = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=18, decimal_places=2)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Country = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^([A-Za-z]{2})?$")]
Because = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Numbers = Annotated[dict[str, Number], Field(max_length=50)]
Keys = Annotated[list[int], Field(min_length=1, max_length=200)]


@operation(permission=Permission.DELIVERABLE_PLAN, event=Event.DELIVERABLE_PLANNED)
def plan_deliverable(
    act: Act, *, project: str, kind: str, name: Name, host: str, place: Name, planned: Numbers, country: Country = "",
    since: date | None = None, lang: str = "",
) -> Outcome:  # fmt: skip
    """Plan a laboratory, a transfer centre, a training: at which host, where, from when, and with which values.

    The lead names a party of the project as host; the office may name any organisation. The country is the host's own
    where none is given. `planned` is a value for one or more of the measures of the kind.
    """
    found = _planner(act, project)
    party = find(Party, slug=host, kind=Party.Kind.ORGANISATION)
    land = country or Organisation.objects.get(party=party).country
    told = Planned(kind=kind, country=land, values=planned)
    wrong = decide.plan_faults(
        book_of(found), told, belongs=party.pk in interested(found), office=bool(act.roles & OFFICERS),
        taken=_taken(found, kind, name),
    )  # fmt: skip
    if country and country_of(country, book=book_of(found)) != country:
        wrong = (*wrong, reason("organisation.country_unknown", field="country", value=country))
    if wrong:
        raise Stop(*wrong)
    row = Deliverable.objects.create(
        project=found, kind=kind, name=statement(name, lang=lang or act.language), host=party, country=land, place=place,
        planned=_plain(planned), since=since or today(act, found), planned_at=act.now, planned_by=act.person,
    )  # fmt: skip
    body = {
        "deliverable": row.pk, "kind": kind, "name": name, "host": host, "country": land, "place": place,
        "planned": row.planned, "since": row.since.isoformat(),
    }  # fmt: skip
    changed(act, Event.DELIVERABLE_PLANNED, found, body=body)
    return Done({"project": project, "deliverable": row.pk})


@operation(permission=Permission.DELIVERABLE_PLAN, event=Event.DELIVERABLE_WITHDRAWN)
def withdraw_deliverable(act: Act, *, project: str, deliverable: int, why: Because) -> Outcome:
    """Withdraw what was planned wrongly or given up, with the reason. It stays in the record; nothing of it counts.

    Once a value of it is confirmed only the office withdraws it.
    """
    found = _planner(act, project)
    row = _standing(found, deliverable)
    confirmed = row.attainments.filter(state=Attainment.State.CONFIRMED).exists()
    if confirmed and not act.roles & OFFICERS:
        raise Stop(reason("deliverable.has_confirmed"))
    row.withdrawn_at, row.withdrawn_by, row.why = act.now, act.person, why
    row.save()
    body = {"deliverable": deliverable, "kind": row.kind, "why": why}
    changed(act, Event.DELIVERABLE_WITHDRAWN, found, body=body)
    return Done({"project": project, "deliverable": deliverable})


@operation(permission=Permission.DELIVERABLE_RECORD, event=Event.ATTAINMENT_RECORDED)
def record_attainment(
    act: Act, *, project: str, deliverable: int, values: Numbers, first: date, last: date, sha256: str = "",
) -> Outcome:  # fmt: skip
    """Record what was attained from one day to another, for the lead or a partner: one value for each measure told.

    `sha256` is a file that the recording organisation has stored and that shows it. Nothing counts before somebody
    of the owner or the office confirms it.
    """
    found = _project(act, project)
    party = recorder(act.reader, found)
    if party is None:
        raise Stop(reason("deliverable.not_at_work"))
    row = _standing(found, deliverable)
    stored = StoredFile.objects.filter(sha256=sha256, party=party).order_by("pk").first() if sha256 else None
    given = [Value(measure=name, value=value, first=first, last=last) for name, value in values.items()]
    wrong = decide.value_faults(
        book_of(found), row.kind, given, since=row.since, today=today(act, found), others=values_of(_live(row)),
        shown=bool(sha256),
    )  # fmt: skip
    if sha256 and stored is None:
        wrong = (*wrong, reason("file.not_uploaded", field="sha256"))
    if wrong:
        raise Stop(*wrong)
    kept = {"name": stored.name, "size": stored.size, "sha256": sha256} if stored else {}
    made = [
        Attainment.objects.create(
            deliverable=row, measure=item.measure, value=item.value, first_day=first, last_day=last, party=party,
            recorded_at=act.now, recorded_by=act.person, file=kept,
        )
        for item in given
    ]  # fmt: skip
    keys = [item.pk for item in made]
    body = {
        "deliverable": deliverable, "attainments": keys, "values": _plain(values), "first": first.isoformat(),
        "last": last.isoformat(), "organisation": party.slug, "sha256": sha256 or None,
    }  # fmt: skip
    _tell(act, row, people_of_side(act, found, "owner"), "mail.attainment_recorded")
    changed(act, Event.ATTAINMENT_RECORDED, found, body=body)
    return Done({"project": project, "deliverable": deliverable, "attainments": keys})


@operation(permission=Permission.DELIVERABLE_CONFIRM, event=Event.ATTAINMENT_ANSWERED)
def confirm_attainment(
    act: Act, *, project: str, deliverable: int, attainments: Keys, agree: bool,
    why: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = "",
) -> Outcome:  # fmt: skip
    """Confirm recorded values, or refuse them with why: the owner or the office, never who recorded them.

    The office may set a confirmed value aside again, with why.
    """
    found = _project(act, project)
    if not roles_on(act, found) & {"owner", *OFFICERS}:
        raise Stop(reason("deliverable.not_to_confirm"))
    no_interest(act, found)
    row = _standing(found, deliverable)
    rows = [find(Attainment, pk=key, deliverable=row) for key in dict.fromkeys(attainments)]
    if wrong := _against(act, found, row, rows, agree=agree, why=why):
        raise Stop(*wrong)
    state = Attainment.State.CONFIRMED if agree else Attainment.State.REFUSED
    for item in rows:
        item.state, item.answered_at, item.answered_by, item.why = state, act.now, act.person, why
        item.save()
    if not agree:
        there = people_of({item.party_id for item in rows}, at=act.now, roles=("owner", "lead", "partner"))
        _tell(act, row, there, "mail.attainment_refused", why=why)
    keys = [item.pk for item in rows]
    body = {"deliverable": deliverable, "attainments": keys, "agree": agree, "why": why}
    changed(act, Event.ATTAINMENT_ANSWERED, found, body=body)
    return Done({"project": project, "deliverable": deliverable, "attainments": keys, "agree": agree})


def values_of(rows: Iterable[Attainment]) -> list[Value]:
    """Recorded values as the decision reads them, without refused ones."""
    return [
        Value(measure=row.measure, value=row.value, first=row.first_day, last=row.last_day, state=row.state)  # type: ignore[arg-type]
        for row in rows
        if row.state != Attainment.State.REFUSED
    ]


def tallies_of(row: Deliverable) -> list[decide.Tally]:
    """Planned, confirmed and waiting of each measure of a deliverable; its values are best read before."""
    rule = book_of(row.project).deliverables
    planned = {name: Decimal(value) for name, value in row.planned.items()}
    return decide.tallies(rule, row.kind, planned, values_of(row.attainments.all())) if rule else []


def _project(act: Act, number: str) -> Project:
    found = seen(act, "project", number)
    assert isinstance(found, Project)
    not_ended(found)
    return found


def _planner(act: Act, number: str) -> Project:
    """The project, for its lead and for the office without a stake in it, until it has ended."""
    found = _project(act, number)
    if not roles_on(act, found) & {"lead", *OFFICERS}:
        raise Stop(reason("deliverable.not_yours"))
    no_interest(act, found)
    return found


def recorder(reader: Reader, project: Project) -> Party | None:
    """The organisation for which a person records: the lead, else a partner at work; None for everybody else."""
    lead = project.bid.consortium.lead
    if lead.pk in reader.acting_for("lead"):
        return lead
    mine = reader.acting_for("partner", "lead") & at_work(project)
    return Party.objects.get(pk=min(mine)) if mine else None


def _standing(project: Project, key: int) -> Deliverable:
    row = find(Deliverable, pk=key, project=project)
    if row.withdrawn_at:
        raise Stop(reason("deliverable.withdrawn"))
    return row


def _live(row: Deliverable) -> list[Attainment]:
    return list(row.attainments.exclude(state=Attainment.State.REFUSED))


def _against(
    act: Act, project: Project, row: Deliverable, rows: list[Attainment], *, agree: bool, why: str
) -> list[Reason]:
    """Every reason against an answer to these values."""
    found = [] if agree or why else [reason("deliverable.why", field="why")]
    for item in rows:
        if item.recorded_by_id == act.person.pk:
            found.append(reason("deliverable.own_value", field="attainments"))
        elif item.party_id in act.reader.parties:
            found.append(reason("deliverable.own_side", field="attainments"))
        if item.state == Attainment.State.REFUSED or (agree and item.state == Attainment.State.CONFIRMED):
            days = {"first": item.first_day.isoformat(), "last": item.last_day.isoformat()}
            found.append(reason("deliverable.answered", field="attainments", **days))
        elif item.state == Attainment.State.CONFIRMED and not act.roles & OFFICERS:
            found.append(reason("deliverable.office_only", field="attainments"))
    chosen = {item.pk for item in rows}
    old = [item for item in _live(row) if item.state == Attainment.State.CONFIRMED and item.pk not in chosen]
    counted = values_of([*old, *(rows if agree else [])])
    found += decide.confirm_faults(book_of(project), counted)
    return [item for place, item in enumerate(found) if item not in found[:place]]


def _taken(project: Project, kind: str, name: str) -> bool:
    rows = Deliverable.objects.filter(project=project, kind=kind, withdrawn_at=None)
    return any(name.casefold() in map(str.casefold, texts_of(row.name).values()) for row in rows)


def _tell(act: Act, row: Deliverable, people: Iterable[User], code: str, **more: str) -> None:
    link = page_at(f"/projects/{row.project.number}/deliverables/{row.pk}/")
    for person in people:
        act.mail(person, code, number=row.project.number, name=_name(row), link=link, **more)


def _name(row: Deliverable) -> str:
    return next(iter(texts_of(row.name).values()), row.kind)


def _plain(values: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: f"{value.normalize():f}" for name, value in values.items()}
