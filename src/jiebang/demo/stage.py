"""The stage on which the sample round is played: it makes one operation call after another and keeps the numbers.

Nothing is written beside the operations. What an operation refuses stops the play loudly, unless the course
says that it is to be refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jiebang.demo.acts import Act
from jiebang.demo.content import Content
from jiebang.demo.content_models import Event, Need
from jiebang.operations.registry import Outcome, Refused, perform
from jiebang.records.people.models import User
from jiebang.rules.reasons import Reason, render

CALL = "GX-2026"


class Stuck(RuntimeError):
    """The course asks for what the rules refuse, or the rules decide otherwise than the course tells."""


@dataclass
class Stage:
    """Who and what is known so far: records' numbers by the ids of the content."""

    content: Content
    revised: dict[str, Need] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    rows: dict[tuple[str, ...], int] = field(default_factory=dict)
    at: datetime | None = None
    step: int = 0
    calls: int = 0

    def number(self, key: str) -> str:
        """The record's number of a need, bid, project or objection; of a need's challenge under `challenge:N01`."""
        return self.numbers[key]

    def challenge(self, need: str) -> str:
        """The number of the challenge that a need was last listed as."""
        return self.numbers[f"challenge:{need}"]

    def email(self, person: str) -> str:
        """A person's address."""
        return self.content.people[person].email

    def do(self, name: str, /, *, by: str | None, **params: Any) -> Mapping[str, Any]:
        """Perform an operation as a person at the moment of the event; answers its answer, or raises Stuck."""
        outcome = self._perform(name, by=by, params=params)
        if isinstance(outcome, Refused):
            said = "; ".join(render(item, lang="en") for item in outcome.reasons)
            raise Stuck(f"{self.at:%Y-%m-%d %H:%M} {by} {name} {_short(params)}: {said}")
        return outcome.answer

    def refused(self, name: str, /, *, by: str | None, **params: Any) -> tuple[Reason, ...]:
        """Perform what must be refused; answers the reasons, or raises Stuck when it was allowed."""
        outcome = self._perform(name, by=by, params=params)
        if not isinstance(outcome, Refused):
            raise Stuck(
                f"{self.at:%Y-%m-%d %H:%M} {by} {name} {_short(params)} was to be refused and was not"
            )
        return outcome.reasons

    def move(self, kind: str, key: str, command: str, /, *, by: str, **given: Any) -> Mapping[str, Any]:
        """Move a thing along its lifecycle; `key` is an id of the content, or the number of a challenge."""
        return self.do("move", by=by, kind=kind, number=self.numbers.get(key, key), command=command, **given)

    def _perform(self, name: str, *, by: str | None, params: Mapping[str, Any]) -> Outcome:
        assert self.at is not None
        self.calls += 1
        who = self.people[by] if by else None
        return perform(name, by=who, now=self.at, key=f"demo/{self.step}/{self.calls}", params=params)


Player = Callable[[Stage, Event], None]
PLAYERS: dict[Act, Player] = {}


def plays(*acts: Act) -> Callable[[Player], Player]:
    """Register how an act of the course is played."""

    def register(player: Player) -> Player:
        PLAYERS.update(dict.fromkeys(acts, player))
        return player

    return register


def _short(params: Mapping[str, Any]) -> str:
    return " ".join(f"{key}={str(value)[:60]}" for key, value in params.items())
