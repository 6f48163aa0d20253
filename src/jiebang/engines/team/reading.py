"""A problem from JSON, or every fault in it at once. The format is told in docs/team.md."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jiebang.engines.team.cells import Cells, Fault
from jiebang.engines.team.places import Path, lines, repeated
from jiebang.engines.team.problem import Lead, Limits, Number, Organisation, Problem, Wanted

_KEYS = ("need", "organisations", "lead", "limits", "must_have", "excluded", "apart")
_ORGANISATION = ("id", "country", "type", "capabilities", "value", "cost")


def read(text: str, /) -> Problem | tuple[Fault, ...]:
    """The problem a JSON text states, or all its faults in the order of lines.

    A text that is no JSON, or names a key twice in one object, is told alone: nothing else in it can be trusted.
    """
    try:
        data = json.loads(
            text, parse_float=Decimal, parse_int=_integer, parse_constant=Decimal, object_pairs_hook=_once
        )
    except json.JSONDecodeError as wrong:
        return (Fault(wrong.lineno, "json", f"{wrong.msg} at column {wrong.colno}; write well-formed JSON"),)
    except RecursionError:
        return (Fault(1, "json", "is nested too deep; write the format of docs/team.md"),)
    except _Repeated:
        return tuple(
            Fault(line, key, "stands twice in one object; name it once") for line, key in repeated(text)
        )
    cells = Cells()
    problem = _problem(data, cells)
    return _placed(text, cells) if cells.faults else problem


class _Repeated(Exception):
    """Some object has a key twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen = dict(pairs)
    if len(seen) < len(pairs):
        raise _Repeated
    return seen


def _integer(digits: str) -> Number:
    return int(digits) if len(digits) < 30 else Decimal(digits)


def _placed(text: str, cells: Cells) -> tuple[Fault, ...]:
    where = lines(text)
    return tuple(sorted(Fault(_line(where, path), _field(path), said) for path, said in cells.faults))


def _line(where: Mapping[Path, int], path: Path) -> int:
    return next(where[path[:end]] for end in range(len(path), -1, -1) if path[:end] in where)


def _field(path: Path) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).removeprefix(".") or "problem"


def _problem(data: Any, cells: Cells) -> Problem:
    whole = cells.mapping(data, (), keys=_KEYS)
    if isinstance(data, dict):
        for key in ("need", "organisations"):
            if not whole.get(key):
                cells.wrong((key,), "is missing or empty; list at least one")
    need = _need(whole.get("need") or [], cells)
    organisations = _organisations(whole.get("organisations") or [], cells)
    known = {one.id for one in organisations}
    must, out = (_known(whole.get(key, []), (key,), known, cells) for key in ("must_have", "excluded"))
    for name in sorted(must & out):
        cells.wrong(("excluded",), f"`{name}` is in must_have too; keep it in one of them")
    return Problem(
        need=need, organisations=organisations, lead=_lead(whole.get("lead", {}), known, cells),
        limits=_limits(whole.get("limits", {}), cells), must_have=must, excluded=out,
        apart=_apart(whole.get("apart", []), known, cells),
    )  # fmt: skip


def _need(value: Any, cells: Cells) -> tuple[Wanted, ...]:
    found: dict[str, Wanted] = {}
    for at, item in enumerate(cells.items(value, ("need",))):
        path: Path = ("need", at)
        wanted = _wanted({"capability": item} if isinstance(item, str) else item, path, cells)
        if wanted and wanted.capability in found:
            cells.wrong(path, f"`{wanted.capability}` is wanted twice; name it once")
        elif wanted:
            found[wanted.capability] = wanted
    return tuple(found.values())


