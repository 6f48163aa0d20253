"""Whether one expression asks for at least as much as another, as far as their texts show it.

Three changes can be shown: more conditions joined by `&&`, one number of a comparison moved, a shorter list.
"""

from collections.abc import Sequence
from typing import Literal

from jiebang.rules.expression_text import Token, tokens

Comparison = Literal["same", "stricter", "looser", "other"]
_UPWARD, _DOWNWARD = {">", ">="}, {"<", "<="}
_UNCLEAR = {"||", "!", "?", "!=", "false"}


def compare(old: str, new: str | None) -> Comparison:
    """How `new` stands to `old`; `other` when that cannot be shown."""
    if new is None:
        return "looser"
    was, now = _words(old), _words(new)
    if _texts(was) == _texts(now):
        return "same"
    if _joined(was, now):
        return "stricter"
    if _joined(now, was):
        return "looser"
    if {word.text for word in (*was, *now)} & _UNCLEAR:
        return "other"
    return _numbers(was, now) or _lists(was, now) or "other"


def conditions(words: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    """What an expression demands in any case: its conditions joined by `&&`, bracketed ones included."""
    parts = _parts(_stripped(words)) or []
    return parts if len(parts) < 2 else [inner for part in parts for inner in conditions(part)]


def _words(source: str) -> tuple[Token, ...]:
    words = tokens(source)
    return _stripped(words)


def _stripped(words: tuple[Token, ...]) -> tuple[Token, ...]:
    """Without brackets around the whole."""
    while words and words[0].text == "(" and _closing(words) == len(words) - 1:
        words = words[1:-1]
    return words


def _closing(words: Sequence[Token]) -> int:
    depth = 0
    for place, word in enumerate(words):
        depth += {"(": 1, ")": -1}.get(word.text, 0)
        if depth == 0:
            return place
    return -1


def _texts(words: Sequence[Token]) -> tuple[str, ...]:
    return tuple(_plain(word) for word in words)


def _plain(word: Token) -> str:
    if word.kind == "string":
        return repr(word.text[1:-1])
    return (
        str(float(word.text))
        if word.kind == "number" and word.text.replace(".", "", 1).isdigit()
        else word.text
    )


def _parts(words: tuple[Token, ...]) -> list[tuple[Token, ...]] | None:
    """The conditions joined by `&&` on the outermost level; None when `||` or `?` stands there."""
    found: list[list[Token]] = [[]]
    depth = 0
    for word in words:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(word.text, 0)
        if depth == 0 and word.text in ("||", "?"):
            return None
        if depth == 0 and word.text == "&&":
            found.append([])
        else:
            found[-1].append(word)
    return [_stripped(tuple(part)) for part in found]


def _joined(fewer: tuple[Token, ...], more: tuple[Token, ...]) -> bool:
    """Whether every condition of `fewer` stands among those of `more`, as it is or with its number tightened."""
    parts = _parts(more)
    wanted = _parts(fewer) or [fewer]
    return parts is not None and all(any(_kept(was, now) for now in parts) for was in wanted)


def _kept(was: tuple[Token, ...], now: tuple[Token, ...]) -> bool:
    if _texts(was) == _texts(now):
        return True
    clear = not {word.text for word in (*was, *now)} & _UNCLEAR
    return clear and _numbers(was, now) == "stricter"


def _numbers(was: Sequence[Token], now: Sequence[Token]) -> Comparison | None:
    """One number differs, right after a comparison sign."""
    if len(was) != len(now):
        return None
    differing = [
        at for at, pair in enumerate(zip(was, now, strict=True)) if _plain(pair[0]) != _plain(pair[1])
    ]
    if len(differing) != 1 or differing[0] == 0:
        return None
    at = differing[0]
    sign, after = was[at - 1].text, was[at + 1].text if at + 1 < len(was) else "&&"
    if (
        sign not in _UPWARD | _DOWNWARD
        or after not in ("&&", ")")
        or {was[at].kind, now[at].kind} != {"number"}
    ):
        return None
    grows = float(now[at].text) > float(was[at].text)
    return "stricter" if grows == (sign in _UPWARD) else "looser"


def _lists(was: Sequence[Token], now: Sequence[Token]) -> Comparison | None:
    """One list of texts differs after `in`, or as the last argument of `all_in`."""
    old, new = _list(was), _list(now)
    if old is None or new is None or old[0] != new[0]:
        return None
    if new[1] < old[1]:
        return "stricter"
    return "looser" if new[1] > old[1] else "other"


def _list(words: Sequence[Token]) -> tuple[tuple[str, ...], frozenset[str]] | None:
    """The expression with its only list of texts taken out, and the texts."""
    texts = _texts(words)
    if texts.count("[") != 1 or texts.count("]") != 1 or not ({"in", "all_in"} & set(texts)):
        return None
    start, end = texts.index("["), texts.index("]")
    if start > end or any(word.kind != "string" and word.text != "," for word in words[start + 1 : end]):
        return None
    inside = frozenset(text for text in texts[start + 1 : end] if text != ",")
    return texts[:start] + texts[end + 1 :], inside
