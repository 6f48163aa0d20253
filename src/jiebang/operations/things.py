"""The four things that move, found by kind and number, and how a person stands to one."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Model, Q, prefetch_related_objects

from jiebang.operations.kernel import Act, Stop
from jiebang.operations.names import Event
from jiebang.records.access import Reader, readable
from jiebang.records.bids.models import Bid, Invitation
from jiebang.records.challenges.models import Challenge, Need
from jiebang.records.people.models import Organisation, Party
from jiebang.records.people.roles import OFFICE
from jiebang.records.programme.models import Call
from jiebang.records.programme.queries import rulebook
from jiebang.records.projects.models import Project
from jiebang.records.reviews.models import Assignment
from jiebang.records.staged import Staged
from jiebang.rules.reasons import reason
from jiebang.rules.schema import Kind, Rulebook

Row = TypeVar("Row", bound=Model)
Thing = Need | Challenge | Bid | Project
Values = Mapping[str, Any]

# What one must be allowed to read of a thing to be told that it exists.
SEEN: dict[Kind, str] = {"need": "need_content", "challenge": "challenge", "bid": "bid", "project": "project"}
MODELS: dict[Kind, type[Staged]] = {"need": Need, "challenge": Challenge, "bid": Bid, "project": Project}


# what nearly every act on a thing goes on to read, fetched with it
RELATED: dict[type[Model], tuple[str, ...]] = {
    Need: ("call",),
    Challenge: ("call", "need"),
    Bid: ("challenge__call", "challenge__need", "consortium"),
    Project: ("challenge__call", "challenge__need", "bid__consortium"),
    Assignment: ("bid__challenge__call", "bid__challenge__need", "bid__consortium"),
}


def find(model: type[Row], /, **where: object) -> Row:
    """The one row, locked for this transaction; a refusal where there is none."""
    rows = model._default_manager.select_for_update(of=("self",)).select_related(*RELATED.get(model, ()))
    try:
        return rows.get(**where)
    except model.DoesNotExist:  # type: ignore[attr-defined]
        given = ", ".join(str(value) for value in where.values())
        raise Stop(reason("access.not_found", kind=str(model._meta.verbose_name), number=given)) from None


def find_thing(kind: Kind, number: str) -> Thing:
    """A need, challenge, bid or project by its number."""
    return find(MODELS[kind], number=number)  # type: ignore[return-value]


def seen(act: Act, kind: Kind, number: str) -> Thing:
    """The same for the acting person: what they may not see is refused in the words of what does not exist."""
    thing = find_thing(kind, number)
    if not sees(act.reader, thing):
        raise Stop(reason("access.not_found", kind=kind, number=number))
    return thing


def sees(reader: Reader, thing: Thing) -> bool:
    """Whether a person may know of a thing under the disclosure policy."""
    kind = kind_of(thing)
    allowed = readable(SEEN[kind], of=kind, reader=reader, rulebooks=[call_of(thing).rulebook_id])
    return MODELS[kind]._default_manager.filter(allowed, pk=thing.pk).exists()


def no_interest(act: Act, thing: Thing) -> None:
    """Nobody decides for the office on a thing in which a party of theirs has a stake."""
    if not act.roles & OFFICE:
        return
    if (mine := act.reader.parties) and mine & (interested(thing) | bidders(thing)):
        raise Stop(reason("four_eyes.interested"))


def with_interest(act: Act, challenges: Collection[Challenge]) -> list[str]:
    """Numbers of the challenges in which a party of the acting person has a stake, as `no_interest` asks it of one."""
    mine = act.reader.parties if act.roles & OFFICE else frozenset()
    if not mine:
        return []
    accepted = Q(
        bids__consortium__invitations__partner__in=mine,
        bids__consortium__invitations__status__in=Invitation.IN_THE_BID,
    )
    owned = Q(need__owner__in=mine) | Q(need__co_owners__in=mine)
    rows = Challenge.objects.filter(owned | Q(bids__consortium__lead__in=mine) | accepted)
    keys = [item.pk for item in challenges]
    return list(rows.filter(pk__in=keys).order_by("number").values_list("number", flat=True).distinct())


def kind_of(thing: Thing) -> Kind:
    """`need`, `challenge`, `bid` or `project`."""
    return thing._meta.model_name  # type: ignore[return-value]


def subject(thing: Thing) -> str:
    """How the journal names a thing: `challenge:GX-2026-001`."""
    return f"{kind_of(thing)}:{thing.number}"


def remember(
    act: Act, event: Event, thing: Thing, *, body: Values | None = None, private: Values | None = None
) -> None:
    """Journal an event about a thing, under the rulebook that rules it."""
    rulebook = call_of(thing).rulebook_id
    act.journal(event, subject(thing), rulebook=rulebook, body=body, private=private)


def call_of(thing: Thing) -> Call:
    """The call whose frozen rulebook rules the thing."""
    if isinstance(thing, Need | Challenge):
        return thing.call
    return thing.challenge.call


def book_of(thing: Thing) -> Rulebook:
    """The rulebook that rules the thing."""
    return rulebook(call_of(thing).rulebook_id)


def today(act: Act, thing: Thing) -> date:
    """The day it is at the programme's place, not in UTC."""
    return day_of(act.now, thing)


