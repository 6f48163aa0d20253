"""Who does which part of a project, and where: recorded by its lead or the office, withdrawn with a reason."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import StringConstraints

from jiebang.decisions.chain import Told, faults
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed, not_ended
from jiebang.operations.names import Event, Permission
from jiebang.operations.registration import country_of
from jiebang.operations.statements import Said, statement
from jiebang.operations.things import book_of, find, interested, no_interest, roles_on, seen, today
from jiebang.records.people.models import Organisation, Party
from jiebang.records.people.roles import OFFICERS
from jiebang.records.projects.models import ChainPart, Project
from jiebang.rules.reasons import reason

Where = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Country = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^([A-Za-z]{2})?$")]
Region = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^([A-Za-z]{2}-[A-Za-z0-9]{1,3})?$")
]
Because = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


@operation(permission=Permission.CHAIN_RECORD, event=Event.CHAIN_RECORDED)
def record_chain_part(
    act: Act, *, project: str, organisation: str, link: str, place: Where, does: Said, country: Country = "",
    region: Region = "", share: Decimal | None = None, share_of: Literal["", "effort", "money"] = "",
    since: date | None = None, lang: str = "",
) -> Outcome:  # fmt: skip
    """Record what an organisation does in a project: which link of the chain, where, since when, which share.

    The lead names parties of the project; the office may name any organisation. Country and region are the
    organisation's own where none is given.
    """
    found = _mine(act, project)
    party = find(Party, slug=organisation, kind=Party.Kind.ORGANISATION)
    land, area = _placed(party, country, region)
    told = Told(
        link=link, country=land, region=area, share=share, share_of=share_of, since=since or today(act, found)
    )
    wrong = faults(
        book_of(found), told, today=today(act, found), belongs=party.pk in interested(found),
        office=bool(act.roles & OFFICERS), held=_held(found, party), shares=_shares(found, share_of),
    )  # fmt: skip
    if country and country_of(country, book=book_of(found)) != country:
        wrong = (*wrong, reason("organisation.country_unknown", field="country", value=country))
    if wrong:
        raise Stop(*wrong)
    row = ChainPart.objects.create(
        project=found, party=party, link=link, country=land, region=area, place=place, share=share, share_of=share_of,
        does=statement(does, lang=lang or act.language), since=told.since, recorded_at=act.now, recorded_by=act.person,
    )  # fmt: skip
    body = {
        "part": row.pk, "organisation": organisation, "link": link, "country": land, "region": area, "place": place,
        "share": None if share is None else str(share), "share_of": share_of, "since": told.since.isoformat(), "does": does,
    }  # fmt: skip
    changed(act, Event.CHAIN_RECORDED, found, body=body)
    return Done({"project": project, "part": row.pk})


@operation(permission=Permission.CHAIN_RECORD, event=Event.CHAIN_WITHDRAWN)
def withdraw_chain_part(act: Act, *, project: str, part: int, why: Because) -> Outcome:
    """Withdraw a part that is over or was wrong, with the reason; it stays in the project's record."""
    found = _mine(act, project)
    row = find(ChainPart, pk=part, project=found)
    if row.withdrawn_at:
        raise Stop(reason("chain.withdrawn"))
    row.withdrawn_at, row.withdrawn_by, row.why = act.now, act.person, why
    row.save()
    changed(act, Event.CHAIN_WITHDRAWN, found, body={"part": part, "link": row.link, "why": why})
    return Done({"project": project, "part": part})


def _mine(act: Act, number: str) -> Project:
    """The project, for its lead and for the office without a stake in it, until it has ended."""
    found = seen(act, "project", number)
    assert isinstance(found, Project)
    if not roles_on(act, found) & {"lead", *OFFICERS}:
        raise Stop(reason("chain.not_yours"))
    no_interest(act, found)
    not_ended(found)
    return found


def _placed(party: Party, country: str, region: str) -> tuple[str, str]:
    """Country and region as given, else the organisation's own."""
    own = Organisation.objects.get(party=party)
    land = country or own.country
    return land, region or (own.region if land == own.country else "")


def _held(project: Project, party: Party) -> frozenset[str]:
    rows = ChainPart.objects.filter(project=project, party=party, withdrawn_at=None)
    return frozenset(rows.values_list("link", flat=True))


def _shares(project: Project, share_of: str) -> list[Decimal]:
    rows = ChainPart.objects.filter(project=project, share_of=share_of, withdrawn_at=None)
    return [share for share in rows.values_list("share", flat=True) if share is not None]
