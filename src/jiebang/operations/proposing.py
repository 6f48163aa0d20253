"""A proposal: the best slate for a challenge from the records as they are. The engine is imported when one is asked for."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac

from jiebang.decisions.wanted import Wanted
from jiebang.operations.facts import eligible
from jiebang.operations.slate_facts import facts_on, wanted_of
from jiebang.operations.things import book_of
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import User
from jiebang.records.reviews.models import Slate as Stored
from jiebang.rules.reasons import Param, Reason, reason

if TYPE_CHECKING:
    from jiebang.decisions.slate import Slate
    from jiebang.engines.assignment.problem import Finding, Infeasible


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Who could judge what: bids and people in the order of the problem's numbers, and the answer.

    `digest` is the SHA-256 of `text`, the problem as `jiebang assign` reads it; both empty where nothing was found. `seed`
    is that of a draw by lot.
    """

    bids: Sequence[Bid]
    people: Sequence[User]
    wanted: Wanted
    found: "Slate | Infeasible"
    text: str
    digest: str
    seed: bytes

    def told(self, finding: "Finding") -> Reason:
        """What the engine found, with names in place of pseudonyms."""
        names = {one.pseudonym: one.name for one in self.people}
        params: dict[str, Param] = {}
        for key, value in finding.params.items():
            if isinstance(value, str):
                params[key] = ", ".join(names.get(part, part) for part in value.split(", "))
            else:
                params[key] = round(value, 3)
        return reason(finding.code, **params)


def propose(challenge: Challenge, *, at: datetime) -> Proposal:
    """The best slate for all bids of a challenge that passed the check, or what stands in the way."""
    from jiebang.decisions.slate import Slate, document, slate

    bids = list(eligible(challenge).select_related("challenge__call").prefetch_related("contents"))
    facts = facts_on(challenge, bids, at=at)
    wanted = wanted_of(facts)
    seed = _seed(challenge) if wanted.rule.cap is not None else b""
    found = slate(wanted, seed=seed)
    text = ""
    if isinstance(found, Slate):
        text = json.dumps(document(found.problem, commitment=_sha256(seed) if seed else ""))
    return Proposal(
        bids=bids, people=facts.people, wanted=wanted, found=found, text=text, seed=seed,
        digest=_sha256(text.encode()) if text else "",
    )  # fmt: skip


def commitment(challenge: Challenge) -> dict[str, str]:
    """What is said beforehand of the seed of the next draw; nothing where the rulebook draws no lots."""
    rule = book_of(challenge).assignment
    if rule is None or rule.cap is None:
        return {}
    return {"seed_commitment": _sha256(_seed(challenge))}


def _seed(challenge: Challenge) -> bytes:
    """Of the next draw on a challenge: nobody chooses it, and its SHA-256 is in the journal before it is used."""
    turn = Stored.objects.filter(challenge=challenge).count()
    return salted_hmac("jiebang.slate", f"{challenge.number}/{turn}", algorithm="sha256").digest()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
