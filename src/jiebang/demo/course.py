"""The course from the first day to the last, and the moment at which the instance's clock then stands."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from jiebang.demo import (
    play_bids,
    play_deliverables,
    play_money,
    play_needs,
    play_pilots,
    play_projects,
    play_replications,
)
from jiebang.demo.afterwards import with_afterwards
from jiebang.demo.content import load
from jiebang.demo.people import settle
from jiebang.demo.stage import PLAYERS, Stage
from jiebang.records.programme.models import Instance

__all__ = [
    "PLAYERS", "play_bids", "play_course", "play_deliverables", "play_money", "play_needs", "play_pilots", "play_projects",
    "play_replications",
]  # fmt: skip
NEXT_MORNING = timedelta(hours=23, minutes=30)


def play_course(*, progress: Callable[[int, int], None] | None = None) -> None:
    """Play every event at its own time."""
    stage = Stage(*with_afterwards(load()))
    settle(stage)
    play_needs.install(stage)
    events = stage.content.course.events
    for stage.step, event in enumerate(events, start=1):
        stage.at, stage.calls = event.at, 0
        PLAYERS[event.act](stage, event)
        if progress:
            progress(stage.step, len(events))
    set_clock(events[-1].at.replace(hour=10) + NEXT_MORNING)


def set_clock(moment: datetime) -> None:
    """From now on the instance's clock runs from this moment."""
    offset = int((moment - timezone.now()).total_seconds())
    Instance.objects.filter(pk=1).update(clock_offset=offset, demo=True)
