"""The records of some challenges as a round bundle: the web and `round run` decide on the same data.

Ids are the public numbers, organisations' slugs and experts' pseudonyms.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation

from jiebang.decisions import bundle as data
from jiebang.decisions import lifecycle
from jiebang.decisions.bundle_kept import from_plain
from jiebang.decisions.bundle_text import digest
from jiebang.decisions.scores import is_calibrated
from jiebang.records.awards.models import Decision, Draw, Inputs
from jiebang.records.awards.queries import decided_beside, last_inputs, standing_in
from jiebang.records.bids.models import Bid, BidContent
from jiebang.records.bundle_reviews import beside, declared, interests, partners, reviews
from jiebang.records.challenges.models import Challenge, Need
from jiebang.records.people.models import Evidence, Organisation, User
from jiebang.records.programme.models import Call
from jiebang.rules.schema import Rulebook

Standing = Mapping[int, Collection[str]]

# What an instance knows of each thing: an exported bundle has these columns, so that rules find the same facts.
_CARRIED = {
    "organisations": "id name country region type registered_on legal_status",
    "evidence": "organisation kind issued_on expires_on status",
    "challenges": "id title owner budget currency opens_at closes_at",
    "bids": "id challenge lead lead_person amount submitted_at",
    "members": "bid organisation role",
    "modes": "bid mode",
    "experts": "id languages max_load",
    "conflicts": "expert organisation bid kind",
    "reviews": "bid expert criterion score",
    "calibration": "bid expert criterion score",
}


def of_challenges(
    rulebook: Rulebook, challenges: Sequence[Challenge], *, as_of: datetime, standing: Standing | None = None
) -> data.Bundle:
    """A bundle of whole challenges with all bids that were ever sent.

    `standing` are challenges (by key) whose result stands from before, with the numbers of their awarded bids.
    """
    before = standing or {}
    bids, draws = list(_bids(challenges)), _draws(rulebook, challenges)
    contents = {bid.pk: sent_content(bid) for bid in bids}
    parties = {challenge.need.owner_id for challenge in challenges}
    for bid in bids:
        parties |= {bid.consortium.lead_id, *(i.partner_id for i in partners(bid))}
    organisations = list(
        Organisation.objects.filter(party__in=parties).select_related("party").order_by("party__slug")
    )
    return _bundle(
        rulebook, as_of=as_of, name=",".join(item.number for item in challenges),
        challenges=tuple(_challenge(item, draws.get(item.pk), stands=item.pk in before) for item in challenges),
        bids=tuple(
            _bid(rulebook, bid, contents[bid.pk], awarded=bid.number in before.get(bid.challenge_id, ())) for bid in bids
        ),
        organisations=tuple(map(_organisation, organisations)),
        evidence=tuple(_evidence(parties)),
        members=tuple(member for bid in bids for member in _members(bid)),
        modes=tuple(data.Mode(bid=b.number, mode=str(m)) for b in bids for m in _list(contents[b.pk], "modes")),
        experts=tuple(_experts(bids)),
        conflicts=(*declared(rulebook, bids, parties), *interests(bids, as_of=as_of)),
        reviews=tuple(reviews(bids)), **_beside(rulebook, challenges, as_of),
    )  # fmt: skip


def of_call(rulebook: Rulebook, call: Call) -> tuple[data.Bundle, list[str]]:
    """The opened challenges of a call as they last moved, and the numbers of those whose bids are still sealed.

    Where a call is awarded together, what the last proposal took as decided before is told so.
    """
    opened = opened_in(rulebook, call)
    latest = max((item.updated_at for item in opened), default=call.opened_at)
    bundle = together(rulebook, call, opened=opened, as_of=latest, apart_from=last_inputs(call))
    sealed = Challenge.objects.filter(call=call).exclude(pk__in=[item.pk for item in opened])
    return bundle, list(sealed.order_by("number").values_list("number", flat=True))


def opened_in(rulebook: Rulebook, call: Call) -> list[Challenge]:
    """The challenges of a call whose bids are opened, by number."""
    stages = lifecycle.stages_with(rulebook, kind="challenge", flag="bids_opened")
    rows = Challenge.objects.filter(call=call, stage__in=stages)
    return list(rows.select_related("call", "need__owner").order_by("number"))


def together(
    rulebook: Rulebook, call: Call, *, opened: Sequence[Challenge], as_of: datetime, apart_from: str = ""
) -> data.Bundle:
    """A bundle of opened challenges of a call.

    Where they are awarded together, those whose result is final are told to stand unless it came of the inputs `apart_from`.
    """
    over = rulebook.award is not None and rulebook.award.over_call
    before = standing_in(call, apart_from=apart_from) if over else {}
    return of_challenges(rulebook, opened, as_of=as_of, standing=before)


def beside_others(rulebook: Rulebook, challenge: Challenge, *, as_of: datetime) -> data.Bundle:
    """A bundle to decide one challenge; where a call is awarded together, beside all that was decided of its others."""
    if rulebook.award is None or not rulebook.award.over_call:
        return of_challenges(rulebook, [challenge], as_of=as_of)
    before = decided_beside(challenge)
    rows = Challenge.objects.filter(pk__in=[challenge.pk, *before]).select_related("call", "need__owner")
    return of_challenges(rulebook, list(rows.order_by("number")), as_of=as_of, standing=before)


def of_proposal(call: Call, *, number: str) -> data.Bundle | None:
    """What the current proposal on a challenge of the call was computed from, as it stood then; None without one."""
    decided = Decision.objects.filter(challenge__call=call, challenge__number=number, current=True)
    read = Inputs.objects.filter(sha256__in=decided.values("inputs")).first()
    return from_plain(read.bundle) if read else None


def last_proposal(call: Call) -> data.Bundle | None:
    """What the last proposal in a call read; None where nothing was proposed."""
    read = Inputs.objects.filter(sha256=last_inputs(call)).first()
    return from_plain(read.bundle) if read else None


def of_draft(rulebook: Rulebook, bid: Bid, *, content: Mapping[str, object], as_of: datetime) -> data.Bundle:
    """A bundle with one bid as if it were sent now, beside what its lead sent on that challenge before: nobody else's."""
    before = [
        row
        for row in _bids([bid.challenge])
        if row.consortium.lead_id == bid.consortium.lead_id and row.pk != bid.pk
    ]
    parties = {bid.challenge.need.owner_id, bid.consortium.lead_id, *(i.partner_id for i in partners(bid))}
    organisations = (
        Organisation.objects.filter(party__in=parties).select_related("party").order_by("party__slug")
    )
    sent = replace(_bid(rulebook, bid, content), submitted_at=as_of, facts={})
    return _bundle(
        rulebook, as_of=as_of, name=bid.number, challenges=(_challenge(bid.challenge),),
        bids=(*(_bid(rulebook, row, sent_content(row)) for row in before), sent),
        organisations=tuple(map(_organisation, organisations)), evidence=tuple(_evidence(parties)),
        members=tuple(_members(bid)),
        modes=tuple(data.Mode(bid=bid.number, mode=str(mode)) for mode in _list(content, "modes")),
    )  # fmt: skip


