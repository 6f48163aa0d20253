"""What readers see of results: a challenge's current decisions, once the policy opens them."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from jiebang.records.access import Reader, visible
from jiebang.records.awards.models import Amendment, Decision, Draw, Revocation
from jiebang.records.bids.models import Bid, Invitation
from jiebang.records.challenges.models import Challenge
from jiebang.records.challenges.queries import MOST_WORDS
from jiebang.records.people.queries import named
from jiebang.records.programme.models import Call
from jiebang.records.projects.models import Project


def challenges_with_results(*, reader: Reader) -> QuerySet[Challenge]:
    """Challenges whose result a reader may see, the latest first, each with its call."""
    rows = visible(Challenge.objects.all(), what="result", of="challenge", reader=reader)
    heavy = ("content", "search", "summary", "remark")
    return rows.select_related("call").defer(*heavy).order_by("-stage_since", "-pk")


def winners_named(text: str) -> Q:
    """The condition on challenges with an appointed lead of this name."""
    wanted = Q()
    for word in text.split()[:MOST_WORDS]:
        wanted &= named(word, at="bid__consortium__lead__organisation__")
    rows = Decision.objects.filter(wanted, current=True, published_at__isnull=False, outcome="awarded")
    return Q(pk__in=rows.values("challenge"))


def has_result(challenge: Challenge, *, reader: Reader) -> bool:
    """Whether this reader may see the challenge's result."""
    rows = visible(Challenge.objects.filter(pk=challenge.pk), what="result", of="challenge", reader=reader)
    return rows.exists()


def decisions_of(challenge_ids: list[int]) -> QuerySet[Decision]:
    """The current, published decisions of challenges, best first; the challenge's own (without a bid) at the end."""
    rows = Decision.objects.filter(challenge__in=challenge_ids, current=True, published_at__isnull=False)
    rows = rows.select_related("bid__consortium__lead__organisation", "bid__lead_person", "bid__project")
    return rows.order_by("challenge_id", F("rank").asc(nulls_last=True), "bid__number", "pk")


def amendments_of(challenge_ids: list[int]) -> QuerySet[Amendment]:
    """What was changed in the public results of challenges, the latest first."""
    rows = Amendment.objects.filter(challenge__in=challenge_ids, public=True)
    return rows.select_related("challenge", "objection").order_by("-at", "-pk")


def breaches_of(party: int) -> QuerySet[Revocation]:
    """The integrity record of an organisation (the id of its party): awards that it lost for a breach, the latest first."""
    rows = Revocation.objects.filter(project__bid__consortium__lead=party, status="revoked", breach=True)
    return rows.select_related("project__challenge__call").order_by("-decided_at", "-pk")


def revocations_of(project: Project) -> QuerySet[Revocation]:
    """Each time that an award was in question, the latest first."""
    rows = Revocation.objects.filter(project=project)
    return rows.select_related("asked_by", "answered_by", "decided_by").order_by("-asked_at", "-pk")


def standing_in(call: Call, *, apart_from: str = "") -> dict[int, frozenset[str]]:
    """The challenges of a call whose result is final, or set by two people and not by the rule, each with the numbers of its
    awarded bids; but not those that were decided together under the inputs `apart_from`."""
    rows = Decision.objects.filter(challenge__call=call, current=True)
    rows = rows.filter(challenge__in=rows.filter(_FINAL | Q(rule="correction")).values("challenge"))
    if apart_from:
        rows = rows.exclude(challenge__in=rows.filter(inputs=apart_from).values("challenge"))
    return _awarded(rows)


def final_in(call: Call) -> frozenset[int]:
    """The challenges of a call whose result is final."""
    rows = Decision.objects.filter(_FINAL, challenge__call=call, current=True)
    return frozenset(rows.values_list("challenge", flat=True))


def decided_beside(challenge: Challenge) -> dict[int, frozenset[str]]:
    """The other challenges of its call that have a result, proposed or final, with the numbers of their awarded bids."""
    rows = Decision.objects.filter(challenge__call=challenge.call_id, current=True)
    return _awarded(rows.exclude(challenge=challenge))


def _awarded(rows: QuerySet[Decision]) -> dict[int, frozenset[str]]:
    """By challenge the bids that rows award; a reserve that steps in counts from when it is proposed."""
    found: dict[int, set[str]] = {}
    for challenge, number, outcome in rows.values_list("challenge", "bid__number", "outcome"):
        found.setdefault(challenge, set()).update({number} if outcome == "awarded" else ())
    return {challenge: frozenset(numbers) for challenge, numbers in found.items()}


def corrected(challenge: Challenge) -> bool:
    """Whether the current result came of a correction, and not of a proposal."""
    return Decision.objects.filter(_CORRECTED, challenge=challenge, current=True).exists()


def last_inputs(call: Call) -> str:
    """The hash of everything that the last proposal in a call read; empty where nothing was proposed."""
    rows = Decision.objects.filter(challenge__call=call, current=True).exclude(inputs="")
    found = rows.order_by("-proposed_at", "-pk").values_list("inputs", flat=True)
    return found.exclude(_CORRECTED).first() or found.first() or ""


_FINAL = Q(final_at__isnull=False)
_CORRECTED = Exists(
    Amendment.objects.filter(
        kind=Amendment.Kind.CORRECTED, challenge=OuterRef("challenge"), at=OuterRef("proposed_at")
    )
)


def draw_on(challenge: int) -> Draw | None:
    """The current draw of a challenge (its id)."""
    return Draw.objects.filter(challenge=challenge, current=True).first()


def scored_for(challenge: Challenge, *, reader: Reader) -> frozenset[int]:
    """Ids of the challenge's bids whose scores this reader may see."""
    rows = visible(Bid.objects.filter(challenge=challenge), what="scores", of="bid", reader=reader)
    return frozenset(rows.values_list("pk", flat=True))


def known_bids(challenge: Challenge, *, reader: Reader) -> frozenset[int]:
    """Ids of the challenge's bids of which this reader may know who sent them."""
    rows = visible(Bid.objects.filter(challenge=challenge), what="bid", of="bid", reader=reader)
    return frozenset(rows.values_list("pk", flat=True))


def partners_of(bid_ids: list[int]) -> dict[int, list[Invitation]]:
    """The partners that accepted, by bid."""
    rows = Invitation.objects.filter(consortium__bid__in=bid_ids, status__in=Invitation.IN_THE_BID).order_by(
        "pk"
    )
    found: dict[int, list[Invitation]] = {}
    for row in rows.select_related("partner__organisation", "consortium__bid"):
        found.setdefault(row.consortium.bid.pk, []).append(row)
    return found
