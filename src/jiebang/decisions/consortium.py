"""Who may bid together: the limits of a consortium, and one bid of a lead on a challenge."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from jiebang.decisions.eligibility import in_place
from jiebang.decisions.verdicts import Verdict
from jiebang.rules.expressions import Truth
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Consortium, Place, Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An organisation in a consortium; country and region in ISO 3166, None when unknown."""

    id: str
    country: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A bid's people as applied for: `partners` as listed, repetitions included."""

    bid: str
    leads: tuple[str, ...]
    partners: tuple[Party, ...]
    owner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """That a lead bid on a challenge, and when."""

    bid: str
    challenge: str
    lead: str | None
    submitted_at: datetime | None = None


def limits(rulebook: Rulebook, *, team: Team) -> tuple[Verdict, ...]:
    """The verdicts of every consortium limit of the rulebook on one team; none when it sets no consortium."""
    rule = rulebook.consortium
    if rule is None:
        return ()
    place = rulebook.places.get(rule.partner_place) if rule.partner_place else None
    checks = [_one_lead(team), _lead_not_partner(team), _no_duplicates(team)]
    checks += [_max_partners(rule, team)] if rule.max_partners is not None else []
    checks += [] if rule.owner_may_be_partner else [_owner_not_partner(team)]
    checks += [_partner_place(rule.partner_place or "", place, team)] if place else []
    return tuple(checks)


def counted_partners(rule: Consortium, *, team: Team) -> int:
    """How many partners count: distinct organisations, without the lead, and the owner only if the rule says so."""
    counted = {party.id for party in team.partners} - set(team.leads)
    return len(counted - (set() if rule.owner_counts else {team.owner}))


def one_bid_per_lead(rulebook: Rulebook, *, entries: Iterable[Entry]) -> tuple[Verdict, ...]:
    """For each bid whether its lead bid before on that challenge: the first in time stands, later ones breach.

    Pass live bids only. At the same or an unknown time the order given decides.
    """
    if rulebook.consortium is None or not rulebook.consortium.one_bid_per_lead:
        return ()
    grouped: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        if entry.lead is not None:
            grouped.setdefault((entry.challenge, entry.lead), []).append(entry)
    return tuple(verdict for group in grouped.values() for verdict in _in_time_order(group))


def bid_within_budget(
    rulebook: Rulebook, *, bid: str, amount: Decimal | None, budget: Decimal | None
) -> tuple[Verdict, ...]:
    """Whether a bid asks no more than the announced budget, where `money.bid_within_budget` is set."""
    if rulebook.money is None or not rulebook.money.bid_within_budget:
        return ()
    key = "money.bid_within_budget"
    if amount is None or budget is None:
        missing = ("bid.amount",) if amount is None else ("challenge.budget",)
        return (_say(bid, key, None, reason("consortium.amount_unknown"), missing=missing),)
    code = "consortium.within_budget" if amount <= budget else "consortium.above_budget"
    return (_say(bid, key, amount <= budget, reason(code, amount=f"{amount:,f}", budget=f"{budget:,f}")),)


def in_time(
    *, bid: str, submitted: datetime | None, opens: datetime | None, closes: datetime | None
) -> tuple[Verdict, ...]:
    """Whether a bid came before the closing instant and not before opening; none when no such time is announced."""
    if opens is None and closes is None:
        return ()
    key = "bid.in_time"
    if submitted is None:
        return (_say(bid, key, None, reason("consortium.time_unknown"), missing=("bid.submitted_at",)),)
    if closes is not None and submitted >= closes:
        return (
            _say(bid, key, False, reason("consortium.late", submitted=str(submitted), closes=str(closes))),
        )
    if opens is not None and submitted < opens:
        return (
            _say(bid, key, False, reason("consortium.early", submitted=str(submitted), opens=str(opens))),
        )
    return (_say(bid, key, True, reason("consortium.in_time", submitted=str(submitted))),)


def _in_time_order(group: Sequence[Entry]) -> list[Verdict]:
    times = [entry.submitted_at for entry in group if entry.submitted_at is not None]
    order = [place for _, place in sorted(zip(times, range(len(group)), strict=False))]
    ordered = [group[place] for place in order] if len(times) == len(group) else list(group)
    first = ordered[0]
    key = "consortium.one_bid_per_lead"
    return [
        _say(entry.bid, key, True, reason("consortium.first_bid"), about=entry.lead or "")
        if entry is first
        else _say(
            entry.bid, key, False, reason("consortium.second_bid", first=first.bid), about=entry.lead or ""
        )
        for entry in ordered
    ]


def _max_partners(rule: Consortium, team: Team) -> Verdict:
    count, limit = counted_partners(rule, team=team), rule.max_partners or 0
    code = "consortium.partners_fit" if count <= limit else "consortium.too_many_partners"
    return _say(team.bid, "consortium.max_partners", count <= limit, reason(code, count=count, limit=limit))


def _one_lead(team: Team) -> Verdict:
    key, leads = "consortium.one_lead", tuple(dict.fromkeys(team.leads))
    if not leads:
        return _say(team.bid, key, None, reason("consortium.no_lead"), missing=("bid.lead",))
    if len(leads) > 1:
        return _say(team.bid, key, False, reason("consortium.several_leads", leads=", ".join(leads)))
    return _say(team.bid, key, True, reason("consortium.one_lead"))


def _lead_not_partner(team: Team) -> Verdict:
    twice = sorted({party.id for party in team.partners} & set(team.leads))
    code = "consortium.lead_is_partner" if twice else "consortium.lead_apart"
    return _say(
        team.bid, "consortium.lead_not_partner", not twice, reason(code, organisation=", ".join(twice))
    )


def _no_duplicates(team: Team) -> Verdict:
    twice = sorted(name for name, count in Counter(party.id for party in team.partners).items() if count > 1)
    code = "consortium.listed_twice" if twice else "consortium.listed_once"
    return _say(team.bid, "consortium.no_duplicates", not twice, reason(code, organisations=", ".join(twice)))


def _owner_not_partner(team: Team) -> Verdict:
    inside = team.owner is not None and team.owner in {*team.leads, *(party.id for party in team.partners)}
    code = "consortium.owner_inside" if inside else "consortium.owner_apart"
    return _say(team.bid, "consortium.owner_may_be_partner", not inside, reason(code, owner=team.owner or ""))


def _partner_place(name: str, place: Place, team: Team) -> Verdict:
    key = "consortium.partner_place"
    answers = {party.id: in_place(party.country, party.region, place=place) for party in team.partners}
    outside = [party for party, inside in answers.items() if inside is False]
    unknown = [party for party, inside in answers.items() if inside is None]
    if outside:
        return _say(
            team.bid, key, False, reason("consortium.outside", organisations=", ".join(outside), place=name)
        )
    if unknown:
        why = reason("consortium.place_unknown", organisations=", ".join(unknown), place=name)
        return _say(team.bid, key, None, why, missing=("partner.country", "partner.region"))
    return _say(team.bid, key, True, reason("consortium.inside", place=name))


def _say(
    bid: str, rule: str, holds: bool | None, why: Reason, *, about: str = "", missing: tuple[str, ...] = ()
) -> Verdict:
    outcome = Truth.UNKNOWN if holds is None else Truth.PASS if holds else Truth.FAIL
    return Verdict(
        subject=bid, rule=rule, outcome=outcome, reason=why, facts=dict(why.params), about=about,
        missing=missing,
    )  # fmt: skip