def day_of(moment: datetime, thing: Thing) -> date:
    """The day that a moment falls on at the programme's place, not in UTC."""
    return moment.astimezone(ZoneInfo(book_of(thing).timezone)).date()


def need_of(thing: Thing) -> Need:
    """The need at the root of the thing."""
    if isinstance(thing, Need):
        return thing
    return thing.need if isinstance(thing, Challenge) else thing.challenge.need


def bid_of(thing: Thing) -> Bid | None:
    """The bid behind a bid or project."""
    if isinstance(thing, Bid):
        return thing
    return thing.bid if isinstance(thing, Project) else None


def roles_on(act: Act, thing: Thing) -> frozenset[str]:
    """The roles in which the acting person stands to this thing, not to others of its kind."""
    roles = set(act.roles & OFFICE) | {"public"}
    need = need_of(thing)
    if (mine := act.reader.acting_for("owner")) and mine & owners(need):
        roles.add("owner")
    if act.reader.holds("country_desk", scope=need.country):
        roles.add("country_desk")
    if bid := bid_of(thing):
        roles |= _bid_roles(act, bid, _there(thing))
    return frozenset(roles)


def keeps_desk_of(act: Act, party: Party) -> bool:
    """Whether the acting person keeps the desk of the country of an organisation."""
    countries = Organisation.objects.filter(party=party).exclude(country="").values_list("country", flat=True)
    return any(act.reader.holds("country_desk", scope=country) for country in countries)


def owners(need: Need) -> frozenset[int]:
    """Ids of the parties that own a need."""
    prefetch_related_objects([need], "co_owners")  # asked again and again in one act: read once
    return frozenset({need.owner_id, *(party.pk for party in need.co_owners.all())})


def members(bid: Bid, there: Collection[str] = Invitation.IN_THE_BID) -> frozenset[int]:
    """Ids of the lead and its partners: those in the bid, or as `there` says those at work now."""
    prefetch_related_objects([bid.consortium], "invitations")
    invited = bid.consortium.invitations.all()
    return frozenset(
        {bid.consortium.lead_id, *(place.partner_id for place in invited if place.status in there)}
    )


def at_work(project: Project) -> frozenset[int]:
    """Ids of the lead and the partners that work on a project now."""
    return members(project.bid, Invitation.AT_WORK)


def interested(thing: Thing) -> frozenset[int]:
    """Parties with a stake: owners and, of a bid or project, the consortium. Officials among them step aside."""
    bid = bid_of(thing)
    return owners(need_of(thing)) | (members(bid, _there(thing)) if bid else frozenset())


def bidders(thing: Thing) -> frozenset[int]:
    """Parties in any bid on the challenge that is decided: what one gets, the others do not; none of a need or project."""
    if not isinstance(thing, Challenge | Bid):
        return frozenset()
    bids = Bid.objects.filter(challenge=thing.challenge if isinstance(thing, Bid) else thing)
    partners = Invitation.objects.filter(consortium__bid__in=bids, status__in=Invitation.IN_THE_BID)
    return frozenset(
        {*bids.values_list("consortium__lead", flat=True), *partners.values_list("partner", flat=True)}
    )


def _there(thing: Thing) -> Collection[str]:
    """Which partners count: of a project those at work now, else those in the bid."""
    return Invitation.AT_WORK if isinstance(thing, Project) else Invitation.IN_THE_BID


def _bid_roles(act: Act, bid: Bid, there: Collection[str]) -> set[str]:
    roles = set()
    if bid.consortium.lead_id in act.reader.acting_for("lead"):
        roles.add("lead")
    if (mine := act.reader.acting_for("partner", "lead")) and mine & (
        members(bid, there) - {bid.consortium.lead_id}
    ):
        roles.add("partner")
    return roles
