"""A challenge under a rulebook that draws: four bids reviewed, the line running through three of them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import factories as make
from jiebang.records.bids.models import Bid, BidContent
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import Evidence
from jiebang.records.reviews.models import Assignment, Score
from jiebang.rules.schema import Rulebook
from office_samples import signed

NUMBERS = "9319 / 3052.71"
SOURCES = {
    "lottery": {"label": {"en": "The state lottery of 4 July 2026", "zh-Hans": "2026年7月4日彩票"}},
    "index": {"label": {"en": "The index of 5 July 2026", "zh-Hans": "2026年7月5日指数"}},
}
SCORES = {
    "B-1": (95, 96, 97),
    "B-2": (80, 86, 76),
    "B-3": (80, 84, 75),
    "B-4": (82, 75, 79),
    "B-5": (70, 71, 71),
}


def book() -> Rulebook:
    """The Guangxi rulebook with a draw for the second of two places."""
    plain = make.guangxi().model_dump(by_alias=True, mode="json")
    award = {
        **plain["award"],
        "rule": "lottery",
        "max_awards": 2,
        "lottery": {"sources": SOURCES},
        "then_by": [],
    }
    return Rulebook.model_validate({**plain, "award": award, "racing": None})


def board() -> make.Board:
    """An instance under it."""
    return replace(make.board(), call=make.call(rulebook=make.installed(book())))


def reviewed(board: make.Board) -> Challenge:
    """A challenge whose reviews are all signed."""
    posted = make.challenge(
        call=board.call,
        owner=board.owner.party,
        number="GX-1",
        stage="reviewing",
        closes_at=make.NOW - timedelta(days=9),
    )
    experts = [make.person(f"e{place}@people.example", role="expert") for place in range(3)]
    for number, marks in SCORES.items():
        judged_bid(board, posted, number, marks, experts)
    return posted


def judged_bid(
    board: make.Board, posted: Challenge, number: str, marks: tuple[int, ...], experts: list[Any]
) -> Bid:
    lead = make.guangxi_organisation(f"Sample Lead {number}")
    for kind in ("rd_capability", "research_facilities", "international_network"):
        Evidence.objects.create(
            organisation=lead, kind=kind, text=make.statement("Shown."), status="verified", given_at=make.NOW
        )
    sent = make.NOW - timedelta(days=10)
    bid = make.bid(posted, lead=lead, number=number, submitted_at=sent, stage="eligible")
    content = {
        "title": make.statement("A bid"),
        "modes": ["collaborative_rd"],
        "amount": {"amount": "900000", "currency": "CNY"},
    }
    BidContent.objects.create(bid=bid, content=content, saved_at=sent, sent_at=sent)
    for expert, mark in zip(experts, marks, strict=True):
        row = Assignment.objects.create(
            bid=bid, expert=expert, status="signed", assigned_at=make.NOW, assigned_by=board.officer,
            signed_at=make.NOW, comment=make.statement("Sound."),
        )  # fmt: skip
        for key in make.guangxi().criteria:
            Score.objects.create(assignment=row, criterion=key, value=Decimal(mark))
        signed(row)
    return bid
