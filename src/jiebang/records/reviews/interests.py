"""The links of experts and the stakes in bids, as records have them, closed by the rulebook into blocks."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time

from django.db.models import Q

from jiebang.decisions.conflicts import ANY, Block, Stakes, Tie, blocks
from jiebang.records.bids.models import Bid, Invitation
from jiebang.records.challenges.models import Need
from jiebang.records.people.models import Engagement
from jiebang.records.programme.queries import rulebook
from jiebang.records.reviews.models import Conflict


def blocks_on(bids: Sequence[Bid], *, experts: Collection[int], at: datetime) -> tuple[Block, ...]:
    """Why these experts must not judge these bids, each under its own rulebook, as the records are now.

    The bids come with `challenge__call`.
    """
    if not bids or not experts:
        return ()
    found: list[Block] = []
    for version in dict.fromkeys(bid.challenge.call.rulebook_id for bid in bids):
        mine = [bid for bid in bids if bid.challenge.call.rulebook_id == version]
        rule = rulebook(version).conflicts or ANY
        found += blocks(
            rule, ties=ties_of(experts, steps=rule.steps), declared=_declared(mine, experts), experts=set(experts),
            bids=stakes_in(mine), at=at,
        )  # fmt: skip
    return tuple(found)


def ties_of(people: Collection[int], *, steps: int) -> list[Tie]:
    """The links of persons, and of those whom they lead to, as far as so many steps can use them."""
    found: dict[Tie, None] = {}
    seen, frontier = set(people), set(people)
    for left in range(steps, 0, -1):
        ties = [*_engaged(Q(person__in=frontier)), *_stated(frontier)]
        found |= dict.fromkeys(ties)
        onward = {end for tie in ties for end in (tie.person, tie.other) if end is not None}
        if left > 2:  # to a party, to a colleague there, and on
            parties = {tie.party for tie in ties if tie.party is not None}
            onward |= {tie.person for tie in _engaged(Q(party__in=parties))}
        frontier = onward - seen
        seen |= frontier
        if not frontier:
            break
    return list(found)


def stakes_in(bids: Sequence[Bid]) -> dict[int, Stakes]:
    """Who has a stake in each bid: members of any bid on its challenge, sent or not, and owners of its need."""
    challenges = {bid.challenge_id for bid in bids}
    all_bids = Bid.objects.filter(challenge__in=challenges)
    members: dict[int, set[int]] = {}
    on: dict[int, set[int]] = {}
    for pk, challenge, lead in all_bids.values_list("pk", "challenge", "consortium__lead"):
        members.setdefault(pk, set()).add(lead)
        on.setdefault(challenge, set()).add(pk)
    accepted = Invitation.objects.filter(consortium__bid__in=all_bids, status__in=Invitation.IN_THE_BID)
    for pk, partner in accepted.values_list("consortium__bid", "partner"):
        members[pk].add(partner)
    owners = _owners(challenges)
    return {
        bid.pk: Stakes(
            members=frozenset(members[bid.pk]), owners=owners[bid.challenge_id],
            rivals=frozenset().union(*(members[pk] for pk in on[bid.challenge_id] - {bid.pk})),
        )
        for bid in bids
    }  # fmt: skip


def _owners(challenges: Collection[int]) -> dict[int, frozenset[int]]:
    rows = Need.objects.filter(challenges__in=challenges)
    found: dict[int, set[int]] = {}
    for challenge, owner, co_owner in rows.values_list("challenges", "owner", "co_owners"):
        found.setdefault(challenge, set()).update({owner, co_owner} - {None})
    return {challenge: frozenset(parties) for challenge, parties in found.items()}


def _declared(bids: Iterable[Bid], experts: Collection[int]) -> set[tuple[int, int, str]]:
    rows = Conflict.objects.filter(bid__in=[bid.pk for bid in bids], expert__in=experts, lifted_at=None)
    return set(rows.exclude(kind="none").values_list("expert", "bid", "kind"))


def _engaged(where: Q) -> list[Tie]:
    rows = Engagement.objects.filter(where).order_by("pk").values_list("person", "party", "since", "until")
    return [
        Tie(person=person, kind="same_organisation", party=party, since=since, until=until)
        for person, party, since, until in rows
    ]


def _stated(people: Collection[int]) -> list[Tie]:
    rows = Conflict.objects.filter(Q(expert__in=people) | Q(other__in=people), lifted_at=None)
    rows = rows.filter(Q(party__isnull=False) | Q(other__isnull=False)).exclude(kind="none").order_by("pk")
    return [
        Tie(
            person=expert, kind=kind, party=party, other=other, since=_midnight(since), until=_midnight(until)
        )
        for expert, kind, party, other, since, until in rows.values_list(
            "expert", "kind", "party", "other", "since", "until"
        )
    ]


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), tzinfo=UTC) if day else None
