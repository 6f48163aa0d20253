"""A call under review whose challenges are awarded together, with every review signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

import factories as make
from jiebang.records.bids.models import Bid, BidContent
from jiebang.records.challenges.models import Challenge
from jiebang.records.journal import write as journal
from jiebang.records.people.models import User
from jiebang.records.reviews.models import Assignment, Score
from jiebang.rules.schema import Rulebook

Row = tuple[int, str, int]  # score, country of the lead, amount
OVER_CALL: dict[str, Any] = {
    "country": {"label": {"en": "From one country", "zh-Hans": "同一国家"}, "by": "lead.country", "over": "call", "most": 1}
}  # fmt: skip


@dataclass
class Called:
    """The call, its bids by challenge in the order given, and the moment it is."""

    board: make.Board
    bids: dict[str, list[str]] = field(default_factory=dict)
    at: datetime = make.NOW

    @property
    def number(self) -> str:
        """The call's number."""
        return self.board.call.number

    def score(self, bid: str, value: int, *, but: Mapping[str, int] | None = None) -> None:
        """Every expert of a bid thinks otherwise, and signs that."""
        for row in Assignment.objects.filter(bid__number=bid).select_related("expert", "bid"):
            for item in row.scores.all():
                item.value = Decimal((but or {}).get(item.criterion, value))
                item.save()
            signed(row, at=self.at)


def rules(award: Mapping[str, Any]) -> Rulebook:
    """The Guangxi rulebook with another award, open to leads from anywhere."""
    plain = make.guangxi().model_dump(by_alias=True, mode="json")
    plain["award"] = {"status": "local", "order_by": "bid.score", **award}
    plain["eligibility"] = {}
    plain["consortium"] = {"status": "local"}
    plain["money"] |= {"bid_within_budget": False}
    return Rulebook.model_validate(plain)


def called(challenges: Mapping[str, Sequence[Row]], *, award: Mapping[str, Any]) -> Called:
    """A call with these challenges, each with a budget of 1,000 and three signed reviews a bid."""
    board = make.board()
    board.call.rulebook = make.installed(rules(award))
    board.call.save()
    course = Called(board=board)
    more(course, challenges)
    return course


def more(course: Called, challenges: Mapping[str, Sequence[Row]]) -> None:
    """Further challenges of the call, with three experts of their own."""
    board, experts = course.board, [make.person(role="expert") for _ in range(3)]
    for number, rows in challenges.items():
        posted = make.challenge(
            call=board.call, number=number, stage="reviewing", budget=Decimal(1000), closes_at=make.NOW - timedelta(days=1)
        )  # fmt: skip
        course.bids[number] = [_bid(posted, row, experts) for row in rows]


def _bid(posted: Challenge, row: Row, experts: Sequence[User]) -> str:
    score, country, amount = row
    bid = make.bid(posted, lead=make.organisation(country=country), stage="eligible")
    content = {"title": make.statement("A reader"), "amount": str(amount), "modes": ["collaborative_rd"]}
    BidContent.objects.create(
        bid=bid, content=content, saved_at=make.NOW, sent_at=make.NOW - timedelta(days=2)
    )
    for expert in experts:
        _reviewed(bid, expert, score)
    return bid.number


def _reviewed(bid: Bid, expert: User, score: int) -> None:
    row = Assignment.objects.create(
        bid=bid, expert=expert, status="signed", assigned_at=make.NOW, assigned_by=expert, signed_at=make.NOW
    )
    Score.objects.bulk_create(
        Score(assignment=row, criterion=key, value=Decimal(score)) for key in make.guangxi().criteria
    )
    signed(row, at=make.NOW)


@transaction.atomic
def signed(row: Assignment, *, at: datetime) -> None:
    """The journal says so too: what it does not know counts as forged."""
    scores = {item.criterion: str(item.value) for item in row.scores.all()}
    journal.append(
        at=at, event="review:signed", actor=row.expert.pseudonym, subject=f"bid:{row.bid.number}", rulebook=None,
        body={"assignment": row.pk}, private={"said": scores},
    )  # fmt: skip
