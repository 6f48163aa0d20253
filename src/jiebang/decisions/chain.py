"""The chain of a project from research to use: whether a part can be recorded, and the flow that all parts make."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Rulebook

WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A part as somebody wants to record it. `share` is per cent of the project's `share_of`: effort or money."""

    link: str
    country: str
    region: str
    share: Decimal | None
    share_of: str
    since: date


@dataclass(frozen=True, slots=True)
class Part:
    """A recorded part as the flow reads it: `place` is whatever the flow joins (a place, or an organisation)."""

    project: str
    link: str
    place: Hashable


@dataclass(frozen=True, slots=True)
class Node:
    """A link at a place, with the projects that have it there."""

    link: str
    place: Hashable
    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """The projects that go on from one node to another; the nodes by their place in the list."""

    start: int
    end: int
    projects: tuple[str, ...]


def faults(
    book: Rulebook, told: Told, *, today: date, belongs: bool, office: bool, held: Collection[str],
    shares: Iterable[Decimal],
) -> tuple[Reason, ...]:  # fmt: skip
    """Every reason against recording a part.

    belongs: the organisation is a party of the project; held: the links that it has there already; shares: those
    that others have of the same whole.
    """
    found: list[Reason] = []
    links = book.vocabulary.chain
    if told.link not in links:
        code = "chain.unknown_link" if links else "chain.none"
        found.append(Reason(code, {"known": ", ".join(links), "field": "link"}))
    elif told.link in held:
        found.append(reason("chain.already", link=links[told.link].label, field="link"))
    if not belongs and not office:
        found.append(reason("chain.not_a_party", field="organisation"))
    if not told.country:
        found.append(reason("chain.no_country", field="country"))
    elif told.region and not told.region.startswith(f"{told.country}-"):
        found.append(reason("chain.other_region", region=told.region, country=told.country, field="region"))
    if told.since > today:
        found.append(reason("chain.in_future", field="since"))
    return (*found, *_share(told, shares))


def flows(parts: Iterable[Part], links: Sequence[str]) -> tuple[list[Node], list[Flow]]:
    """The nodes in the order of the links, then of their first part; between them what each project joins.

    Of a project each place of a link flows to each place of its next link that the project has at all.
    """
    at: dict[tuple[str, Hashable], list[str]] = {}
    for part in sorted(parts, key=lambda part: links.index(part.link)):
        projects = at.setdefault((part.link, part.place), [])
        if part.project not in projects:
            projects.append(part.project)
    places = list(at)
    joined: dict[tuple[int, int], list[str]] = {}
    for project in dict.fromkeys(name for names in at.values() for name in names):
        mine = [
            [n for n, key in enumerate(places) if key[0] == link and project in at[key]] for link in links
        ]
        steps = [step for step in mine if step]
        for before, after in pairwise(steps):
            for pair in ((start, end) for start in before for end in after):
                joined.setdefault(pair, []).append(project)
    nodes = [Node(link, place, tuple(names)) for (link, place), names in at.items()]
    return nodes, [Flow(start, end, tuple(names)) for (start, end), names in sorted(joined.items())]


def _share(told: Told, shares: Iterable[Decimal]) -> list[Reason]:
    if told.share is None:
        return [reason("chain.share_of_nothing", field="share")] if told.share_of else []
    if not told.share_of:
        return [reason("chain.share_of_what", field="share_of")]
    if not 0 < told.share <= WHOLE or told.share != round(told.share, 2):
        return [reason("chain.share_range", field="share")]
    left = WHOLE - sum(shares, Decimal(0))
    if told.share > left:
        return [reason("chain.share_beyond", left=f"{left.normalize():f}", field="share")]
    return []
