"""The shape of answers, kind by kind: what a draft may hold before anybody asks whether it is right.

A draft keeps wrong answers so that its writer can mend them; pages show it meanwhile and rely on its shape.
"""

from collections.abc import Callable, Mapping

from jiebang.rules.form_values import INDICATOR_TEXTS, MAX_ITEMS

Shape = Callable[[object], bool]


def shaped(answer: object, kind: str) -> bool:
    """Whether an answer has the shape that pages rely on for a kind of field (see `rules.forms`); None always has."""
    return answer is None or _SHAPES[kind](answer)


def _scalar(answer: object) -> bool:
    return answer is None or isinstance(answer, str | int | float)


def _word(answer: object) -> bool:
    return isinstance(answer, str)


def _texts(answer: object) -> bool:
    """A plain text, a statement, or texts by language."""
    if not isinstance(answer, Mapping):
        return _word(answer)
    if "text" not in answer:
        return all(map(_word, answer.values()))
    others = answer.get("translations") or {}
    tags = (answer.get(name) or "" for name in ("lang", "prevails"))
    return (
        _word(answer["text"])
        and all(map(_word, tags))
        and isinstance(others, Mapping)
        and all(_translation(made) for made in others.values())
    )


def _translation(made: object) -> bool:
    return isinstance(made, Mapping) and _word(made.get("text")) and all(map(_scalar, made.values()))


def _flat(answer: object) -> bool:
    return isinstance(answer, Mapping) and all(map(_scalar, answer.values()))


def _amount(answer: object) -> bool:
    return _scalar(answer) or _flat(answer)


def _words(answer: object) -> bool:
    return isinstance(answer, list) and all(map(_word, answer))


def _entries(*texts: str) -> Shape:
    """A list of entries of which these parts are texts in languages, the others single values."""

    def check(answer: object) -> bool:
        return isinstance(answer, list) and len(answer) <= MAX_ITEMS and all(map(entry, answer))

    def entry(item: object) -> bool:
        return isinstance(item, Mapping) and all(
            _scalar(value) or (name in texts and _texts(value)) or (name == "indicators" and _words(value))
            for name, value in item.items()
        )

    return check


_SHAPES: Mapping[str, Shape] = {
    "line": _texts, "text": _texts, "number": _scalar, "money": _amount, "date": _word, "choice": _word,
    "choices": _words, "yes_no": _scalar, "indicators": _entries(*INDICATOR_TEXTS),
    "milestones": _entries("title", "deliverable"), "promises": _flat, "file": _flat,
}  # fmt: skip
