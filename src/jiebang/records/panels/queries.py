"""Reading panels; whoever asks has made sure that the reader may see the challenge, or sits on the panel."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from jiebang.records.panels.models import Panel
from jiebang.records.reviews.models import Assignment

if TYPE_CHECKING:
    from jiebang.records.challenges.models import Challenge
    from jiebang.records.people.models import User


def panels_on(challenge: "Challenge", /) -> QuerySet[Panel]:
    """The panels of a challenge, the latest first, with what was said there."""
    return _whole().filter(challenge=challenge).order_by("-held_at")


def find_panel(pk: int) -> Panel | None:
    """One panel with its challenge and what was said there."""
    return _whole().filter(pk=pk).first()


def _whole() -> QuerySet[Panel]:
    parts = (
        "slots__bid__consortium__lead__organisation", "changes__assignment__expert", "changes__assignment__bid",
        "minority_views__expert", "minority_views__bid",
    )  # fmt: skip
    rows = Panel.objects.select_related("challenge__call", "challenge__need", "convened_by", "closed_by")
    return rows.prefetch_related(*parts)


def panels_of(expert: "User | None", /) -> QuerySet[Panel]:
    """Open panels on challenges whose bids the expert judges, the next one first."""
    seats = Assignment.objects.filter(expert=expert, status__in=Assignment.LIVE).values("bid__challenge")
    rows = Panel.objects.filter(challenge__in=seats, closed_at=None)
    return rows.select_related("challenge__call").order_by("held_at")


def sits_on(panel: Panel, expert: "User | None", /) -> bool:
    """Whether an expert judges a bid of the panel's challenge."""
    mine = Assignment.objects.filter(expert=expert, status__in=Assignment.LIVE)
    return expert is not None and mine.filter(bid__challenge=panel.challenge_id).exists()
