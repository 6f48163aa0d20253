"""Where each value of a JSON text stands, for faults: the path of a value to its line."""

import json
import re
from bisect import bisect_left
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
Twice: TypeAlias = list[tuple[int, str]]
_DECODER = json.JSONDecoder()
_SKIP = re.compile(r"[\s,:]*")
_SCALAR = re.compile(r"[^\s,:\]\}]+")


def lines(text: str) -> dict[Path, int]:
    """The line (from 1) of every value of a well-formed JSON document, by keys and positions from the root.

    Of a key that stands twice the last one counts, as for `json.loads`.
    """
    found: dict[Path, int] = {}
    breaks = [at for at, letter in enumerate(text) if letter == "\n"]
    _walk(text, 0, (), found, [])
    return {path: bisect_left(breaks, at) + 1 for path, at in found.items()}


def repeated(text: str) -> list[tuple[int, str]]:
    """Line and name of every key that stands in its object already."""
    twice: Twice = []
    _walk(text, 0, (), {}, twice)
    return [(text.count("\n", 0, at) + 1, key) for at, key in twice]


def _walk(text: str, at: int, path: Path, found: dict[Path, int], twice: Twice) -> int:
    at = _skip(text, at)
    found[path] = at
    if text[at] == "{":
        return _walk_object(text, at + 1, path, found, twice)
    if text[at] == "[":
        return _walk_array(text, at + 1, path, found, twice)
    if text[at] == '"':
        return _string(text, at)[1]
    scalar = _SCALAR.match(text, at)
    return scalar.end() if scalar else at + 1


def _walk_object(text: str, at: int, path: Path, found: dict[Path, int], twice: Twice) -> int:
    at = _skip(text, at)
    while text[at] != "}":
        key, after = _string(text, at)
        if (*path, key) in found:
            twice.append((at, key))
        at = _skip(text, _walk(text, after, (*path, key), found, twice))
    return at + 1


def _walk_array(text: str, at: int, path: Path, found: dict[Path, int], twice: Twice) -> int:
    at, index = _skip(text, at), 0
    while text[at] != "]":
        at = _skip(text, _walk(text, at, (*path, index), found, twice))
        index += 1
    return at + 1


def _string(text: str, at: int) -> tuple[str, int]:
    value, end = _DECODER.raw_decode(text, at)
    return str(value), end


def _skip(text: str, at: int) -> int:
    found = _SKIP.match(text, at)
    return found.end() if found else at
