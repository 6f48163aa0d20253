"""What the guards of many challenges of one call read, gathered with as many queries as for one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Count, Q

from jiebang.decisions import lifecycle
from jiebang.operations.facts import guarded, passed, reserves_in, signed_in, vacant_in
from jiebang.records.awards.models import Decision, Objection, Verdict
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Argument, Challenge
from jiebang.records.panels.models import Panel
from jiebang.records.reviews.models import Assignment
from jiebang.rules.schema import Rulebook


def facts_in(
    challenges: Sequence[Challenge], book: Rulebook, *, now: datetime
) -> dict[int, Mapping[str, object]]:
    """By challenge (its key) what `operations.facts.facts_of` gives of it."""
    counts = _counts(challenges, book, now=now)
    needs = _needs(challenges)
    return {
        item.pk: {
            "challenge": guarded(
                item, book, {name: found[item.pk] for name, found in counts.items()}, now=now
            ),
            "need": {name: found[item.need_id] for name, found in needs.items()},
        }
        for item in challenges
    }


def _counts(challenges: Sequence[Challenge], book: Rulebook, *, now: datetime) -> dict[str, Counter[int]]:
    waiting = lifecycle.origins(book, kind="bid", command="pass_check")
    bids = Bid.objects.filter(challenge__in=challenges)
    panels = Panel.objects.filter(challenge__in=challenges)
    raised = Objection.objects.filter(challenge__in=challenges)
    decided = Decision.objects.filter(challenge__in=challenges, current=True)
    return {
        "unchecked": _by_challenge(bids.filter(stage__in=waiting, submitted_at__isnull=False)),
        "eligible": _by_challenge(bids.filter(stage__in=passed(book))),
        "unsigned": _unsigned(challenges, book),
        "open_panels": _by_challenge(panels.filter(closed_at=None)),
        "panels_held": _by_challenge(panels.exclude(closed_at=None)),
        "open_objections": _by_challenge(raised.filter(status=Objection.Status.OPEN)),
        "appeals_possible": _by_challenge(raised.filter(appeal_until__gt=now, appeal=None)),
        "winners": _by_challenge(decided.filter(outcome="awarded")),
        "signed": _by_challenge(signed_in(challenges, book)),
        "vacant": Counter(vacant_in(challenges).values_list("project__challenge", flat=True)),
        "reserves": _by_challenge(reserves_in(challenges, book)),
    }


def _by_challenge(rows: object) -> Counter[int]:
    keys: Sequence[int] = rows.values_list("challenge", flat=True)  # type: ignore[attr-defined]
    return Counter(keys)


def _unsigned(challenges: Sequence[Challenge], book: Rulebook) -> Counter[int]:
    needed = book.scoring.reviews_needed if book.scoring else 0
    signed = Count("assignments", filter=Q(assignments__status=Assignment.Status.SIGNED))
    left = Count("assignments", filter=Q(assignments__status__in=Assignment.OPEN))
    rows = Bid.objects.filter(challenge__in=challenges, stage__in=passed(book)).annotate(
        done=signed, left=left
    )
    found: Counter[int] = Counter()
    for challenge, done, waiting in rows.values_list("challenge", "done", "left"):
        found[challenge] += max(needed - done, waiting)
    return found


def _needs(challenges: Sequence[Challenge]) -> dict[str, Counter[int]]:
    needs = [item.need_id for item in challenges]
    said = Verdict.objects.filter(need__in=needs, current=True).values_list("need", "outcome")
    found = {name: Counter[int]() for name in ("failed", "unclear", "checked", "opinions", "arguments_open")}
    for need, outcome in said:
        found["checked"][need] += 1
        found["failed"][need] += outcome == "fail"
        found["unclear"][need] += outcome == "unknown"
    rows = Argument.objects.filter(need__in=needs).values_list("need", "favourable", "given_at")
    for need, favourable, given in rows:
        found["opinions"][need] += bool(favourable) and given is not None
        found["arguments_open"][need] += given is None
    return found
