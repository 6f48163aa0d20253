"""Verdicts of the rules with their remedies, stored ones and live ones alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.rules.form_values import decimal_of
from jiebang.rules.reasons import Reason
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.acting import render_reason
from jiebang.web.forms.evidence import kind_word
from jiebang.web.site import language_tag, words


@dataclass(frozen=True, kw_only=True)
class Findings(c.Part):
    """What the rules say: what is in the way first, what is met folded beneath one sentence."""

    open: Sequence[c.Verdict]
    met: Sequence[c.Verdict]
    sentence: str
    template: ClassVar[str] = "forms/findings.html"


def verdict_parts(rows: Iterable[Any], *, book: Rulebook) -> Findings | None:
    """Stored verdicts, what fails first."""
    return _ordered(
        _part(row.rule, row.outcome, Reason(row.code, row.params), row.evidence, book) for row in rows
    )


def live_parts(found: Iterable[Any], *, book: Rulebook) -> Findings | None:
    """Verdicts just computed (`decisions.verdicts.Verdict`)."""
    return _ordered(_part(item.rule, item.outcome.value, item.reason, item.evidence, book) for item in found)


def _part(rule: str, outcome: Any, reason: Reason, evidence: Iterable[str], book: Rulebook) -> c.Verdict:
    known = book.eligibility.get(rule)
    said = render_reason(Reason(reason.code, _named(reason.params, book)), zone=book.timezone)
    if known is None:
        return c.Verdict(
            outcome=outcome, sentence=said, rule=_limit(book) if rule.startswith("consortium") else ""
        )
    remedy = words(known.remedy) if outcome != "pass" else ""
    source = words(book.sources[known.source].title) if known.source else words(known.why or {})
    sentence = f"{words(known.text)} {remedy}".strip()
    shown = [kind_word(book, kind) for kind in evidence]
    return c.Verdict(outcome=outcome, sentence=sentence, rule=said, source=source, evidence=shown)


def _named(params: Mapping[str, Any], book: Rulebook) -> Mapping[str, Any]:
    """A rule is named by its text, never by its key; a sum is told with its currency."""
    rule = book.eligibility.get(str(params.get("rule") or ""))
    sums = {name: decimal_of(params[name]) for name in ("amount", "budget") if name in params}
    told = {
        name: formats.money(value, book.currency, lang=language_tag())
        for name, value in sums.items()
        if value is not None
    }
    return {**params, **told, **({"rule": words(rule.text)} if rule else {})}


def _limit(book: Rulebook) -> str:
    rule = book.consortium
    if rule is None or rule.max_partners is None:
        return ""
    return _("The lead may invite up to %(n)s partners.") % {"n": rule.max_partners}


def _ordered(parts: Iterable[c.Verdict]) -> Findings | None:
    found = list(parts)
    stand = sorted((part for part in found if part.outcome != "pass"), key=lambda part: part.outcome)
    met = [part for part in found if part.outcome == "pass"]
    told = ngettext("%(n)s rule is met.", "%(n)s rules are met.", len(met)) % {"n": len(met)}
    return Findings(open=stand, met=met, sentence=told) if found else None
