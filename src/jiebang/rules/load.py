"""From rulebook text to one frozen `Rulebook`, or every fault at once with its line.

Text only: the caller reads files and passes parents as `{id: text}`.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import yaml
from pydantic import ValidationError

from jiebang.rules.faults import Fault
from jiebang.rules.schema import Rulebook

Path = tuple[str | int, ...]
Lines = dict[Path, int]

MAX_BYTES = 2_000_000
MAX_PARENTS = 5
MAX_LEVELS = 100  # libyaml composes by recursion in C: a text nested 100,000 deep would end the process
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml reads the same text ten times as fast
_SCALARS = yaml.constructor.SafeConstructor()


def load(
    text: str, *, name: str = "rulebook", parents: Mapping[str, str] | None = None
) -> Rulebook | list[Fault]:
    """The rulebook that `text` describes (its parent merged in), or its faults, all at once.

    `name` is how faults name the file; `parents` maps rulebook ids to texts for `extends`.
    """
    data, lines, faults = read(text, name=name)
    if faults:
        return faults
    merged = inherit(data, name=name, parents=parents or {}, lines=lines)
    return merged if isinstance(merged, list) else _validated(merged, name=name, lines=lines)


def load_dumped(text: str, *, name: str = "rulebook") -> Rulebook | list[Fault]:
    """The rulebook that `dump` wrote: its parents are in it, so `extends` is kept but not followed again."""
    data, lines, faults = read(text, name=name)
    return faults or _validated(data, name=name, lines=lines)


def read(text: str, *, name: str) -> tuple[dict[str, Any], Lines, list[Fault]]:
    """Plain data of a YAML text with the line of each path; faults of syntax and duplicate keys."""
    node = _composed(text, name)
    if isinstance(node, Fault):
        return {}, {}, [node]
    lines: Lines = {}
    faults: list[Fault] = []
    try:
        data = _plain(node, (), lines, faults, name)
    except RecursionError:
        return (
            {},
            {},
            [Fault(name, 1, "YAML", "refers to itself or is nested too deep; write every part out")],
        )
    return data, lines, faults


def _composed(text: str, name: str) -> yaml.MappingNode | Fault:
    if len(text.encode()) > MAX_BYTES:
        said = f"is larger than {MAX_BYTES:,} bytes; a rulebook is a few hundred lines"
        return Fault(name, None, "file", said)
    try:
        if line := _too_deep(text):
            return Fault(name, line, "YAML", "is nested too deep; a rulebook is at most a dozen levels deep")
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        return Fault(name, mark.line + 1 if mark else None, "YAML", f"{problem}; write valid YAML")
    if isinstance(node, yaml.MappingNode):
        return node
    return Fault(name, 1, "file", "is empty or not a mapping; start with `format: jiebang-rulebook/1`")


def inherit(
    data: dict[str, Any], *, name: str, parents: Mapping[str, str], lines: Lines
) -> dict[str, Any] | list[Fault]:
    """`data` merged over its chain of parents: maps by key, null removes, anything else replaces."""
    chain, seen = [data], [data.get("id")]  # a list: what stands there may be anything
    while parent := chain[-1].get("extends"):
        if not isinstance(parent, str):
            return [
                Fault(name, lines.get(("extends",)), "extends", "is not the id of a rulebook; write one word")
            ]
        if parent in seen or len(chain) > MAX_PARENTS:
            return [
                Fault(
                    name,
                    lines.get(("extends",)),
                    "extends",
                    f"`{parent}` leads back to itself; name a parent above",
                )
            ]
        if parent not in parents:
            known = ", ".join(sorted(parents)) or "none"
            return [
                Fault(
                    name,
                    lines.get(("extends",)),
                    "extends",
                    f"no rulebook `{parent}` is at hand; known: {known}",
                )
            ]
        above, _, faults = read(parents[parent], name=parent)
        if faults:
            return faults
        seen.append(parent)
        chain.append(above)
    merged = chain.pop()
    while chain:
        merged = _over(merged, chain.pop())
    return merged


def digest(rulebook: Rulebook) -> str:
    """SHA-256 (hex) of the rulebook's canonical JSON: keys in the rulebook's order, no spaces, UTF-8."""
    return hashlib.sha256(dump(rulebook).encode()).hexdigest()


def dump(rulebook: Rulebook) -> str:
    """The rulebook as canonical JSON text; `load_dumped` reads it back to an equal rulebook (JSON is YAML)."""
    plain = rulebook.model_dump(mode="json", by_alias=True)
    return json.dumps(plain, ensure_ascii=False, sort_keys=False, separators=(",", ":"))


def _validated(data: dict[str, Any], *, name: str, lines: Lines) -> Rulebook | list[Fault]:
    try:
        return Rulebook.model_validate(data)
    except ValidationError as error:
        return [_fault(item, name=name, lines=lines) for item in error.errors()]


def _too_deep(text: str) -> int | None:
    """The line on which the text is nested deeper than `MAX_LEVELS`, seen before anything is built."""
    level = line = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            level += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            level -= 1
        line = event.start_mark.line + 1 if event.start_mark else line
        if level > MAX_LEVELS:
            return line
    return None


def _plain(node: yaml.Node, path: Path, lines: Lines, faults: list[Fault], name: str) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if len(lines) > 50_000:
        return None  # an alias bomb stops growing here; the schema then refuses the hole
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, place), lines, faults, name) for place, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return _scalar(node)
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            where = ".".join(map(str, path)) or "file"
            faults.append(
                Fault(
                    name,
                    key_node.start_mark.line + 1,
                    where,
                    "has a list or a mapping for a key; write a word",
                )
            )
            continue
        key = str(key_node.value)
        if key in result:
            where = ".".join(map(str, (*path, key)))
            faults.append(Fault(name, key_node.start_mark.line + 1, where, "stands twice; keep one"))
        lines[(*path, key)] = key_node.start_mark.line + 1
        result[key] = _plain(value_node, (*path, key), lines, faults, name)
    return result


def _scalar(node: yaml.Node) -> Any:
    try:
        return _SCALARS.construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError):
        return str(
            node.value
        )  # an own tag on a value it does not fit (`!!bool "abc"`): the schema then refuses the text
    finally:
        _SCALARS.constructed_objects.clear()


def _over(below: Any, above: Any) -> Any:
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    merged = {key: _over(below.get(key), value) if key in below else value for key, value in above.items()}
    result = {key: merged.pop(key, value) for key, value in below.items()} | merged
    return {key: value for key, value in result.items() if not (value is None and key in above)}


def _fault(item: Mapping[str, Any], *, name: str, lines: Lines) -> Fault:
    path = tuple(part for part in item["loc"] if part != "[key]")
    known = next((path[:end] for end in range(len(path), -1, -1) if path[:end] in lines), ())
    message = str(item["msg"]).removeprefix("Value error, ")
    if item["type"] == "extra_forbidden":
        message = (
            "is not a field of the rulebook here; remove it or check its spelling (jiebang rulebook schema)"
        )
    return Fault(name, lines.get(known), ".".join(map(str, path)) or "file", message)
