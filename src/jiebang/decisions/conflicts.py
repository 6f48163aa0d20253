"""Conflicts of interest: links between persons and parties, closed as the rulebook says, and what each of them bars.

Persons and parties are named by whatever ids the caller has. A link joins a person to a party or to another person for
a time. From an expert it is followed as many steps as the rulebook counts; where it comes to a party with a stake in a
bid, that expert must not judge that bid.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jiebang.rules.days import add_months
from jiebang.rules.schema import Conflicts, Link

# What a link is called where it is declared -> the kind that a rulebook names; whatever else: `declared`.
KINDS: Mapping[str, Link] = {
    "same_organisation": "same_organisation", "employment": "same_organisation", "employer": "same_organisation",
    "co_author": "co_author", "co_investor": "co_investor", "ownership": "co_investor", "family": "family", "kin": "family",
    "kinship": "family", "adviser": "adviser",
}  # fmt: skip
LASTING = frozenset({"family", "declared"})  # they do not wear off with the years
ANY = Conflicts(status="local")  # where a rulebook says nothing: every link, for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A link of a person in [since, until) to a party or another person; no end: it lasts, no beginning: it always was."""

    person: int
    kind: str
    party: int | None = None
    other: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakes:
    """Who has a stake in a bid: its own members, members of the other bids on the challenge, owners of the need."""

    members: frozenset[int]
    rivals: frozenset[int] = frozenset()
    owners: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Why an expert must not judge a bid: the kind of the expert's own link, the party it leads to and what that party is to
    the bid (`member`, `rival`, `owner`), and the person through whom, where the link is not direct.

    A block of stake `bid` was declared on the bid itself and leads to no party.
    """

    expert: int
    bid: int
    kind: str
    party: int | None
    stake: str
    via: int | None = None


Node = tuple[str, int]  # a person or a party


@dataclass(frozen=True, slots=True)
class _Reached:
    """The kind of the expert's own link on the way, and the person at its end, None: the expert."""

    kind: str
    via: int | None


def link_of(kind: str) -> Link:
    """The kind of link under which a rulebook knows what was declared."""
    return KINDS.get(kind, "declared")


def counts(rule: Conflicts, tie: Tie, *, at: datetime) -> bool:
    """Whether a link counts at a moment: of a kind that the rulebook names, begun, and not too long over."""
    link = link_of(tie.kind)
    if link not in rule.links or (tie.since is not None and tie.since > at):
        return False
    if tie.until is None or rule.years is None or link in LASTING:
        return True
    return tie.until > datetime.combine(add_months(at.date(), months=-12 * rule.years), at.timetz())


def blocks(
    rule: Conflicts, *, ties: Sequence[Tie], declared: Collection[tuple[int, int, str]] = (), experts: Collection[int],
    bids: Mapping[int, Stakes], at: datetime,
) -> tuple[Block, ...]:  # fmt: skip
    """Every block of these experts on these bids, one for each party that a link leads to; the nearest link counts.

    `declared` are experts, bids and kinds of interests declared on a bid itself: they count whatever the rule says. In the
    order of experts, bids and parties given by their ids. Links that do not count at `at` are passed over.
    """
    graph = _graph([tie for tie in ties if counts(rule, tie, at=at)])
    found = [
        Block(expert=expert, bid=bid, kind=kind, party=None, stake="bid")
        for expert, bid, kind in sorted(declared)
        if expert in experts and bid in bids
    ]
    for expert in sorted(experts):
        reached = _reach(graph, expert, rule.steps)
        if reached:
            found += (
                block for bid in sorted(bids) for block in _of_bid(rule, expert, bid, bids[bid], reached)
            )
    return tuple(found)


def _graph(ties: Sequence[Tie]) -> dict[Node, list[tuple[Node, str]]]:
    """Where a step leads from each person and party; every link holds from either end."""
    graph: dict[Node, list[tuple[Node, str]]] = {}
    for tie in ties:
        here: Node = ("person", tie.person)
        ends: list[Node] = [("party", tie.party)] if tie.party is not None else []
        ends += [("person", tie.other)] if tie.other is not None else []
        for there in ends:
            graph.setdefault(here, []).append((there, tie.kind))
            graph.setdefault(there, []).append((here, tie.kind))
    return graph


def _reach(graph: Mapping[Node, Sequence[tuple[Node, str]]], expert: int, steps: int) -> dict[int, _Reached]:
    """The parties that an expert's links lead to in so many steps."""
    start: Node = ("person", expert)
    seen: dict[Node, _Reached] = {start: _Reached("", None)}
    frontier = [start]
    for _ in range(steps):
        onward = []
        for node in frontier:
            for there, kind in graph.get(node, ()):
                if there not in seen:
                    via = node[1] if node[0] == "person" and node != start else None
                    seen[there] = _Reached(seen[node].kind or kind, via)
                    onward.append(there)
        frontier = onward
    return {number: how for (sort, number), how in seen.items() if sort == "party"}


def _of_bid(
    rule: Conflicts, expert: int, bid: int, stakes: Stakes, reached: Mapping[int, _Reached]
) -> Iterator[Block]:
    sides = [("member", stakes.members), ("owner", stakes.owners if rule.owners else frozenset[int]())]
    sides.append(("rival", stakes.rivals - stakes.members if rule.rivals else frozenset[int]()))
    said: set[int] = set()
    for stake, parties in sides:
        for party in sorted((parties & reached.keys()) - said):
            said.add(party)
            how = reached[party]
            yield Block(expert=expert, bid=bid, kind=how.kind, party=party, stake=stake, via=how.via)