def _wanted(item: Any, path: Path, cells: Cells) -> Wanted | None:
    row = cells.mapping(item, path, keys=("capability", "level", "weight", "required"))
    name = cells.name(row.get("capability"), (*path, "capability"))
    level = cells.number(row.get("level", 1), (*path, "level"), least=0)
    weight = cells.number(row.get("weight", 0), (*path, "weight"), least=0)
    required = cells.truth(row.get("required", True), (*path, "required"))
    if name is None:
        return None
    return Wanted(capability=name, level=level, weight=weight, required=required)


def _organisations(value: Any, cells: Cells) -> tuple[Organisation, ...]:
    found: dict[str, Organisation] = {}
    for at, item in enumerate(cells.items(value, ("organisations",))):
        path: Path = ("organisations", at)
        one = _organisation(cells.mapping(item, path, keys=_ORGANISATION), path, cells)
        if one and one.id in found:
            cells.wrong((*path, "id"), f"`{one.id}` stands there twice; give every organisation its own id")
        elif one:
            found[one.id] = one
    return tuple(found.values())


def _organisation(row: Mapping[str, Any], path: Path, cells: Cells) -> Organisation | None:
    name = cells.name(row.get("id"), (*path, "id"))
    country, kind = (
        None if row.get(key) is None else cells.name(row[key], (*path, key)) for key in ("country", "type")
    )
    capabilities = _capabilities(row.get("capabilities", []), (*path, "capabilities"), cells)
    value = cells.number(row.get("value", 0), (*path, "value"))
    cost = cells.number(row.get("cost", 0), (*path, "cost"), least=0)
    if name is None:
        return None
    return Organisation(
        id=name, country=country, type=kind, capabilities=capabilities, value=value, cost=cost
    )


def _capabilities(value: Any, path: Path, cells: Cells) -> dict[str, Number]:
    if not isinstance(value, dict):
        return dict.fromkeys(cells.names(value, path), 1)
    named = {key: cells.number(level, (*path, key), least=0) for key, level in value.items()}
    return {key: level for key, level in named.items() if cells.name(key, path)}


def _lead(value: Any, known: set[str], cells: Cells) -> Lead:
    row = cells.mapping(value, ("lead",), keys=("countries", "types", "organisations"))
    lists = {key: frozenset(cells.names(row[key], ("lead", key))) for key in row if key != "organisations"}
    if "organisations" in row:
        lists["organisations"] = _known(row["organisations"], ("lead", "organisations"), known, cells)
    names = ("countries", "types", "organisations")
    return Lead(**{key: items for key, items in lists.items() if key in names})


def _limits(value: Any, cells: Cells) -> Limits:
    row = cells.mapping(value, ("limits",), keys=("partners", "per_country", "countries", "budget"))
    per, budget = row.get("per_country"), row.get("budget")
    return Limits(
        partners=cells.whole(row.get("partners", 5), ("limits", "partners"), least=0),
        per_country=None if per is None else cells.whole(per, ("limits", "per_country"), least=1),
        countries=cells.whole(row.get("countries", 1), ("limits", "countries"), least=1),
        budget=None if budget is None else cells.number(budget, ("limits", "budget"), least=0),
    )


def _known(value: Any, path: Path, known: set[str], cells: Cells) -> frozenset[str]:
    names = cells.names(value, path)
    for name in names:
        if name not in known:
            cells.wrong(path, f"`{name}` is no organisation's id; name one of organisations")
    return frozenset(names)


def _apart(value: Any, known: set[str], cells: Cells) -> tuple[tuple[str, str], ...]:
    found: dict[frozenset[str], tuple[str, str]] = {}
    for at, item in enumerate(cells.items(value, ("apart",))):
        path: Path = ("apart", at)
        names = cells.names(item, path)
        if len(names) != 2:
            cells.wrong(path, "is no pair; write two different ids")
        elif not set(names) <= known:
            cells.wrong(path, f"{', '.join(sorted(set(names) - known))}: no organisation's id")
        elif frozenset(names) in found:
            cells.wrong(path, "this pair stands there twice; name it once")
        else:
            found[frozenset(names)] = (names[0], names[1])
    return tuple(found.values())