def of_need(rulebook: Rulebook, need: Need, *, as_of: datetime) -> data.Bundle:
    """A bundle with one need in the place of a challenge, to ask the rules on its owner."""
    organisations = Organisation.objects.filter(party=need.owner_id).select_related("party")
    posted = data.Challenge(
        id=need.number, owner=need.owner.slug, opens_at=need.submitted_at or as_of, facts=need.content
    )
    return _bundle(
        rulebook, as_of=as_of, name=need.number, challenges=(posted,), bids=(),
        organisations=tuple(map(_organisation, organisations)), evidence=tuple(_evidence({need.owner_id})),
    )  # fmt: skip


def sent_content(bid: Bid) -> Mapping[str, object]:
    """The content last sent, or the draft while nothing was sent."""
    versions = list(bid.contents.all())
    sent = [(row.sent_at, row.pk, row) for row in versions if row.sent_at is not None]
    found = max(sent or [(row.saved_at, row.pk, row) for row in versions], default=None)
    return found[-1].content if found else {}


def draft_of(bid: Bid) -> BidContent | None:
    """The draft being worked on, if any."""
    return bid.contents.filter(sent_at=None).first()


def _bundle(rulebook: Rulebook, *, as_of: datetime, name: str, **parts: tuple[object, ...]) -> data.Bundle:
    made = data.Bundle(
        name=name, digest="", timezone=rulebook.timezone, currency=rulebook.currency, as_of=as_of,
        carried=_carried(parts), files={}, **parts,  # type: ignore[arg-type]
    )  # fmt: skip
    return replace(made, digest=digest(made))


