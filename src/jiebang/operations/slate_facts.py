"""What a slate of experts for challenges of one call rests on, as the records have it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from jiebang.decisions.fit import Matter, Skills, Writing, may_read
from jiebang.decisions.wanted import Candidate, Pair, Wanted, Work, ring_pairs
from jiebang.operations.interests import available, most_load, open_loads
from jiebang.operations.statements import texts_of
from jiebang.operations.things import book_of
from jiebang.records.bids.models import Bid
from jiebang.records.bundles import sent_content
from jiebang.records.challenges.models import Challenge
from jiebang.records.challenges.queries import normalised
from jiebang.records.people.models import Engagement, ExpertProfile, User
from jiebang.records.people.queries import running
from jiebang.records.reviews.models import Assignment, Block, PairWish
from jiebang.rules.schema import Assignment as Rule
from jiebang.rules.schema import Rulebook

BEGUN = (Assignment.Status.DECLARED, Assignment.Status.DRAFT, Assignment.Status.SIGNED)
NO_LIMIT = 1_000_000


def rule_of(book: Rulebook) -> Rule:
    """The rule of assignment; where a rulebook has none, fit alone counts."""
    return book.assignment or Rule(status="local")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Bids of some challenges of a call and people, numbered in their order, with what was asked so far."""

    challenges: Sequence[Challenge]
    at: datetime
    bids: Sequence[Bid]
    people: Sequence[User]
    homes: Mapping[int, tuple[str, str]]  # country and institution of those in the pool
    asked: Sequence[Assignment]

    @cached_property
    def book(self) -> Rulebook:
        """The rulebook of the call."""
        return book_of(self.challenges[0])

    @cached_property
    def profiles(self) -> Mapping[int, ExpertProfile]:
        """What experts say of themselves."""
        return {row.person_id: row for row in ExpertProfile.objects.filter(person__in=self.people)}

    @cached_property
    def _of_bid(self) -> Mapping[int, int]:
        return {bid.pk: place for place, bid in enumerate(self.bids)}

    @cached_property
    def _of_person(self) -> Mapping[int, int]:
        return {one.pk: place for place, one in enumerate(self.people)}

    def pairs(self, rows: Iterable[tuple[int, int]]) -> set[Pair]:
        """Keys of bids and persons as numbers; strangers are left out."""
        return {
            (self._of_bid[bid], self._of_person[one])
            for bid, one in rows
            if bid in self._of_bid and one in self._of_person
        }

    def with_status(self, *status: str) -> set[Pair]:
        """The pairs that stand so."""
        return self.pairs((row.bid_id, row.expert_id) for row in self.asked if row.status in status)

    def people_numbers(self, keys: Iterable[int]) -> set[int]:
        """Keys of persons as numbers."""
        return {self._of_person[key] for key in keys if key in self._of_person}

    def there(self, one: User, *, until: datetime | None) -> bool:
        """Whether an expert is in the pool and available until a review ends."""
        profile = self.profiles.get(one.pk)
        free = profile is None or available(profile, on=self.at.date(), until=until)
        return one.pk in self.homes and free


def facts_on(challenges: Sequence[Challenge], bids: Sequence[Bid], *, at: datetime) -> Facts:
    """The pool of the moment, and whoever was asked before."""
    asked = list(Assignment.objects.filter(bid__in=bids).order_by("pk"))
    rows = Engagement.objects.filter(running(at=at), role="expert", person__is_active=True)
    homes: dict[int, tuple[str, str]] = {}
    for row in rows.select_related("party__organisation").order_by("pk"):
        organisation = getattr(row.party, "organisation", None)
        homes.setdefault(row.person_id, (organisation.country if organisation else "", row.party.slug))
    live = {row.expert_id for row in asked if row.status in Assignment.LIVE}
    people = list(User.objects.filter(pk__in=homes.keys() | live).order_by("pk"))
    return Facts(challenges=challenges, at=at, bids=bids, people=people, homes=homes, asked=asked)


def wanted_of(facts: Facts) -> Wanted:
    """The slate that is wanted: whoever has begun stays, whoever was asked should, nobody in conflict may."""
    book, rule = facts.book, rule_of(facts.book)
    matters = {item.pk: _matter(item, book) for item in facts.challenges}
    works = [
        Work(id=bid.number, writing=writing_of(bid), matter=matters[bid.challenge_id]) for bid in facts.bids
    ]
    begun, pins = facts.with_status(*BEGUN), _wished(facts, PairWish.Wish.PIN)
    authors, rings = _rings(facts, rule) if rule.no_rings else (set(), set())
    soft = dict.fromkeys(rings, "ring") | dict.fromkeys(_unread(facts, rule, works), "language")
    barred = {pair: why for pair, why in soft.items() if pair not in begun | pins}
    barred |= dict.fromkeys(_away(facts, begun), "unavailable")
    barred |= dict.fromkeys(_wished(facts, PairWish.Wish.FORBID), "forbidden")
    barred |= dict.fromkeys(_blocked(facts), "conflict")
    return Wanted(
        rule=rule, per_bid=rule.experts or (book.scoring.reviews_needed if book.scoring else 1),
        works=works, candidates=_candidates(facts), barred=barred,
        fixed=sorted((begun - barred.keys()) | pins), standing=sorted(facts.with_status(Assignment.Status.ASKED)),
        authors=authors,
    )  # fmt: skip


