"""A round's verdicts and decisions as sentences in one language."""

from collections.abc import Mapping

from jiebang.decisions.award import Decision, Outcome
from jiebang.decisions.quotas import in_words
from jiebang.decisions.round import RoundResult
from jiebang.decisions.verdicts import Verdict
from jiebang.rules.reasons import Reason, render
from jiebang.rules.schema import Rulebook
from jiebang.rules.texts import pick


class Words:
    """Says in `lang` what a round found; a rule stands in the words in which applicants read it."""

    def __init__(self, rulebook: Rulebook, result: RoundResult, lang: str) -> None:
        self.rulebook, self.lang = rulebook, lang
        self._verdicts: Mapping[tuple[str, str], list[Verdict]] = _by_rule(result)

    def verdict(self, item: Verdict) -> str:
        """The rule as the applicant reads it, then what was found."""
        found = render(item.reason, lang=self.lang)
        rule = self.rulebook.eligibility.get(item.rule)
        return f"{pick(rule.text, lang=self.lang)} {found}" if rule else found

    def decision(self, row: Decision) -> str:
        """Why a bid got its outcome; of an ineligible one, what each rule found."""
        said = render(in_words(row.reason, rulebook=self.rulebook, lang=self.lang), lang=self.lang)
        if row.outcome is not Outcome.INELIGIBLE:
            return said
        found = [item for rule in row.rule.split(";") for item in self._verdicts.get((row.bid, rule), ())]
        return " ".join([said, *map(self.verdict, found)])

    def text(self, texts: Mapping[str, str]) -> str:
        """A text of the programme."""
        return pick(texts, lang=self.lang)

    def say(self, code: str, **params: str | int) -> str:
        """A sentence or word of the report."""
        return render(Reason(f"bundle.{code}", params), lang=self.lang)


def _by_rule(result: RoundResult) -> dict[tuple[str, str], list[Verdict]]:
    found: dict[tuple[str, str], list[Verdict]] = {}
    for item in result.verdicts:
        if item.outcome.value != "pass":
            found.setdefault((item.subject, item.rule), []).append(item)
    return found