def _carried(parts: Mapping[str, tuple[object, ...]]) -> frozenset[str]:
    """The columns of the tables that are there, and a column for each fact that any of their rows has."""
    known = {f"{table}.{column}" for table in parts for column in _CARRIED[table].split()}
    own = {
        f"{table}.{key}" for table, rows in parts.items() for row in rows for key in getattr(row, "facts", ())
    }
    stated = {
        f"{table}.confidence" for table in parts for row in parts[table] if getattr(row, "confidence", None)
    }
    return frozenset(known | own | stated | set(parts))


def scalars(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts as a cell can hold them: texts, answers, and numbers as decimals; lists and maps are left out."""
    kept = {
        key: value for key, value in facts.items() if isinstance(value, str | bool | int | float | Decimal)
    }
    numbers = {key: Decimal(str(v)) for key, v in kept.items() if not isinstance(v, str | bool)}
    return {**kept, **numbers}


def _bids(challenges: Sequence[Challenge]) -> Iterable[Bid]:
    sent = Bid.objects.filter(challenge__in=challenges, submitted_at__isnull=False)
    rows = sent.select_related("consortium__lead", "challenge__call", "lead_person").order_by(
        "submitted_at", "pk"
    )
    return rows.prefetch_related("contents", "consortium__invitations__partner", "owner_views")


def _draws(rulebook: Rulebook, challenges: Sequence[Challenge]) -> dict[int, Draw]:
    """The current draws of a lottery by challenge."""
    if rulebook.award is None or rulebook.award.rule != "lottery":
        return {}
    return {row.challenge_id: row for row in Draw.objects.filter(challenge__in=challenges, current=True)}


def _draw_facts(draw: Draw) -> dict[str, object]:
    listed = {"draw_list": json.dumps(draw.pool, sort_keys=True, ensure_ascii=False)}
    return {**listed, "draw_seed": draw.seed} if draw.seed else {**listed}


def without(read: data.Bundle, pairs: Collection[tuple[str, str]]) -> data.Bundle:
    """The same as if the reviews of these bids by these experts (pseudonyms) had not been signed."""
    kept = tuple(item for item in read.reviews or () if (item.bid, item.expert) not in pairs)
    made = replace(read, digest="", reviews=kept)
    return replace(made, digest=digest(made))


def drawn(read: data.Bundle, draw: Draw, *, gone: Collection[str]) -> data.Bundle:
    """What a proposal on one challenge read, with the draw that came since and the bids (`gone`) that left: nothing else new."""
    (posted,), facts = read.challenges, _draw_facts(draw)
    bids = (replace(b, facts={**b.facts, "status": "withdrawn"}) if b.id in gone else b for b in read.bids)
    own = {f"challenges.{name}" for name in facts} | ({"bids.status"} if gone else set())
    made = replace(
        read, digest="", carried=read.carried | own, bids=tuple(bids),
        challenges=(replace(posted, facts={**posted.facts, **facts}),),
    )  # fmt: skip
    return replace(made, digest=digest(made))


def _challenge(item: Challenge, draw: Draw | None = None, *, stands: bool = False) -> data.Challenge:
    racing: dict[str, object] = {"racing": True, "max_leads": item.max_leads} if item.max_leads > 1 else {}
    before = {"decided": True} if stands else {}
    sector = {"sector": item.sector} if item.sector else {}
    facts = {**sector, **racing, **(_draw_facts(draw) if draw else {}), **before}
    return data.Challenge(
        id=item.number, title=next(iter(item.title.values()), None), owner=item.need.owner.slug, budget=item.budget,
        currency=item.currency, opens_at=item.listed_at, closes_at=item.closes_at,
        facts=facts,
    )  # fmt: skip


def _bid(rulebook: Rulebook, bid: Bid, content: Mapping[str, object], *, awarded: bool = False) -> data.Bid:
    gone = lifecycle.targets(rulebook, kind="bid", command="withdraw_bid")
    gone |= lifecycle.targets(rulebook, kind="bid", command="revoke_bid")
    return data.Bid(
        id=bid.number, challenge=bid.challenge.number, lead=bid.consortium.lead.slug,
        lead_person=bid.lead_person.pseudonym if bid.lead_person else None, amount=amount_of(content),
        submitted_at=bid.submitted_at, facts={**_bid_facts(bid, gone), **({"awarded": True} if awarded else {})},
    )  # fmt: skip


def _bid_facts(bid: Bid, gone: Collection[str]) -> dict[str, object]:
    """`status` of a bid that was withdrawn or lost its award; `owner_view` (for, against) where an owner said something."""
    facts: dict[str, object] = {"status": "withdrawn"} if bid.stage in gone else {}
    views = [view.favourable for view in bid.owner_views.all()]
    return {**facts, "owner_view": "for" if all(views) else "against"} if views else facts


def amount_of(content: Mapping[str, object]) -> Decimal | None:
    """The amount a bid asks for: `amount` of its content, a number or `{amount, currency}`."""
    given = content.get("amount")
    given = given.get("amount") if isinstance(given, Mapping) else given
    try:
        return None if given in (None, "") else Decimal(str(given))
    except InvalidOperation:
        return None


def _list(content: Mapping[str, object], name: str) -> list[object]:
    given = content.get(name)
    return given if isinstance(given, list) else []


def _organisation(item: Organisation) -> data.Organisation:
    facts = scalars({**item.facts, "legal_status": item.legal_status or None})
    return data.Organisation(
        id=item.party.slug, name=item.name, country=item.country or None, region=item.region or None,
        type=item.type or None, registered_on=item.registered_on, facts=facts,
    )  # fmt: skip


def _evidence(parties: Iterable[int]) -> Iterable[data.Evidence]:
    for item in (
        Evidence.objects.filter(organisation__in=parties).select_related("organisation__party").order_by("pk")
    ):
        yield data.Evidence(
            organisation=item.organisation.party.slug, kind=item.kind, issued_on=item.issued_on,
            expires_on=item.expires_on, status=item.status,
        )  # fmt: skip


def _members(bid: Bid) -> Iterable[data.Member]:
    for invitation in partners(bid):
        yield data.Member(bid=bid.number, organisation=invitation.partner.slug, role="partner")


def _experts(bids: Sequence[Bid]) -> Iterable[data.Expert]:
    asked = User.objects.filter(assignments__bid__in=bids).distinct().select_related("expert").order_by("pk")
    for person in asked:
        profile = getattr(person, "expert", None)
        load = Decimal(profile.max_load) if profile and profile.max_load is not None else None
        languages = " ".join(map(str, profile.languages)) if profile else ""
        yield data.Expert(id=person.pseudonym, languages=languages or None, max_load=load)


def _beside(
    rulebook: Rulebook, challenges: Sequence[Challenge], as_of: datetime
) -> dict[str, tuple[data.Review, ...]]:
    """The table `calibration`, where scores are calibrated over the whole call: reviews of its other challenges' bids."""
    if not is_calibrated(rulebook):
        return {}
    calls, here = {item.call_id for item in challenges}, [item.pk for item in challenges]
    others = list(Challenge.objects.filter(call__in=calls).exclude(pk__in=here).select_related("need__owner"))
    found = tuple(beside(rulebook, list(_bids(others)), as_of=as_of))
    return {"calibration": found} if found else {}
