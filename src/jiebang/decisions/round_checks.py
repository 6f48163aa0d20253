"""What the rules say of a bundle before any score is looked at: verdicts on owners, needs and bids, and the marks that count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jiebang.decisions import consortium, eligibility
from jiebang.decisions.bundle import Bid, Bundle
from jiebang.decisions.round_facts import Facts, is_withdrawn, lead_of
from jiebang.decisions.round_marks import marks_of
from jiebang.decisions.scores import Mark
from jiebang.decisions.verdicts import Verdict
from jiebang.rules.expressions import Truth
from jiebang.rules.reasons import reason
from jiebang.rules.schema import Rulebook, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A bundle after every check, before any score: verdicts in all and by bid, and the marks that count by bid."""

    facts: Facts
    verdicts: tuple[Verdict, ...]
    by_bid: Mapping[str, Sequence[Verdict]]
    marks: Mapping[str, Sequence[Mark]]


def check(rulebook: Rulebook, bundle: Bundle, *, as_of: datetime | None) -> Checked:
    """Everything about the bids of a bundle that no score changes."""
    facts = Facts(rulebook, bundle, as_of)
    owners, verdicts = _owner_verdicts(facts), _all_bid_verdicts(facts)
    marks, conflicts = marks_of(facts)
    everything = (*owners, *verdicts, *conflicts)
    return Checked(facts=facts, verdicts=everything, by_bid=_by_subject(verdicts), marks=marks)


def _owner_verdicts(facts: Facts) -> list[Verdict]:
    """What the rules say of owners and needs: shown, but a listed challenge stays listed."""
    found: list[Verdict] = []
    subjects: tuple[Subject, ...] = ("owner", "need")
    for challenge in facts.bundle.challenges:
        known, about = facts.of_challenge(challenge), challenge.owner or ""
        for subject in subjects:
            found += eligibility.check(
                facts.rulebook, subject=subject, facts=known, subject_id=challenge.id, about=about
            )
    return found


def _all_bid_verdicts(facts: Facts) -> list[Verdict]:
    rulebook, bundle = facts.rulebook, facts.bundle
    found: list[Verdict] = []
    for bid in bundle.bids:
        found += _bid_verdicts(facts, bid)
    live = [bid for bid in bundle.bids if not is_withdrawn(bid)]
    entries = [
        consortium.Entry(
            bid=bid.id, challenge=bid.challenge, lead=lead_of(facts, bid), submitted_at=bid.submitted_at
        )
        for bid in live
    ]
    found += consortium.one_bid_per_lead(rulebook, entries=entries)
    return found


def _bid_verdicts(facts: Facts, bid: Bid) -> list[Verdict]:
    rulebook, challenge = facts.rulebook, facts.challenges[bid.challenge]
    known, team = facts.of_bid(bid), facts.teams[bid.id]
    found = list(
        consortium.in_time(
            bid=bid.id, submitted=bid.submitted_at, opens=challenge.opens_at, closes=challenge.closes_at
        )
    )
    found += eligibility.check(
        rulebook, subject="lead", facts=known, subject_id=bid.id, about=lead_of(facts, bid) or ""
    )
    partners = known["partners"]
    for partner in partners if isinstance(partners, list) else []:
        about = str(partner["id"])
        found += eligibility.check(
            rulebook, subject="partner", facts={**known, "partner": partner}, subject_id=bid.id, about=about
        )
    whole: tuple[Subject, ...] = ("consortium", "bid")
    for subject in whole:
        found += eligibility.check(rulebook, subject=subject, facts=known, subject_id=bid.id)
    found += consortium.limits(rulebook, team=team)
    found += consortium.bid_within_budget(rulebook, bid=bid.id, amount=bid.amount, budget=challenge.budget)
    return found + _modes(facts, bid)


def _modes(facts: Facts, bid: Bid) -> list[Verdict]:
    known, given = facts.rulebook.vocabulary.modes, facts.modes.get(bid.id, [])
    if not known or not given:
        return []
    wrong = [mode for mode in given if mode not in known]
    why = reason("eligibility.modes_known")
    if wrong:
        why = reason("eligibility.modes_unknown", modes=", ".join(wrong), known=", ".join(known))
    outcome = Truth.FAIL if wrong else Truth.PASS
    return [
        Verdict(
            subject=bid.id, rule="bid.modes_known", outcome=outcome, reason=why, facts={"bid.modes": given}
        )
    ]


def _by_subject(verdicts: Sequence[Verdict]) -> dict[str, list[Verdict]]:
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        found.setdefault(verdict.subject, []).append(verdict)
    return found
