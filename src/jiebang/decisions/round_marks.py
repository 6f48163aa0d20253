"""The marks of a round that count: what is malformed among them, and what a conflict of interest rules out."""

from collections.abc import Iterator

from jiebang.decisions.bundle import Bundle, Review
from jiebang.decisions.round_facts import Facts
from jiebang.decisions.scores import Mark
from jiebang.decisions.verdicts import Verdict
from jiebang.rules.expressions import Truth
from jiebang.rules.faults import Fault
from jiebang.rules.reasons import reason
from jiebang.rules.schema import Rulebook


def faults(rulebook: Rulebook, bundle: Bundle) -> list[Fault]:
    """What in a bundle is malformed under this rulebook: unknown criteria and levels, and scores off their scale."""
    given = (("reviews", bundle.reviews), ("calibration", bundle.calibration))
    return [
        fault
        for table, rows in given
        for item in rows or ()
        for fault in _review_faults(rulebook, item, bundle.files.get(table, f"{table}.csv"))
    ]


def _review_faults(rulebook: Rulebook, item: Review, file: str) -> Iterator[Fault]:
    criterion = rulebook.criteria.get(item.criterion)
    if criterion is None:
        known = ", ".join(rulebook.criteria) or "none"
        said = f"the rulebook has no criterion `{item.criterion}`; it has: {known}"
        yield Fault(file, item.line, "criterion", said)
    elif not criterion.minimum <= item.score <= criterion.maximum:
        scale = f"{criterion.minimum} to {criterion.maximum}"
        said = f"{item.score} is off the scale of `{item.criterion}`; give {scale}"
        yield Fault(file, item.line, "score", said)
    levels = rulebook.scoring.expertise if rulebook.scoring else {}
    if levels and item.confidence and item.confidence not in levels:
        said = f"the rulebook has no level `{item.confidence}`; it has: {', '.join(levels)}"
        yield Fault(file, item.line, "confidence", said)


def beside(bundle: Bundle) -> list[Mark]:
    """The marks of other bids of the call, which only calibrate."""
    return [_mark(item) for item in bundle.calibration or ()]


def _mark(item: Review) -> Mark:
    return Mark(item.bid, item.expert, item.criterion, item.score, item.confidence)


def marks_of(facts: Facts) -> tuple[dict[str, list[Mark]], list[Verdict]]:
    """The marks that count, by bid, and a verdict for each pair of expert and bid that a conflict rules out."""
    pairs = _conflicts(facts)
    marks: dict[str, list[Mark]] = {}
    out: dict[tuple[str, str], Verdict] = {}
    for item in facts.bundle.reviews or ():
        kind = pairs.get((item.expert, item.bid))
        if kind is None:
            marks.setdefault(item.bid, []).append(_mark(item))
            continue
        why = reason("eligibility.conflict", expert=item.expert, kind=kind)
        out[item.expert, item.bid] = Verdict(
            subject=item.bid, rule="review.no_conflict", outcome=Truth.FAIL, reason=why, about=item.expert
        )
    return marks, list(out.values())


def _conflicts(facts: Facts) -> dict[tuple[str, str], str]:
    """Pairs of expert and bid in conflict, with its kind: declared for the bid, or for an organisation in it."""
    bundle = facts.bundle
    pairs: dict[tuple[str, str], str] = {}
    tied = [
        (item.expert, item.organisation, item.kind or "declared")
        for item in bundle.conflicts or ()
        if item.organisation
    ]
    tied += [
        (item.id, item.organisation, "same_organisation")
        for item in bundle.experts or ()
        if item.organisation
    ]
    experts: dict[str, list[tuple[str, str]]] = {}
    for expert, organisation, kind in tied:
        experts.setdefault(organisation, []).append((expert, kind))
    for bid, team in facts.teams.items():
        for name in (*team.leads, *(party.id for party in team.partners)):
            for expert, kind in experts.get(name, ()):
                pairs.setdefault((expert, bid), kind)
    for item in bundle.conflicts or ():
        if item.bid:
            pairs[item.expert, item.bid] = item.kind or "declared"
    return pairs
