"""What an assignment problem says of persons: their marks, quotas of marks, and the languages they read."""

from collections.abc import Mapping, Sequence
from typing import Any

from jiebang.adapters import assignment_fields as fields
from jiebang.adapters.assignment_fields import Notes, Pair
from jiebang.adapters.json_lines import Path
from jiebang.engines.assignment.problem import Quota


def marks(data: Mapping[str, Any], experts: Sequence[str], notes: Notes) -> dict[str, tuple[str, ...]]:
    """`{mark: {expert: value}}` as one text an expert, "" where it is not told."""
    found = {}
    for mark, values in _object(data, "marks", notes, "write {mark: {expert: value}}").items():
        if not isinstance(values, dict):
            notes.add(("marks", mark), "write {expert: value}")
            continue
        for name, value in values.items():
            if name not in experts:
                notes.add(("marks", mark, name), fields.unknown(name, experts, what="expert"))
            elif not isinstance(value, str):
                notes.add(("marks", mark, name), f"{fields.said(value)} is no text; write one")
        found[mark] = tuple(str(values.get(name, "")) for name in experts)
    return found


def quotas(data: Mapping[str, Any], bids: Mapping[str, int], notes: Notes) -> tuple[Quota, ...]:
    """`[{mark, most}]` for each value of a mark, `[{mark, value, least, most}]` for one; `bids` where it is not of all."""
    value = data.get("quotas", [])
    if not isinstance(value, list):
        notes.add(("quotas",), "write a list of quotas such as {mark: country, most: 2}")
        return ()
    known = data.get("marks", {})
    found = (_quota(item, ("quotas", at), known, bids, notes) for at, item in enumerate(value))
    return tuple(quota for quota in found if quota)


def _quota(item: object, path: Path, known: object, bids: Mapping[str, int], notes: Notes) -> Quota | None:
    if not isinstance(item, dict):
        notes.add(path, "write a quota such as {mark: country, most: 2}")
        return None
    names = ("mark", "value", "least", "most", "bids")
    for name in item:
        if name not in names:
            notes.add((*path, name), fields.unknown(name, names, what="key"))
    mark, value = item.get("mark"), item.get("value")
    if not isinstance(mark, str) or not isinstance(known, dict) or mark not in known:
        notes.add((*path, "mark"), f"{fields.said(mark)} is not among the marks; name one of them")
    if not isinstance(value, str | None):
        notes.add((*path, "value"), f"{fields.said(value)} is no text; write one, or leave it out")
    least = fields.count(item.get("least", 0), (*path, "least"), notes)
    most = fields.count(item["most"], (*path, "most"), notes) if "most" in item else None
    if least and value is None:
        notes.add((*path, "least"), "a least number needs the value it counts; name it")
    if most is None and not least:
        notes.add(path, "says neither least nor most; write one of them")
    if most is not None and least > most:
        notes.add((*path, "least"), f"{least} is above most, {most}; lower it")
    asked = _asked(item["bids"], (*path, "bids"), bids, notes) if "bids" in item else None
    said = value if isinstance(value, str) else None
    return Quota(mark=str(mark), value=said, least=least, most=most, bids=asked)


def _asked(value: object, path: Path, bids: Mapping[str, int], notes: Notes) -> frozenset[int]:
    """The bids of which a quota is asked."""
    if not isinstance(value, list) or not value:
        notes.add(path, "write a list of ids of bids, or leave it out for all")
        return frozenset()
    names = [fields.identifier(item) for item in value]
    for at, name in enumerate(names):
        if name is None or name not in bids:
            notes.add((*path, at), fields.unknown(value[at], list(bids), what="bid"))
    return frozenset(bids[name] for name in names if name is not None and name in bids)


def languages(
    data: Mapping[str, Any], places: tuple[Mapping[str, int], Mapping[str, int]], notes: Notes
) -> dict[Pair, str]:
    """`{bids: {id: [language]}, experts: {...}}`: pairs without a language in common. Who is not named reads everything."""
    value = _object(data, "languages", notes, "write {bids: {id: [language]}, experts: {id: [language]}}")
    for key in value:
        if key not in ("bids", "experts"):
            notes.add(("languages", key), fields.unknown(key, ("bids", "experts"), what="key"))
    of_bid = _spoken(value, "bids", places[0], notes)
    of_expert = _spoken(value, "experts", places[1], notes)
    return {
        (bid, expert): "language"
        for bid, written in of_bid.items()
        for expert, read in of_expert.items()
        if not written & read
    }


def _spoken(
    value: Mapping[str, Any], key: str, places: Mapping[str, int], notes: Notes
) -> dict[int, frozenset[str]]:
    found: dict[int, frozenset[str]] = {}
    given = value.get(key, {})
    if not isinstance(given, dict):
        notes.add(("languages", key), "write {id: [language]}")
        return found
    for name, spoken in given.items():
        if name not in places:
            notes.add(("languages", key, name), fields.unknown(name, list(places)))
        elif not isinstance(spoken, list) or not spoken or not all(isinstance(item, str) for item in spoken):
            notes.add(("languages", key, name), "write a list of languages such as [en, zh]")
        else:
            found[places[name]] = frozenset(item.lower() for item in spoken)
    return found


def _object(data: Mapping[str, Any], key: str, notes: Notes, words: str) -> Mapping[str, Any]:
    value = data.get(key, {})
    if isinstance(value, dict):
        return value
    notes.add((key,), words)
    return {}
