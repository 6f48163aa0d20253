"""Eligibility: each rule of a programme asked about one subject, and the facts that such rules read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jiebang.decisions.verdicts import Verdict
from jiebang.rules.days import whole_years
from jiebang.rules.expressions import Answer, Expression, Truth, compile_expression, evaluate
from jiebang.rules.facts import constants
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import EligibilityRule, Place, Rulebook, Subject

NOT_VALID = frozenset(
    {"rejected", "refused", "revoked", "withdrawn", "expired", "pending", "invalid", "missing"}
)

_REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_COME_FROM = {
    "over_years": ("registered_on", "counted_at"), "days_registered": ("registered_on", "counted_at"),
    "places": ("country", "region"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A piece of evidence that an organisation showed. Unknown days do not limit it."""

    kind: str
    issued_on: date | None = None
    expires_on: date | None = None
    status: str | None = None


def check(
    rulebook: Rulebook, *, subject: Subject, facts: Mapping[str, object], subject_id: str, about: str = ""
) -> tuple[Verdict, ...]:
    """The verdict of every eligibility rule on `subject`, in the order of the rulebook.

    `facts` nests what expressions read (`{"lead": {...}, "bid": {...}}`); `setting` and `places` are added
    from the rulebook.
    """
    known = {**constants(rulebook), **facts}
    rules = [(key, rule) for key, rule in rulebook.eligibility.items() if rule.subject == subject]
    return tuple(_verdict(key, rule, known, subject_id, about) for key, rule in rules)


def organisation_facts(
    *,
    id: str,  # noqa: A002 - the fact is called id
    at: date | None,
    name: str | None = None,
    country: str | None = None,
    region: str | None = None,
    type: str | None = None,  # noqa: A002 - the fact is called type
    registered_on: date | None = None,
    evidence: Sequence[Proof] | None = None,
    places: Mapping[str, Place] | None = None,
    facts: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """What rules may read about an organisation on the day `at`; None stays unknown.

    `days_registered` is end - start; `over_years` counts the years that have passed by more than the anniversary.
    `facts` are an office's own columns; they read as `lead.facts.NAME` and, where no other fact has it, `lead.NAME`.
    `evidence` lists the kinds valid on that day, and is unknown when no evidence was collected at all (None).
    """
    aged = registered_on is not None and at is not None
    return {
        **(facts or {}), "id": id, "name": name, "country": country, "region": region, "type": type,
        "registered_on": registered_on, "counted_at": at,
        "days_registered": (at - registered_on).days if aged else None,  # type: ignore[operator]
        "over_years": years_over(registered_on, at=at) if aged else None,  # type: ignore[arg-type]
        "evidence": None if evidence is None else valid_kinds(evidence, at=at),
        "places": places_of(country, region, places=places or {}),
        "facts": dict(facts or {}),
    }  # fmt: skip


def years_over(registered_on: date, *, at: date) -> int:
    """The largest n for which "over n years" is true: it grows on the day after each anniversary."""
    return max(whole_years(registered_on, at - timedelta(days=1)), 0)


def valid_kinds(evidence: Sequence[Proof], *, at: date | None) -> list[str]:
    """The kinds of evidence valid on a day, each once: not refused, issued by then and not yet expired."""
    return sorted({proof.kind for proof in evidence if _valid(proof, at)})


def places_of(country: str | None, region: str | None, *, places: Mapping[str, Place]) -> list[str] | None:
    """The named places an organisation lies in; None when what is known does not settle it for some place."""
    answers = {key: in_place(country, region, place=place) for key, place in places.items()}
    return None if None in answers.values() else [key for key, inside in answers.items() if inside]


def in_place(country: str | None, region: str | None, *, place: Place) -> bool | None:
    """Whether a country or region (ISO 3166) lies in a place; None when it cannot be told.

    A region in words ("the south") cannot be told from its code.
    """
    if region is not None and not _REGION.fullmatch(region):
        region = None
    if country in place.countries or region in place.regions:
        return True
    if country is None and region is None:
        return None
    hidden = any(code.split("-")[0] == country or country is None for code in place.regions)
    return None if region is None and hidden else False


def counted_at(
    rulebook: Rulebook,
    *,
    submitted: date | None,
    closing: date | None,
    listing: date | None,
    default: date | None,
) -> date | None:
    """The day on which ages and evidence count, after the setting `age_counted_at`.

    Without that setting: the day of submission, else the closing day, else `default`.
    """
    setting = rulebook.settings.get("age_counted_at")
    wanted = str(setting.value) if setting else ""
    named = {
        "submission": submitted,
        "closing": closing,
        "listing": listing,
        "opening": listing,
        "decision": default,
    }
    chosen = next((day for word, day in named.items() if word in wanted), None) if wanted else None
    return chosen or submitted or closing or default


def _valid(proof: Proof, at: date | None) -> bool:
    if (proof.status or "").strip().lower() in NOT_VALID:
        return False
    late = at is not None and proof.issued_on is not None and proof.issued_on > at
    expired = at is not None and proof.expires_on is not None and proof.expires_on < at
    return not (late or expired)


def _verdict(
    key: str, rule: EligibilityRule, facts: Mapping[str, object], subject_id: str, about: str
) -> Verdict:
    compiled = compile_expression(rule.require)
    if isinstance(compiled, Reason):
        return Verdict(subject=subject_id, rule=key, outcome=Truth.UNKNOWN, reason=compiled, about=about)
    answer = evaluate(compiled, facts)
    used = _used(compiled, facts)
    return Verdict(
        subject=subject_id, rule=key, outcome=answer.truth, reason=_reason(key, answer, used), facts=used,
        evidence=_evidence(rule, facts), about=about, missing=answer.missing,
    )  # fmt: skip


def _reason(key: str, answer: Answer, used: Mapping[str, object]) -> Reason:
    if answer.error is not None:
        return answer.error
    if answer.truth is Truth.UNKNOWN:
        return reason("eligibility.unknown", rule=key, missing=", ".join(answer.missing))
    code = "eligibility.met" if answer.truth is Truth.PASS else "eligibility.not_met"
    return reason(code, rule=key, facts=", ".join(f"{name} = {_said(value)}" for name, value in used.items()))


def _said(value: object) -> str:
    return "[" + ", ".join(map(str, value)) + "]" if isinstance(value, list | tuple) else str(value)


def _used(expression: Expression, facts: Mapping[str, object]) -> dict[str, object]:
    """The facts an expression reads, by dotted name, with what they were computed from; absent ones are left out."""
    paths = [*expression.paths]
    for path in expression.paths:
        paths += [(*path[:-1], name) for name in _COME_FROM.get(path[-1], ())]
    found = {".".join(path): _look(facts, path) for path in paths}
    return {name: value for name, value in found.items() if value is not None}


def _look(facts: object, path: Sequence[str]) -> object:
    for step in path:
        facts = facts.get(step) if isinstance(facts, Mapping) else None
    return facts


def _evidence(rule: EligibilityRule, facts: Mapping[str, object]) -> tuple[str, ...]:
    shown = _look(facts, (rule.subject, "evidence"))
    return (rule.evidence,) if rule.evidence and isinstance(shown, list) and rule.evidence in shown else ()
