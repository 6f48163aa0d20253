"""Whom a lead could ask: the smallest teams that can do what a challenge needs, by the team engine, within the rulebook's limits.

What an organisation can do is what it says itself. Among teams of equal size the one whose members have the most
verified proofs comes first. Nothing here knows who bids elsewhere, so nothing of a sealed bid shows.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiebang.decisions.eligibility import in_place
from jiebang.operations.things import book_of, owners
from jiebang.records.bids.models import Bid, Invitation
from jiebang.records.people.models import Organisation as Row
from jiebang.records.people.own import capable

if TYPE_CHECKING:  # numpy and OR-Tools are loaded only when a team is asked for
    from jiebang.engines.team.answer import Answer

MOST_PARTNERS = 20  # where the rulebook sets no limit
A_MEMBER = 100  # what one more member costs, against one more verified proof: the smaller team always first
OTHERS, EFFORT = 3, 5.0  # next best teams; deterministic seconds for each


@dataclass(frozen=True, slots=True)
class Suggested:
    """The engine's answer, and the organisations of which it speaks by their short names."""

    answer: "Answer"
    rows: dict[str, Row]


def suggest(bid: Bid, *, wanted: Collection[str], country: str = "") -> Suggested:
    """Teams led by the bid's lead, with everybody whom it has invited, that can do all of `wanted` together.

    With `country` one member at least is registered there. Deterministic: the same records give the same teams.
    """
    from jiebang.engines.team.answer import solve
    from jiebang.engines.team.problem import Lead, Limits, Problem, Wanted

    book, lead = book_of(bid), bid.consortium.lead
    rule, asked = book.consortium, _asked(bid)
    rows = {row.party.slug: row for row in _allowed(bid, capable(), asked | {lead.slug})}
    for party in Row.objects.filter(party__slug__in=asked | {lead.slug}).select_related("party"):
        rows.setdefault(party.party.slug, party)
    need = [Wanted(capability=key) for key in sorted(set(wanted))]
    if country:
        need.append(Wanted(capability=f"in {country}"))
    problem = Problem(
        need=tuple(need), organisations=tuple(_organisation(row, lead.slug) for row in rows.values()),
        lead=Lead(organisations=frozenset({lead.slug})), must_have=frozenset(asked | {lead.slug}),
        limits=Limits(partners=MOST_PARTNERS if rule is None or rule.max_partners is None else rule.max_partners),
    )  # fmt: skip
    return Suggested(solve(problem, others=OTHERS, effort=EFFORT), rows)


def _asked(bid: Bid) -> set[str]:
    live = (Invitation.Status.INVITED, Invitation.Status.ACCEPTED)
    return set(bid.consortium.invitations.filter(status__in=live).values_list("partner__slug", flat=True))


def _allowed(bid: Bid, rows: Iterable[Row], asked: Collection[str]) -> Iterable[Row]:
    """Whoever may be a partner by the rulebook: its place, and whether the demand owner may."""
    book = book_of(bid)
    rule, own = book.consortium, owners(bid.challenge.need)
    place = book.places.get(rule.partner_place) if rule and rule.partner_place else None
    for row in rows:
        out = rule is not None and not rule.owner_may_be_partner and row.pk in own
        elsewhere = place is not None and not in_place(row.country or None, row.region or None, place=place)
        if row.party.slug in asked or not (out or elsewhere):
            yield row


def _organisation(row: Any, lead: str) -> Any:
    from jiebang.engines.team.problem import Organisation

    able = [*(row.facts.get("capabilities") or ()), *([f"in {row.country}"] if row.country else [])]
    value = 0 if row.party.slug == lead else getattr(row, "proved", 0) - A_MEMBER
    return Organisation(
        id=row.party.slug,
        country=row.country or None,
        type=row.type or None,
        capabilities=dict.fromkeys(able, 1),
        value=value,
    )
