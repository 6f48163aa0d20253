"""A proposal: the best slate for a challenge, or for a whole call, from the records as they are. The engine is imported when one
is asked for."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac

from jiebang.decisions import lifecycle
from jiebang.decisions.wanted import Wanted
from jiebang.operations.facts import judged_in
from jiebang.operations.slate_facts import facts_on, wanted_of
from jiebang.records.access import Reader, visible
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import User
from jiebang.records.programme.models import Call
from jiebang.records.programme.queries import rulebook
from jiebang.records.reviews.models import Slate as Stored
from jiebang.rules.reasons import Param, Reason, reason
from jiebang.rules.schema import Rulebook

if TYPE_CHECKING:
    from jiebang.decisions.slate import Slate
    from jiebang.engines.assignment.problem import Finding, Infeasible


@dataclass(frozen=True, kw_only=True)
class Scope:
    """For whose bids experts are proposed: those of one challenge, or of the `whole` call as far as experts judge it now."""

    call: Call
    challenges: Sequence[Challenge]
    whole: bool = False

    @property
    def book(self) -> Rulebook:
        """The rulebook of the call."""
        return rulebook(self.call.rulebook_id)

    @property
    def name(self) -> str:
        """The challenge's number, or how the journal names the call."""
        return f"call:{self.call.number}" if self.whole else self.challenges[0].number


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Who could judge what: bids and people in the order of the problem's numbers, and the answer (None without any bid).

    `digest` is the SHA-256 of `text`, the problem as `jiebang assign` reads it; both empty where nothing was found. `seed`
    is that of a draw by lot.
    """

    bids: Sequence[Bid]
    people: Sequence[User]
    wanted: Wanted
    found: "Slate | Infeasible | None"
    text: str
    digest: str
    seed: bytes

    def told(self, finding: "Finding") -> Reason:
        """What the engine found, with names in place of pseudonyms; that a mark is of one sector, its value says."""
        params: dict[str, Param] = {}
        for key, value in finding.params.items():
            if isinstance(value, str):
                params[key] = ", ".join(map(self._called, value.split(", ")))
            else:
                params[key] = round(value, 3)
        if "mark" in params:
            params["mark"] = str(params["mark"]).partition(":")[0]
        return reason(finding.code, **params)

    def _called(self, part: str) -> str:
        """A pseudonym as a name; behind the last of a cut list stands how many more there are."""
        pseudonym, apart, more = part.partition(" (+")
        return self._names.get(pseudonym, pseudonym) + apart + more

    @cached_property
    def _names(self) -> dict[str, str]:
        return {one.pseudonym: one.name for one in self.people}


def scope_of(challenge: Challenge) -> Scope:
    """A slate for one challenge."""
    return Scope(call=challenge.call, challenges=[challenge])


def scope_of_call(call: Call, *, reader: Reader, lock: bool = False) -> Scope:
    """A slate for all challenges of a call that are under review and open to the reader; `lock` them for this transaction."""
    book = rulebook(call.rulebook_id)
    stages = lifecycle.stages_with(book, kind="challenge", flag="reviewing")
    rows = visible(Challenge.objects.all(), what="challenge", of="challenge", reader=reader)
    rows = rows.filter(call=call, stage__in=stages).select_related("call", "need").order_by("number")
    found = list(rows.select_for_update(of=("self",)) if lock else rows)
    return Scope(call=call, challenges=found, whole=True)


def propose(scope: Scope, *, at: datetime) -> Proposal:
    """The best slate for all bids of a scope that passed the check, or what stands in the way."""
    from jiebang.decisions.slate import Slate, document, slate

    posted = {challenge.pk: challenge for challenge in scope.challenges}
    bids = list(judged_in(scope.challenges, scope.book).prefetch_related("contents"))
    for bid in bids:
        bid.challenge = posted[bid.challenge_id]
    facts = facts_on(scope.challenges, bids, at=at)
    wanted = wanted_of(facts)
    seed = _seed(scope) if wanted.rule.cap is not None else b""
    found = slate(wanted, seed=seed) if bids else None
    text = ""
    if isinstance(found, Slate):
        text = json.dumps(document(found.problem, commitment=_sha256(seed) if seed else ""))
    return Proposal(
        bids=bids, people=facts.people, wanted=wanted, found=found, text=text, seed=seed,
        digest=_sha256(text.encode()) if text else "",
    )  # fmt: skip


def commitment(scope: Scope) -> dict[str, str]:
    """What is said beforehand of the seed of the next draw; nothing where the rulebook draws no lots."""
    rule = scope.book.assignment
    if rule is None or rule.cap is None:
        return {}
    return {"seed_commitment": _sha256(_seed(scope))}


def _seed(scope: Scope) -> bytes:
    """Of the next draw: nobody chooses it, and its SHA-256 is in the journal before it is used."""
    earlier = Stored.objects.filter(call=scope.call, whole=scope.whole)
    turn = earlier.count() if scope.whole else earlier.filter(challenges=scope.challenges[0]).count()
    return salted_hmac("jiebang.slate", f"{scope.name}/{turn}", algorithm="sha256").digest()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
