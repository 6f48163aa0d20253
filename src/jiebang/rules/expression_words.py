"""An expression in words, for those who read no code: what it reads and what it asks of each fact.

`need.failed == 0.0 && need.opinions >= 2.0` becomes "How many rules it fails: 0; How many experts found it fit: at
least 2". A part that is no plain comparison says what it depends on. The expression itself stays the rule.
"""

import re
from collections.abc import Iterator

from jiebang.rules.explain_words import sentence
from jiebang.rules.expressions import Expression, compile_expression
from jiebang.rules.facts import dictionary
from jiebang.rules.schema import Rulebook
from jiebang.rules.texts import pick

_FACT = r"[a-z_]\w*(?:\.\w+)+"
_COMPARED = re.compile(rf"({_FACT})\s*(>=|<=|==|!=|>|<)\s*(?:(-?\d+(?:\.\d+)?)|'([^']*)')")
_PLAIN = re.compile(rf"(!?)\s*({_FACT})")
_SIGNS = {">=": "at_least", "<=": "at_most", "==": "is", "!=": "is_not", ">": "more_than", "<": "less_than"}


def in_words(source: str, *, lang: str, rulebook: Rulebook | None = None) -> str:
    """What an expression asks, part by part; "" for what does not compile."""
    if not isinstance(compile_expression(source), Expression):
        return ""
    apart = "；" if lang.startswith("zh") else "; "
    return apart.join(_part(part, lang, rulebook) for part in _parts(source))


def order_in_words(source: str, *, lang: str, rulebook: Rulebook) -> str:
    """By what an expression orders: the fact that it is, else what it depends on."""
    if _PLAIN.fullmatch(source):
        return meaning(source, lang=lang, rulebook=rulebook)
    return _depends(source, lang, rulebook)


def meaning(name: str, *, lang: str, rulebook: Rulebook | None = None) -> str:
    """A fact in words: of the dictionary, of a setting or a criterion of the rulebook; else the last word of its name."""
    known = dictionary().get(name)
    if known:
        return pick(known.meaning, lang=lang)
    kind, _, key = name.partition(".")
    setting = rulebook.settings.get(key) if rulebook and kind == "setting" else None
    criterion = rulebook.criteria.get(name.rpartition(".")[2]) if rulebook and ".scores." in name else None
    found = setting or criterion
    return pick(found.label, lang=lang) if found else name.rpartition(".")[2]


def _parts(source: str) -> Iterator[str]:
    """The parts that must all hold: split at `&&` outside brackets, unless an `||` stands there too."""
    depth, start, cuts = 0, 0, []
    for place, sign in enumerate(source):
        depth += (sign in "([{") - (sign in ")]}")
        if depth == 0 and source.startswith("||", place):
            yield source
            return
        if depth == 0 and source.startswith("&&", place):
            cuts.append(place)
    for cut in cuts:
        yield source[start:cut].strip()
        start = cut + 2
    yield source[start:].strip()


def _part(part: str, lang: str, rulebook: Rulebook | None) -> str:
    if found := _COMPARED.fullmatch(part):
        name, sign, number, word = found.groups()
        value = f"{float(number):g}" if number is not None else f"“{word}”"
        return sentence(
            _SIGNS[sign], lang=lang, what=meaning(name, lang=lang, rulebook=rulebook), value=value
        )
    if found := _PLAIN.fullmatch(part):
        answer = "not_so" if found[1] else "so"
        return sentence(answer, lang=lang, what=meaning(found[2], lang=lang, rulebook=rulebook))
    return _depends(part, lang, rulebook)


def _depends(part: str, lang: str, rulebook: Rulebook | None) -> str:
    compiled = compile_expression(part)
    paths = compiled.paths if isinstance(compiled, Expression) else ()
    read = dict.fromkeys(meaning(".".join(path), lang=lang, rulebook=rulebook) for path in paths)
    comma = "、" if lang.startswith("zh") else ", "
    return sentence("depends", lang=lang, what=comma.join(read))
