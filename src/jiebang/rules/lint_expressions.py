"""Expressions of a rulebook: whether they can be read, what they read, and what they answer."""

from collections.abc import Iterator

from jiebang.rules.expression_text import tokens
from jiebang.rules.expressions import Expression, compile_expression, evaluate, names, value
from jiebang.rules.facts import READABLE, is_known, near, samples
from jiebang.rules.problems import Problem
from jiebang.rules.reasons import Reason, render
from jiebang.rules.schema import Award, Rulebook, Shortlist

Path = tuple[str | int, ...]


def problems(rulebook: Rulebook) -> list[Problem]:
    """Faults of grammar and size, unknown facts, words outside the vocabulary, answers of a wrong type."""
    return [problem for place in expressions(rulebook) for problem in _one(*place, rulebook)]


def expressions(rulebook: Rulebook) -> Iterator[tuple[Path, str, str, bool]]:
    """Every expression: its path, its place (a key of `facts.READABLE`), its text, whether yes or no."""
    for key, rule in rulebook.eligibility.items():
        yield ("eligibility", key, "require"), f"eligibility.{rule.subject}", rule.require, True
    for kind, table in rulebook.lifecycles.items():
        for key, move in table.moves.items():
            if move.require:
                yield ("lifecycles", kind, "moves", key, "require"), f"lifecycles.{kind}", move.require, True
    for key, ground in rulebook.revocation.grounds.items() if rulebook.revocation else ():
        if ground.require:
            path = ("revocation", "grounds", key, "require")
            yield path, "lifecycles.project", ground.require, True
    for key, grade in rulebook.measuring.grades.items() if rulebook.measuring else ():
        if grade.require:
            yield ("measuring", "grades", key, "require"), "measuring", grade.require, True
    if rulebook.award is None:
        return
    yield from _ordering(("award",), rulebook.award)
    if rulebook.award.shortlist:
        yield from _ordering(("award", "shortlist"), rulebook.award.shortlist)
    for key, quota in rulebook.award.quotas.items():
        if quota.where:
            yield ("award", "quotas", key, "where"), "award", quota.where, True


def _ordering(path: Path, part: Award | Shortlist) -> Iterator[tuple[Path, str, str, bool]]:
    if part.approve:
        yield (*path, "approve"), "award", part.approve, True
    yield (*path, "order_by"), "award", part.order_by, False
    for place, text in enumerate(part.then_by):
        yield (*path, "then_by", place), "award", text, False


def literals(source: str) -> list[str]:
    """The texts in quotes that stand in an expression."""
    return [word.text.strip("'\"") for word in tokens(source) if word.kind == "string"]


def _one(path: Path, where: str, source: str, yes_no: bool, rulebook: Rulebook) -> Iterator[Problem]:
    compiled = compile_expression(source)
    if isinstance(compiled, Reason):
        yield Problem(path, render(compiled, lang="en"))
        return
    strangers = sorted(name for name in names(source) if not is_known(name, rulebook=rulebook, where=where))
    for name in strangers:
        yield Problem(path, _stranger(name, where, rulebook))
    if not strangers:
        yield from _words(path, source, rulebook)
        yield from _answer(path, compiled, yes_no, rulebook)


def unknown_fact(name: str, *, where: str, rulebook: Rulebook) -> str | None:
    """Why a plain name cannot be read at a place (a key of `facts.READABLE`), or None when it can."""
    return None if is_known(name, rulebook=rulebook, where=where) else _stranger(name, where, rulebook)


def _stranger(name: str, where: str, rulebook: Rulebook) -> str:
    if is_known(name, rulebook=rulebook):
        return f"`{name}` cannot be read here; {', '.join(sorted(READABLE[where]))}, setting and places can"
    alike = near(name, rulebook=rulebook, where=where)
    hint = f"did you mean {', '.join(alike)}?" if alike else "see `jiebang rulebook schema --facts`"
    return f"`{name}` is no known fact; {hint}"


def _words(path: Path, source: str, rulebook: Rulebook) -> Iterator[Problem]:
    """Texts in quotes must be words of the vocabularies that the facts read here come from."""
    known = _vocabulary_of(source, rulebook)
    for text in literals(source) if known is not None else []:
        if text not in (known or ()):
            said = f"`{text}` is not in the rulebook's vocabulary; known: {', '.join(sorted(known or ()))}"
            yield Problem(path, said)


def _vocabulary_of(source: str, rulebook: Rulebook) -> set[str] | None:
    """The words that can be meant; None where a fact with free text is read, or a vocabulary is not given."""
    words = rulebook.vocabulary
    by_leaf: dict[str, dict[str, object]] = {
        "type": {**words.organisation_types}, "evidence": {**words.evidence}, "modes": {**words.modes},
        "sector": {**words.sectors}, "places": {**rulebook.places},
    }  # fmt: skip
    found: set[str] = set()
    for name in names(source):
        root, _, leaf = name.partition(".")
        if root == "setting":
            found |= set(rulebook.settings[leaf].choices)
        elif by_leaf.get(leaf):
            found |= set(by_leaf[leaf])
        elif leaf in ("stage", "suspended_from") and root in rulebook.lifecycles:
            found |= set(rulebook.lifecycles[root].stages)
        else:
            return None
    return found or None


def _answer(path: Path, compiled: Expression, yes_no: bool, rulebook: Rulebook) -> Iterator[Problem]:
    facts = samples(rulebook)
    if not yes_no:
        computed = value(compiled, facts)
        if computed is not None and not isinstance(computed, float):
            yield Problem(path, "gives no number; bids are ordered by numbers, higher is better")
        return
    error = evaluate(compiled, facts).error
    if error is not None:
        yield Problem(path, render(error, lang="en"))
