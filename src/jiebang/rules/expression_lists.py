"""`all` and `exists` over lists in which some element does not know its answer.

CEL says that `exists` is true as soon as one element is, whatever the others; the binding gives up at the
first element that lacks a field. Where that happens the macro is written out, `(P(list[0]) || P(list[1]))`,
which the binding's own `||` and `&&` answer rightly. Only for lists that are facts, and only after the
plain way failed.
"""

from collections.abc import Mapping
from typing import Any

from jiebang.rules.expression_text import Token, closing, read, tokens

_JOIN = {"exists": (" || ", "false"), "all": (" && ", "true")}
_MOST_WORDS = 4_000


def unrolled(source: str, facts: Mapping[str, Any]) -> str | None:
    """`source` without `all` and `exists`, for these facts; None where a list is no fact or too long."""
    while (words := tokens(source)) and len(words) <= _MOST_WORDS:
        macros = [at for at in range(len(words)) if _is_macro(words, at)]
        if not macros:
            return source
        written = _written_out(words, macros[0], facts)
        if written is None:
            return None
        source = written
    return None


def has_lists(source: str) -> bool:
    """Whether there is anything to write out."""
    return any(name in _JOIN for name, _ in read(source).calls)


def _is_macro(words: tuple[Token, ...], at: int) -> bool:
    return words[at].kind == "name" and words[at].text in _JOIN and words[at - 1].text == "." and at > 0


def _written_out(words: tuple[Token, ...], at: int, facts: Mapping[str, Any]) -> str | None:
    start = _range_start(words, at - 2)
    items = None if start is None else _look_up(words[start : at - 1], facts)
    if start is None or not isinstance(items, list):
        return None
    end = closing(words, at + 1)
    variable, body = words[at + 2].text, words[at + 4 : end]
    if _binds(body, variable):
        return None
    place = _joined(words[start : at - 1])
    terms = [f"({_with(body, variable, f'{place}[{step}]')})" for step in range(len(items))]
    between, empty = _JOIN[words[at].text]
    return f"{_joined(words[:start])} ({between.join(terms) or empty}) {_joined(words[end + 1 :])}"


def _binds(body: tuple[Token, ...], variable: str) -> bool:
    """Whether a macro inside binds the same name again, which would hide the outer one."""
    inside = [word.text for word in body]
    return any(inside[at : at + 3] == ["(", variable, ","] for at in range(len(inside)))


def _range_start(words: tuple[Token, ...], at: int) -> int | None:
    """Where the path that ends at `at` begins; None when it is not a plain path."""
    while at >= 0:
        if words[at].text == "]" and at >= 3 and words[at - 2].text == "[":
            at -= 3
        elif words[at].kind != "name":
            return None
        elif at > 1 and words[at - 1].text == ".":
            at -= 2
        else:
            return at
    return None


def _look_up(path: tuple[Token, ...], facts: Mapping[str, Any]) -> Any:
    found: Any = facts
    for word in path:
        if word.kind == "name":
            found = found.get(word.text) if isinstance(found, Mapping) else None
        elif word.kind == "string":
            found = found.get(word.text[1:-1]) if isinstance(found, Mapping) else None
        elif word.kind == "number":
            found = found[int(word.text)] if isinstance(found, list) and int(word.text) < len(found) else None
    return found


def _with(body: tuple[Token, ...], variable: str, place: str) -> str:
    """The body with the variable replaced, but not a field of the same name."""
    fields = {at + 1 for at, word in enumerate(body) if word.text == "."}
    is_it = [
        word.kind == "name" and word.text == variable and at not in fields for at, word in enumerate(body)
    ]
    return " ".join(place if it else word.text for it, word in zip(is_it, body, strict=True))


def _joined(words: tuple[Token, ...]) -> str:
    return " ".join(word.text for word in words)
