"""Why a person must not judge a bid, and keeping the stored blocks true when what they follow from changes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.db.models import Prefetch, Q, prefetch_related_objects

from jiebang.decisions import lifecycle
from jiebang.decisions.conflicts import Block as Found
from jiebang.decisions.conflicts import link_of
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import Engagement, ExpertProfile, Party, User
from jiebang.records.people.queries import running
from jiebang.records.programme.queries import rulebook, rulebooks_in_use
from jiebang.records.reviews.interests import blocks_on
from jiebang.records.reviews.models import Assignment, Block, Conflict
from jiebang.rules.reasons import Param, Reason, reason


def against(bid: Bid, person: User, *, at: datetime) -> list[Reason]:
    """Every reason why a person must not judge a bid: interest, membership, availability, load."""
    found = []
    if not person.engagements.filter(running(at=at), role="expert").exists():
        found.append(reason("review.not_an_expert", expert=person.name))
    if bid.assignments.filter(expert=person).exclude(status=Assignment.Status.RELEASED).exists():
        found.append(reason("review.assigned", expert=person.name))
    found += interests(bid, person, at=at)
    profile = getattr(person, "expert", None)
    if profile is not None and not available(profile, on=at.date(), until=bid.challenge.due_at):
        found.append(reason("review.unavailable", expert=person.name))
    load = open_loads([person.pk], bid.challenge).get(person.pk, 0)
    if (most := most_load(bid.challenge, profile)) is not None and load >= most:
        found.append(reason("review.full", expert=person.name, count=load))
    return found


def interests(bid: Bid, person: User, *, at: datetime) -> list[Reason]:
    """Every interest of a person in the outcome, as the rulebook closes the links and the records are now."""
    return told(_rows(blocks_on([bid], experts=[person.pk], at=at), at=at))


def available(profile: ExpertProfile, *, on: date, until: datetime | None) -> bool:
    """Whether an expert is there from a day to the end of the review, where that is known."""
    last = until.date() if until else on
    begun = profile.available_from is None or profile.available_from <= on
    return begun and (profile.available_until is None or profile.available_until >= last)


def open_loads(experts: Collection[int], challenge: Challenge) -> dict[int, int]:
    """How many bids of the challenge's call each of these persons has to judge now."""
    rows = Assignment.objects.filter(
        expert__in=experts, status__in=Assignment.OPEN, bid__challenge__call=challenge.call_id
    )
    found: dict[int, int] = {}
    for expert in rows.values_list("expert", flat=True):
        found[expert] = found.get(expert, 0) + 1
    return found


def most_load(challenge: Challenge, profile: ExpertProfile | None) -> int | None:
    """How many bids of the call a person may have to judge at a time; None for no limit."""
    scoring = rulebook(challenge.call.rulebook_id).scoring
    own = profile.max_load if profile is not None else None
    return scoring.max_load if own is None and scoring else own


def told(blocks: Iterable[Block]) -> list[Reason]:
    """Blocks as reasons, each once."""
    rows = list(blocks)
    organisations = Party.objects.select_related("organisation")
    prefetch_related_objects(rows, "expert", "via", Prefetch("party", queryset=organisations))
    found: dict[tuple[object, ...], Reason] = {}
    for row in rows:
        found.setdefault((row.expert_id, row.kind, row.party_id, row.stake, row.via_id), _told(row))
    return list(found.values())


def _told(row: Block) -> Reason:
    if row.party is None:
        return reason("review.conflict", expert=row.expert.name, kind=row.kind)
    link, names = link_of(row.kind), getattr(row.party, "organisation", None)
    said: dict[str, Param] = {"expert": row.expert.name, "stake": row.stake}
    said["organisation"] = (names.names or names.name) if names else row.party.slug
    if row.via is None:
        return reason("conflict.direct", link=link, **said)
    return reason("conflict.through", through=link, via=row.via.name, **said)


def refresh(challenges: Collection[Challenge], *, at: datetime) -> None:
    """Write the blocks of all experts on the bids of some challenges anew."""
    pool = Engagement.objects.filter(running(at=at), role="expert").values_list("person", flat=True)
    asked = Assignment.objects.filter(bid__challenge__in=challenges).values_list("expert", flat=True)
    bids = list(Bid.objects.filter(challenge__in=challenges).select_related("challenge__call"))
    _store(bids, {*pool, *asked}, at=at)


def refresh_people(people: Collection[User], *, at: datetime) -> None:
    """Write anew the blocks of persons whose links changed, and of experts linked to them, on all bids open to the office."""
    bids = list(_open_bids())
    if not bids:
        return
    keys = {person.pk for person in people}
    near = Conflict.objects.filter(Q(expert__in=keys) | Q(other__in=keys), lifted_at=None)
    for expert, other in near.values_list("expert", "other"):
        keys |= {expert, other} - {None}
    if any(book.conflicts and book.conflicts.steps > 2 for book in rulebooks_in_use()):
        shared = Engagement.objects.filter(person__in=keys).values("party")
        keys |= set(Engagement.objects.filter(party__in=shared).values_list("person", flat=True))
    experts = Engagement.objects.filter(person__in=keys, role="expert").values_list("person", flat=True)
    asked = Assignment.objects.filter(expert__in=keys).values_list("expert", flat=True)
    _store(bids, {*experts, *asked}, at=at)


def _open_bids() -> Iterable[Bid]:
    """The bids that the office may read and on which something is still to be decided."""
    wanted = Q(pk__in=[])
    for call, version in Challenge.objects.values_list("call", "call__rulebook").distinct():
        book = rulebook(version)
        opened = lifecycle.stages_with(book, kind="challenge", flag="bids_opened")
        over = lifecycle.stages_with(book, kind="challenge", flag="final")
        wanted |= Q(challenge__call=call, challenge__stage__in=set(opened) - set(over))
    return Bid.objects.filter(wanted).select_related("challenge__call")


def _store(bids: Sequence[Bid], experts: Collection[int], *, at: datetime) -> None:
    """Replace the blocks of these pairs; what stays as it was is left alone."""
    here = Block.objects.filter(bid__in=[bid.pk for bid in bids], expert__in=experts)
    rows = _rows(blocks_on(bids, experts=experts, at=at), at=at)
    old = {_key(row): row.pk for row in here}
    new = {_key(row): row for row in rows}
    Block.objects.filter(pk__in=[pk for key, pk in old.items() if key not in new]).delete()
    Block.objects.bulk_create(row for key, row in new.items() if key not in old)


def _key(row: Block) -> tuple[object, ...]:
    return row.expert_id, row.bid_id, row.kind, row.party_id, row.stake, row.via_id


def _rows(found: Iterable[Found], *, at: datetime) -> list[Block]:
    return [
        Block(expert_id=item.expert, bid_id=item.bid, kind=item.kind, party_id=item.party, stake=item.stake,
              via_id=item.via, found_at=at)
        for item in found
    ]  # fmt: skip


def blocks_of(challenge: Challenge) -> dict[tuple[int, int], list[Block]]:
    """The stored blocks on a challenge's bids, by bid and expert."""
    found: dict[tuple[int, int], list[Block]] = {}
    for row in Block.objects.filter(bid__challenge=challenge).order_by("pk"):
        found.setdefault((row.bid_id, row.expert_id), []).append(row)
    return found
