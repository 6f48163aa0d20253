"""A challenge with three judged bids, walked to its result: one wins, one waits on the reserve list, one is beaten."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import drawn
import factories as make
from acting import done, refused
from jiebang.records.awards.models import Decision, Proposal
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import User
from jiebang.records.projects.models import Project
from jiebang.records.reviews.models import Assignment
from jiebang.rules.schema import Rulebook

SCORES = {"B-1": 90, "B-2": 80, "B-3": 75}
NUMBER = "GX-1"
WRONG_SUM = {"ground": "wrong_sum", "evidence": "The sheet of the second expert, line 4."}
SWAP: dict[str, Any] = {
    **WRONG_SUM, "how": "name",
    "placings": {"B-2": {"outcome": "awarded", "rank": 1}, "B-1": {"outcome": "reserve", "rank": 2}},
}  # fmt: skip
FALSE: dict[str, Any] = {"ground": "false_information", "evidence": "The registry knows no such patent."}


def more_reserves(count: int) -> Rulebook:
    """Guangxi's rulebook with a longer reserve list."""
    plain = make.guangxi().model_dump(mode="json", by_alias=True)
    return Rulebook.model_validate({**plain, "award": {**plain["award"], "reserve": count}})


@dataclass
class Settled:
    """The result and its people; `third` is another second officer."""

    board: make.Board
    leads: Mapping[str, User]
    third: User
    at: datetime = make.NOW
    experts: list[User] = field(default_factory=list)

    @property
    def posted(self) -> Challenge:
        """The challenge as it is now."""
        return Challenge.objects.get(number=NUMBER)

    @property
    def outcomes(self) -> dict[str, tuple[str, int | None]]:
        """Each bid's current outcome and place."""
        rows = Decision.objects.filter(current=True, bid__isnull=False).select_related("bid")
        return {row.bid.number: (row.outcome, row.rank) for row in rows if row.bid}

    @property
    def stages(self) -> dict[str, str]:
        """Each bid's stage."""
        return dict(Bid.objects.order_by("number").values_list("number", "stage"))

    def project(self, bid: str = "B-1") -> Project:
        """What grew out of a bid."""
        return Project.objects.get(bid__number=bid)

    def move(
        self, kind: str, command: str, by: User, number: str = NUMBER, **given: Any
    ) -> Mapping[str, Any]:
        """A move that must happen."""
        return done("move", by, at=self.at, kind=kind, number=number, command=command, **given)

    def refused(self, kind: str, command: str, by: User, number: str = NUMBER, **given: Any) -> list[str]:
        """A move that must be refused."""
        return refused("move", by, at=self.at, kind=kind, number=number, command=command, **given)

    def two(self, command: str, params: Mapping[str, Any], why: str = "It was counted wrongly.") -> None:
        """One officer proposes on the challenge, a second officer agrees."""
        made = self.move("challenge", command, self.board.officer, why=why, params=dict(params))
        done("answer_proposal", self.board.second, at=self.at, proposal=made["proposal"], agree=True)

    def published(self) -> "Settled":
        """The result is in its publicity period."""
        self.move("challenge", "propose_award", self.board.officer)
        self.move("challenge", "publish_result", self.board.second)
        return self

    def over(self) -> "Settled":
        """The publicity period that runs is over."""
        until = self.posted.publicity_until
        assert until is not None
        self.at = until
        return self

    def decided(self) -> "Settled":
        """The award is decided."""
        self.published().over().move("challenge", "decide", self.third)
        return self

    def questioned(self, params: Mapping[str, Any] = FALSE, bid: str = "B-1") -> "Settled":
        """The award of a bid is in question."""
        number = self.project(bid).number
        why = "A patent that the bid names does not exist."
        self.move("project", "question_award", self.board.officer, number, why=why, params=dict(params))
        return self

    def revoked(self, params: Mapping[str, Any] = FALSE, bid: str = "B-1") -> "Settled":
        """It fell: the lead did not answer in time."""
        self.questioned(params, bid)
        project = self.project(bid)
        assert project.due_at is not None
        self.at = project.due_at
        self.move("project", "revoke_award", self.third, project.number, why="The registry confirms it.")
        return self


def settled(book: Rulebook | None = None) -> Settled:
    """Every review is signed; nothing is proposed yet."""
    board = make.board()
    call = make.call(rulebook=make.installed(book)) if book else board.call
    given = {"owner": board.owner.party, "number": NUMBER, "stage": "reviewing"}
    posted = make.challenge(call=call, closes_at=make.NOW - timedelta(days=9), **given)
    experts = [make.person(f"e{place}@people.example", role="expert") for place in range(3)]
    leads = {}
    for number, mark in SCORES.items():
        bid = drawn.judged_bid(board, posted, number, (mark,) * 3, experts)
        leads[number] = make.person(role="lead", party=bid.consortium.lead)
    third = make.person(role="second_officer", party=board.office.party)
    return Settled(board, leads, third, experts=experts)


def review(bid: str, expert: User) -> int:
    """The number of an expert's review of a bid."""
    return Assignment.objects.get(bid__number=bid, expert=expert).pk


def open_proposal() -> int:
    """The one proposal that waits."""
    return Proposal.objects.get(status="open").pk
