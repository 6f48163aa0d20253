"""How a sentence of `explain` is written: the rulebook's texts in a language, with status and source."""

from collections.abc import Callable, Iterable, Iterator

from jiebang.rules.explain_words import phrase, sentence, term
from jiebang.rules.expression_words import in_words
from jiebang.rules.schema import Rule, Rulebook
from jiebang.rules.texts import pick

Named = Callable[[str], str]


class Writer:
    """The words of one explanation."""

    def __init__(self, rulebook: Rulebook, lang: str, *, paper: bool = False, country: Named = str) -> None:
        """`paper`: without what only the machine reads; `country` names a country by its code."""
        self.book, self.lang, self.paper, self.country = rulebook, lang, paper, country

    def text(self, texts: dict[str, str]) -> str:
        return pick(texts, lang=self.lang)

    def say(self, name: str, /, **params: object) -> str:
        return sentence(name, lang=self.lang, **params)

    def mark(self, rule: Rule) -> str:
        """[reported: source, day] or [assumed: why] or [local]."""
        word = phrase(rule.status, lang=self.lang)
        source = self.book.sources.get(rule.source or "")
        said = self.text(source.title if source else rule.why or {})
        day = f", {rule.effective}" if rule.effective else ""
        return f"[{word}: {said}{day}]" if said else f"[{word}]"

    def item(self, said: str, rule: Rule) -> Iterator[str]:
        yield f"- {said} {self.mark(rule)}"
        for field, why in rule.assumes.items():
            yield f"  - {phrase(field, lang=self.lang)} [{phrase('assumed', lang=self.lang)}: {self.text(why)}]"

    def words(self, source: str) -> str:
        return in_words(source, lang=self.lang, rulebook=self.book)

    def listed(self, names: list[str]) -> str:
        return ("、" if self.lang.startswith("zh") else ", ").join(names)

    def yes(self, value: object) -> str:
        return phrase("yes" if value else "no", lang=self.lang)

    def machine(self, source: str | None, indent: str = "  ") -> Iterator[str]:
        """The expression itself, after its words."""
        if source and not self.paper:
            yield f"{indent}- {phrase('machine', lang=self.lang)}: `{source}`"

    def _assumes(self, rule: Rule) -> str:
        word = phrase("assumed", lang=self.lang)
        return "".join(
            f" [{phrase(field, lang=self.lang)}, {word}: {self.text(why)}]"
            for field, why in rule.assumes.items()
        )

    def _roles(self, roles: Iterable[str], department: str = "") -> str:
        words = [term(self.book.vocabulary.roles, role, lang=self.lang) for role in roles]
        return self.listed(words) + (f" ({department})" if department else "")
