"""The text of an expression: its tokens, what it reads and calls, and its form with real-number literals.

The CEL library gives no syntax tree; these few questions are answered from the tokens. Faults of grammar are
the library's to find, faults of a single character (a full-width comma, `and` for `&&`) are found here.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

MACROS = frozenset({"all", "exists", "exists_one", "map", "filter"})
_WORDS = frozenset({"true", "false", "null", "in"})
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*)
    |(?P<string>[rRbB]{0,2}(?:'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"))
    |(?P<number>0[xX][0-9a-fA-F]+u?|\d+\.\d+(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+[uU]?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<mark>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]{}])""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """One word of an expression: its kind (string, number, name, mark, fault), text and 1-based column."""

    kind: str
    text: str
    column: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What the text says of itself, before it is compiled.

    `reads`: paths of facts, outermost name first. `guarded`: those inside a `has(...)`, where absence is
    an answer. `calls`: (function, column). `depth`: deepest nesting of brackets. `loops`: of list macros.
    """

    reads: tuple[tuple[str, ...], ...]
    guarded: frozenset[tuple[str, ...]]
    calls: tuple[tuple[str, int], ...]
    depth: int
    loops: int


def tokens(source: str) -> tuple[Token, ...]:
    """The words of `source` without spaces and comments; an unknown character is a token of kind `fault`."""
    return tuple(word for word in _words(source) if word.kind != "space")


def _words(source: str) -> Iterator[Token]:
    at = 0
    while at < len(source):
        found = _TOKEN.match(source, at)
        if found is None:
            yield Token("fault", source[at], at + 1)
            at += 1
            continue
        yield Token(str(found.lastgroup), found.group(), at + 1)
        at = found.end()


def with_real_numbers(source: str) -> str:
    """`source` with integer literals as doubles and `size` by characters, so that one kind of number is left.

    A divisor is wrapped in `nonzero_`, since a double divided by 0 would be infinite and pass any comparison.
    A literal index (`list[0]`) stays an integer. CEL has no arithmetic between int and double, and its `size`
    of a text counts UTF-8 bytes in this binding, six for two Chinese characters.
    """
    words = tokens(source)
    texts = [_rewritten(words, at) for at in range(len(words))]
    for at, word in enumerate(words):
        if word.kind == "mark" and word.text == "/" and at + 1 < len(words):
            last = _operand_end(words, at + 1)
            texts[at + 1] = f"nonzero_({texts[at + 1]}"
            texts[last] += ")"
    return " ".join(texts)


def closing(words: Sequence[Token], at: int) -> int:
    """Where the bracket opened at `at` closes (the last word if it does not)."""
    depth = 0
    for step in range(at, len(words)):
        if words[step].kind == "mark":
            depth += (words[step].text in _OPEN) - (words[step].text in _CLOSE)
        if depth == 0:
            return step
    return len(words) - 1


def _operand_end(words: Sequence[Token], at: int) -> int:
    """The last word of the operand that begins at `at`: signs, a name, literal or bracket, and its tail."""
    while _text(words, at) in {"-", "!"}:
        at += 1
    at = closing(words, at) if at < len(words) else at - 1
    while True:
        after = _text(words, at + 1)
        if after == "." and at + 2 < len(words):
            at += 2
        elif after in {"(", "["}:
            at = closing(words, at + 1)
        else:
            return at


def _rewritten(words: Sequence[Token], at: int) -> str:
    word = words[at]
    if word.kind == "name" and word.text == "size" and _text(words, at + 1) == "(":
        return "size_"
    if word.kind != "number" or _is_index(words, at):
        return word.text
    digits = word.text.rstrip("uU")
    if digits.lower().startswith("0x"):
        return f"{int(digits, 16)}.0"
    return f"{digits}.0" if digits.isdigit() else digits


def _is_index(words: Sequence[Token], at: int) -> bool:
    if _text(words, at - 1) != "[" or _text(words, at + 1) != "]" or at < 2:
        return False
    return words[at - 2].kind == "name" or words[at - 2].text in {")", "]"}


@cache
def read(source: str) -> Reading:
    """What `source` reads and calls, and how deep it nests; total, for any text."""
    return _Reader(tokens(source)).reading()


def _text(words: Sequence[Token], at: int) -> str:
    return words[at].text if 0 <= at < len(words) else ""


class _Reader:
    """One pass over the words, keeping the open brackets and the variables that list macros bind in them."""

    def __init__(self, words: Sequence[Token]) -> None:
        self.words = words
        self.reads: dict[tuple[str, ...], None] = {}
        self.guarded: set[tuple[str, ...]] = set()
        self.calls: list[tuple[str, int]] = []
        self.bound: list[tuple[int, str]] = []
        self.depth = self.deepest = self.loops = 0

    def reading(self) -> Reading:
        for at, word in enumerate(self.words):
            if word.text in _OPEN and word.kind == "mark":
                self._open(at)
            elif word.text in _CLOSE and word.kind == "mark":
                self._close()
            elif word.kind == "name":
                self._name(at)
        return Reading(
            tuple(self.reads), frozenset(self.guarded), tuple(self.calls), self.deepest, self.loops
        )

    def _open(self, at: int) -> None:
        self.depth += 1
        self.deepest = max(self.deepest, self.depth)
        is_macro = _text(self.words, at - 1) in MACROS and _text(self.words, at - 2) == "."
        if is_macro and _text(self.words, at + 2) == ",":
            self.bound.append((self.depth, _text(self.words, at + 1)))
            self.loops = max(self.loops, len(self.bound))

    def _close(self) -> None:
        while self.bound and self.bound[-1][0] == self.depth:
            self.bound.pop()
        self.depth -= 1

    def _name(self, at: int) -> None:
        word = self.words[at]
        if _text(self.words, at + 1) == "(":
            self.calls.append((word.text, word.column))
        elif _text(self.words, at - 1) != "." and word.text not in _WORDS | {name for _, name in self.bound}:
            path = self._path(at)
            self.reads[path] = None
            if _text(self.words, at - 1) == "(" and _text(self.words, at - 2) == "has":
                self.guarded.add(path)

    def _path(self, at: int) -> tuple[str, ...]:
        parts = [self.words[at].text]
        at += 1
        while True:
            mark, after = _text(self.words, at), _text(self.words, at + 2)
            if mark == "." and after != "(" and self._kind(at + 1) == "name":
                parts.append(self.words[at + 1].text)
                at += 2
            elif mark == "[" and after == "]" and self._kind(at + 1) == "string":
                parts.append(str(ast.literal_eval(self.words[at + 1].text)))
                at += 3
            else:
                return tuple(parts)

    def _kind(self, at: int) -> str:
        return self.words[at].kind if at < len(self.words) else ""
