"""Bids as the organisations of a consortium see them: the list, one bid, its versions, its invitations."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from jiebang.records.access import Reader, visible
from jiebang.records.awards.models import Decision, Verdict
from jiebang.records.bids.models import Bid, BidContent, Invitation
from jiebang.records.bundles import draft_of, sent_content
from jiebang.records.reviews.models import Score

SORTS = {
    "changed": ("-updated_at", "-pk"),
    "number": ("number",),
    "closing": ("challenge__closes_at", "number"),
}
_HEAVY = ("challenge__content", "challenge__search", "challenge__summary")
_RELATED = ("challenge__call", "consortium__lead__organisation", "lead_person", "updated_by")


def bids(*, reader: Reader, text: str = "", stage: str = "", sort: str = "changed") -> QuerySet[Bid]:
    """The bids in which an organisation of the reader leads or takes part."""
    rows = visible(Bid.objects.filter(_member(reader)), what="bid", of="bid", reader=reader)
    for word in text.split()[:8]:
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(challenge__number__icontains=word)
            | Q(challenge__search__icontains=word)
        )
    rows = rows.filter(stage=stage) if stage else rows
    return rows.select_related(*_RELATED).defer(*_HEAVY).order_by(*SORTS.get(sort, SORTS["changed"]))


def find_bid(number: str, *, reader: Reader) -> Bid | None:
    """One bid that the reader may read whole; None when there is none."""
    rows = visible(Bid.objects.all(), what="bid_content", of="bid", reader=reader)
    return (
        rows.select_related(*_RELATED, "challenge__need__owner__organisation").filter(number=number).first()
    )


def known_bids_of(challenge_ids: list[int], *, reader: Reader) -> QuerySet[Bid]:
    """What the rulebook lets the reader know of the bids on these challenges."""
    rows = visible(Bid.objects.filter(challenge__in=challenge_ids), what="bid", of="bid", reader=reader)
    return (
        rows.select_related("challenge__call", "consortium__lead__organisation")
        .defer(*_HEAVY)
        .order_by("number")
    )


def content_of(bid: Bid) -> Mapping[str, Any]:
    """The draft being worked on, else what was last sent."""
    draft = draft_of(bid)
    return draft.content if draft else sent_content(bid)


def sent_of(bid: Bid) -> BidContent | None:
    """The version that counts; None while nothing was sent."""
    return bid.contents.exclude(sent_at=None).order_by("-sent_at", "-pk").first()


def has_draft(bid: Bid) -> bool:
    """Whether there are changes that were not sent."""
    draft, sent = draft_of(bid), sent_of(bid)
    return draft is not None and (sent is None or draft.content != sent.content)


def invitations_of(bid: Bid) -> QuerySet[Invitation]:
    """The invitations of a bid's consortium in the order they were made."""
    return bid.consortium.invitations.select_related("partner__organisation", "answered_by").order_by(
        "invited_at", "pk"
    )


def invitations_for(*, reader: Reader) -> QuerySet[Invitation]:
    """Invitations to the reader's organisations, the newest first."""
    rows = Invitation.objects.filter(partner__in=reader.parties)
    related = ("partner__organisation", "consortium__lead__organisation", "consortium__bid__challenge__call")
    return rows.select_related(*related).order_by("-invited_at")


def verdicts_of(bid: Bid) -> QuerySet[Verdict]:
    """What the rules last said of the bid."""
    return bid.verdicts.filter(current=True).order_by("pk")


def decision_of(bid: Bid, *, reader: Reader) -> Decision | None:
    """The published outcome of a bid, once the reader may see scores or the result of it."""
    if not visible(Bid.objects.filter(pk=bid.pk), what="scores", of="bid", reader=reader).exists():
        return None
    return bid.decisions.filter(current=True, published_at__isnull=False).first()


def scores_of(bid: Bid, *, reader: Reader) -> dict[str, list[tuple[Any, Any]]]:
    """Criterion -> (score, comment) of the signed reviews, without who gave them; empty while they are closed."""
    if not visible(Bid.objects.filter(pk=bid.pk), what="scores", of="bid", reader=reader).exists():
        return {}
    found: dict[str, list[tuple[Any, Any]]] = {}
    for row in Score.objects.filter(assignment__bid=bid, assignment__status="signed").order_by(
        "assignment__pk", "pk"
    ):
        found.setdefault(row.criterion, []).append((row.value, row.comment))
    return found


def _member(reader: Reader) -> Q:
    there = Invitation.objects.filter(partner__in=reader.parties, status__in=Invitation.IN_THE_BID)
    return Q(consortium__lead__in=reader.parties) | Q(consortium__in=there.values("consortium"))
