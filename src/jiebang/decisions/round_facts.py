"""The facts of a bundle, as the expressions of a rulebook read them: `bid`, `challenge`, `lead`, `partner`, `owner`."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from jiebang.decisions import words
from jiebang.decisions.bundle import Bid, Bundle, Challenge, Evidence, Member, Organisation
from jiebang.decisions.consortium import Party, Team, counted_partners
from jiebang.decisions.eligibility import Proof, counted_at, organisation_facts
from jiebang.decisions.outcomes import Decision
from jiebang.decisions.quotas import Marks
from jiebang.decisions.words import said
from jiebang.rules.schema import Rulebook

# facts that are computed, and the column they need
_DERIVED = {
    "evidence": "evidence", "days_registered": "organisations.registered_on", "over_years": "organisations.registered_on",
    "places": "organisations.country", "modes": "modes", "partners": "members", "members": "members", "tallies": "tallies",
}  # fmt: skip
_FILES = {"lead": "organisations", "partner": "organisations", "owner": "organisations", "bid": "bids",
          "challenge": "challenges", "need": "challenges", "consortium": "members"}  # fmt: skip

T = TypeVar("T")


@dataclass(frozen=True)
class Facts:
    """A bundle with its indexes and the day that counts; makes the mapping each check reads."""

    rulebook: Rulebook
    bundle: Bundle
    as_of: datetime | None

    @cached_property
    def organisations(self) -> Mapping[str, Organisation]:
        """Organisations by id."""
        return {item.id: item for item in self.bundle.organisations or ()}

    @cached_property
    def challenges(self) -> Mapping[str, Challenge]:
        """Challenges by id."""
        return {item.id: item for item in self.bundle.challenges}

    @cached_property
    def teams(self) -> Mapping[str, Team]:
        """The people of each bid."""
        members = _grouped(self.bundle.members or (), lambda member: member.bid)
        return {bid.id: self._team(bid, members.get(bid.id, [])) for bid in self.bundle.bids}

    @cached_property
    def modes(self) -> Mapping[str, list[str]]:
        """The cooperation modes of each bid, each once, in the order given."""
        found = _grouped(self.bundle.modes or (), lambda mode: mode.bid)
        return {bid: list(dict.fromkeys(item.mode for item in items)) for bid, items in found.items()}

    @cached_property
    def _listing(self) -> Mapping[str, int]:
        return {bid.id: place for place, bid in enumerate(self.bundle.bids, start=1)}

    @cached_property
    def _bids(self) -> Mapping[str, list[Bid]]:
        return _grouped(self.bundle.bids, lambda bid: bid.challenge)

    def bids_of(self, challenge: str) -> Sequence[Bid]:
        """The bids on a challenge in the order of the file."""
        return self._bids.get(challenge, [])

    @cached_property
    def _proofs(self) -> Mapping[str, list[Evidence]]:
        return _grouped(self.bundle.evidence or (), lambda item: item.organisation)

    @cached_property
    def _known(self) -> dict[str, Mapping[str, object]]:
        return {}

    @cached_property
    def kept_out(self) -> dict[str, Decision | None]:
        """The decisions on bids that do not enter the ranking, as far as they were asked for (None: the bid enters)."""
        return {}

    @cached_property
    def marked(self) -> dict[str, Marks]:
        """What bids count towards of the award's quotas, as far as it was asked for."""
        return {}

    def of_bid(self, bid: Bid) -> Mapping[str, object]:
        """What every rule on a bid and its lead may read; made once, since a round may be settled many times."""
        if bid.id not in self._known:
            self._known[bid.id] = self._of_bid(bid)
        return self._known[bid.id]

    def _of_bid(self, bid: Bid) -> dict[str, object]:
        challenge, team = self.challenges[bid.challenge], self.teams[bid.id]
        at = self.counted(bid.submitted_at, challenge)
        return {
            "bid": self._bid(bid, team),
            "tally": self.tallies.get(bid.id, {}),
            "challenge": self._challenge(challenge),
            "need": _need(challenge),
            "call": self.call,
            "lead": self.organisation(team.leads[0] if team.leads else None, at=at),
            "owner": self.organisation(challenge.owner, at=at),
            "consortium": self._consortium(team),
            "partners": [self.organisation(party.id, at=at) for party in team.partners],
        }

    def of_challenge(self, challenge: Challenge) -> dict[str, object]:
        """What rules on the owner and its need may read; ages count on the opening day."""
        at = self.counted(challenge.opens_at, challenge)
        owner = self.organisation(challenge.owner, at=at)
        return {"owner": owner, "need": _need(challenge), "call": self.call}

    def organisation(self, name: str | None, *, at: date | None) -> dict[str, object]:
        """The facts of an organisation; little more than its id when nobody handed in organisations."""
        if name is None:
            return {}
        item = self.organisations.get(name) or Organisation(id=name)
        proofs = [
            Proof(kind=e.kind, issued_on=e.issued_on, expires_on=e.expires_on, status=e.status)
            for e in self._proofs.get(name, [])
        ]
        facts = organisation_facts(
            id=name, at=at, name=item.name, country=item.country, region=item.region, type=item.type,
            registered_on=item.registered_on, evidence=None if self.bundle.evidence is None else proofs,
            places=self.rulebook.places, facts=item.facts,
        )  # fmt: skip
        return {**facts, "legal_status": item.facts.get("legal_status")}

    def counted(self, moment: datetime | None, challenge: Challenge) -> date | None:
        """The day on which ages count, in the programme's own zone."""
        zone = ZoneInfo(self.rulebook.timezone)
        # closing is the first instant outside: midnight closes the day before
        closes = challenge.closes_at - timedelta(microseconds=1) if challenge.closes_at else None
        moments = (moment, closes, challenge.opens_at, self.as_of)
        submitted, closing, listing, default = (at.astimezone(zone).date() if at else None for at in moments)
        return counted_at(
            self.rulebook, submitted=submitted, closing=closing, listing=listing, default=default
        )

    def carries(self, fact: str) -> bool:
        """Whether the bundle carries the column that a dotted fact comes from; what it lacks is not checked."""
        root, _, rest = fact.partition(".")
        carried = self.bundle.carried
        if root == "tally" or rest.startswith("tallies."):
            return "tallies" in carried
        if rest.startswith("facts."):
            return (
                f"{_FILES.get(root, root)}.{rest.removeprefix('facts.')}" in carried or "tallies" in carried
            )
        needed = _DERIVED.get(rest or root, f"{_FILES.get(root, root)}.{rest}" if rest else root)
        return needed in carried

    def _team(self, bid: Bid, members: Sequence[Member]) -> Team:
        named = [m.organisation for m in members if said(m.role) in words.LEAD]
        leads = tuple(dict.fromkeys([*([bid.lead] if bid.lead else []), *named]))
        others = [m.organisation for m in members if m.role is None and m.organisation not in leads]
        others += [m.organisation for m in members if m.role and said(m.role) not in words.LEAD]
        parties = [self.organisations.get(name) or Organisation(id=name) for name in others]
        return Team(
            bid=bid.id,
            leads=leads,
            partners=tuple(Party(id=o.id, country=o.country, region=o.region) for o in parties),
            owner=self.challenges[bid.challenge].owner,
        )

    @cached_property
    def tallies(self) -> Mapping[str, dict[str, object]]:
        """What was counted about each bid, by name."""
        found = _grouped(self.bundle.tallies or (), lambda tally: tally.bid)
        return {bid: {item.name: item.value for item in items} for bid, items in found.items()}

    @cached_property
    def call(self) -> dict[str, object]:
        """The round as a whole: first opening, last closing, sum of the budgets where all are known."""
        opens = [item.opens_at for item in self.bundle.challenges if item.opens_at]
        closes = [item.closes_at for item in self.bundle.challenges if item.closes_at]
        budgets = [item.budget for item in self.bundle.challenges if item.budget is not None]
        whole = sum(budgets) if len(budgets) == len(self.bundle.challenges) else None
        return {"opens_at": min(opens, default=None), "closes_at": max(closes, default=None), "budget": whole}

    def _challenge(self, item: Challenge) -> dict[str, object]:
        return {
            **item.facts, "id": item.id, "title": item.title, "owner": item.owner, "budget": item.budget,
            "currency": item.currency, "opens_at": item.opens_at, "closes_at": item.closes_at,
            "bids": len(self.bids_of(item.id)), "facts": item.facts,
        }  # fmt: skip

    def _partners(self, team: Team) -> int | None:
        if self.bundle.members is None:
            return None
        rule = self.rulebook.consortium
        distinct = {party.id for party in team.partners} - set(team.leads)
        return counted_partners(rule, team=team) if rule else len(distinct)

    def _bid(self, bid: Bid, team: Team) -> dict[str, object]:
        handed_in = self.bundle.modes is not None
        return {
            **bid.facts, "id": bid.id, "challenge": bid.challenge, "lead": bid.lead, "lead_person": bid.lead_person,
            "title": bid.title, "amount": bid.amount, "submitted_at": bid.submitted_at, "facts": bid.facts,
            "tallies": self.tallies.get(bid.id, {}), "modes": self.modes.get(bid.id, []) if handed_in else None,
            "partners": self._partners(team), "listing": self._listing[bid.id],
        }  # fmt: skip

    def _consortium(self, team: Team) -> dict[str, object]:
        members = list(dict.fromkeys([*team.leads, *(party.id for party in team.partners)]))
        countries = {self.organisations[name].country for name in members if name in self.organisations}
        return {
            "partners": self._partners(team), "owner_is_partner": team.owner in members,
            "size": len(members), "members": members, "owner": team.owner,
            "countries": sorted(country for country in countries if country) or None,
        }  # fmt: skip


def lead_of(facts: Facts, bid: Bid) -> str | None:
    """The organisation that leads a bid, when it names one."""
    leads = facts.teams[bid.id].leads
    return leads[0] if leads else None


def is_withdrawn(bid: Bid) -> bool:
    """Whether a bid was withdrawn: an extra column `status` says so, or `withdrawn_at` or `withdrawn` is filled."""
    if said(bid.facts.get("status")) in words.WITHDRAWN:
        return True
    return any(bid.facts.get(name) not in (None, "", False) for name in ("withdrawn_at", "withdrawn"))


def _need(item: Challenge) -> dict[str, object]:
    return {**item.facts, "id": item.id, "title": item.title, "budget": item.budget, "facts": item.facts}


def _grouped(items: Sequence[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return dict(groups)
