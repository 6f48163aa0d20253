"""Where a value stands in a JSON text: read a second time only when something is wrong with it."""

import re
from collections.abc import Collection

Path = tuple[str | int, ...]
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


def lines_of(text: str, wanted: Collection[Path], /) -> dict[Path, int]:
    """The line (from 1) on which each wanted value begins; of a text that is JSON."""
    left, found = set(wanted), {}
    path: list[str | int] = []
    key, line, at = False, 1, 0  # `key`: the next text names a member
    for token in _TOKEN.finditer(text):
        line, at = line + text.count("\n", at, token.start()), token.start()
        word = token.group()
        if key and word[0] == '"':
            path[-1], key = _unquoted(word), False
        elif word == ",":
            key = _step(path)
        elif word in "}]":
            path.pop()
        elif word != ":":
            if (here := tuple(path)) in left:
                found[here] = line
                left.discard(here)
                if not left:
                    break
            if word in "{[":
                path.append(0 if word == "[" else "")
                key = word == "{"
    return found


def _step(path: list[str | int]) -> bool:
    """On to the next member: an item counts up; of an object the name comes next."""
    last = path[-1]
    if isinstance(last, int):
        path[-1] = last + 1
        return False
    return True


def _unquoted(word: str) -> str:
    import json

    return str(json.loads(word, strict=False))
