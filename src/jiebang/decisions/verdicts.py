"""A verdict: what a rule says of a subject. Three answers, each with the facts and evidence that led to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from jiebang.rules.expressions import Truth
from jiebang.rules.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`rule` said `outcome` of `subject`; `about` names the organisation or expert meant, when it is another id."""

    subject: str
    rule: str
    outcome: Truth
    reason: Reason
    facts: Mapping[str, object] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    about: str = ""
    missing: tuple[str, ...] = ()


def failed(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts that fail."""
    return tuple(verdict for verdict in verdicts if verdict.outcome is Truth.FAIL)


def unclear(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts that cannot be told."""
    return tuple(verdict for verdict in verdicts if verdict.outcome is Truth.UNKNOWN)


def rules_of(verdicts: Sequence[Verdict]) -> str:
    """The keys of their rules, each once, in order, joined with `;`."""
    return ";".join(dict.fromkeys(verdict.rule for verdict in verdicts))