def writing_of(bid: Bid) -> Writing:
    """The languages of a bid: of its title, or of the first text that there is."""
    content: Mapping[str, Any] = sent_content(bid)
    texts = [content.get("title"), *content.values()]
    first = next((text for text in texts if isinstance(text, Mapping) and text.get("lang")), None)
    if first is None:
        return Writing()
    return Writing(original=frozenset({str(first["lang"])}), titled=frozenset(texts_of(first)))


def skills_of(profile: ExpertProfile | None) -> Skills:
    """A profile as fit reads it; without one nothing is known."""
    if profile is None:
        return Skills()
    return Skills(
        sectors=frozenset(map(str, profile.sectors)), languages=frozenset(map(str, profile.languages)),
        phrases=tuple(normalised(str(word)) for word in profile.expertise),
    )  # fmt: skip


def _candidates(facts: Facts) -> list[Candidate]:
    loads = open_loads([one.pk for one in facts.people], facts.challenges[0])
    return [_candidate(facts, one, loads.get(one.pk, 0)) for one in facts.people]


def _candidate(facts: Facts, one: User, load: int) -> Candidate:
    """Places left: what a person may have at a time, less what waits elsewhere; what is signed here takes none."""
    mine = [row.status for row in facts.asked if row.expert_id == one.pk]
    elsewhere = load - sum(status in Assignment.OPEN for status in mine)
    most = most_load(facts.challenges[0], facts.profiles.get(one.pk))
    left = NO_LIMIT if most is None else max(0, most - elsewhere) + mine.count(Assignment.Status.SIGNED)
    country, institution = facts.homes.get(one.pk, ("", ""))
    skills = skills_of(facts.profiles.get(one.pk))
    return Candidate(id=one.pseudonym, skills=skills, country=country, institution=institution, room=left)


def _matter(challenge: Challenge, book: Rulebook) -> Matter:
    sector = challenge.sector
    term = book.vocabulary.sectors.get(sector)
    labels = term.label.values() if term else ()
    names = frozenset(normalised(name) for name in (sector, *labels) if name)
    return Matter(sector=sector, names=names, text=challenge.search)


def _unread(facts: Facts, rule: Rule, works: Sequence[Work]) -> set[Pair]:
    skills = [skills_of(facts.profiles.get(one.pk)) for one in facts.people]
    return {
        (bid, place)
        for bid, work in enumerate(works)
        for place, known in enumerate(skills)
        if not may_read(rule.language, known.languages, work.writing)
    }


def _away(facts: Facts, begun: set[Pair]) -> set[Pair]:
    """Pairs of who is not there until that challenge's review ends; who has begun and is still in the pool may finish."""
    ends = {bid.challenge.due_at for bid in facts.bids}
    away = {
        until: [place for place, one in enumerate(facts.people) if not facts.there(one, until=until)]
        for until in ends
    }
    finishing = {(bid, place) for bid, place in begun if facts.people[place].pk in facts.homes}
    pairs = {(at, place) for at, bid in enumerate(facts.bids) for place in away[bid.challenge.due_at]}
    return pairs - finishing


def _blocked(facts: Facts) -> set[Pair]:
    rows = Block.objects.filter(bid__in=[bid.pk for bid in facts.bids])
    return facts.pairs(rows.values_list("bid", "expert"))


def _wished(facts: Facts, wish: str) -> set[Pair]:
    """Pairs that the office wants so. A pin on who has stepped aside since is done with."""
    rows = PairWish.objects.filter(bid__in=[bid.pk for bid in facts.bids], wish=wish)
    gone = facts.with_status(Assignment.Status.RECUSED) if wish == PairWish.Wish.PIN else set()
    return facts.pairs(rows.values_list("bid", "expert")) - gone


def _rings(facts: Facts, rule: Rule) -> tuple[set[Pair], set[Pair]]:
    """Experts with a part in a bid here, and pairs that would close a ring with what is judged in the call.

    Who was only asked here is no part of it unless lots are drawn: that pair is solved anew, and the engine closes no ring.
    """
    call = facts.challenges[0].call_id
    parts = Block.objects.filter(
        bid__challenge__call=call, stake="member", via=None, kind="same_organisation"
    )
    authors: dict[int, set[int]] = {}
    for bid, expert in parts.values_list("bid", "expert"):
        authors.setdefault(bid, set()).add(expert)
    here = facts.pairs((bid, one) for bid, people in authors.items() for one in people)
    if not here:
        return set(), set()
    judges: dict[int, set[int]] = {}
    judged = Assignment.objects.filter(bid__challenge__call=call, status__in=Assignment.LIVE)
    if rule.cap is None:
        judged = judged.exclude(bid__in=[bid.pk for bid in facts.bids], status=Assignment.Status.ASKED)
    for bid, expert in judged.values_list("bid", "expert"):
        for number in facts.people_numbers([expert] if bid in authors else []):
            judges.setdefault(number, set()).update(facts.people_numbers(authors[bid]))
    return here, ring_pairs(judges, here)
