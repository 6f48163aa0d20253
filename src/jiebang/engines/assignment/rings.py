"""Rings of experts who assess each other's bids: two or three, since longer ones hardly let anybody return a favour."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from jiebang.engines.assignment.problem import Pair

Ring = tuple[Pair, ...]


def rings(pairs: Collection[Pair], authors: Iterable[Pair]) -> list[Ring]:
    """Every ring among the pairs (bid, expert), once each, with the pairs that make it up.

    `authors` are pairs of a bid and an expert who has a part in it. In a ring of two, a assesses a bid of b and b one of a;
    in one of three, a assesses b, b assesses c and c assesses a.
    """
    parts: dict[int, list[int]] = defaultdict(list)
    for bid, expert in authors:
        parts[bid].append(expert)
    judged: dict[int, dict[int, Pair]] = defaultdict(
        dict
    )  # expert -> whom that expert assesses -> a pair that does so
    for pair in sorted(pairs):
        for author in parts.get(pair[0], ()):
            if author != pair[1]:
                judged[pair[1]].setdefault(author, pair)
    found: list[Ring] = []
    for one in sorted(judged):
        for two, first in judged[one].items():
            if one < two and one in judged.get(two, {}):
                found.append((first, judged[two][one]))
            for three, second in judged.get(two, {}).items():
                if one < min(two, three) and two != three and one in judged.get(three, {}):
                    found.append((first, second, judged[three][one]))
    return found
