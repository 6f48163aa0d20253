"""Challenges that several tests of the office begin with."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction

import factories as f
from jiebang.records.bids.models import Bid, BidContent
from jiebang.records.challenges.models import Challenge
from jiebang.records.journal import write as journal
from jiebang.records.people.models import Evidence
from jiebang.records.reviews.models import Assignment, Score


def closed(board: f.Board, *, proven: bool = True) -> Challenge:
    """A challenge whose closing time is over, with one bid of a lead that proved all."""
    for kind in ("rd_capability", "research_facilities", "international_network") if proven else ():
        Evidence.objects.create(
            organisation=board.lead, kind=kind, text=f.statement("Shown."), status="verified", given_at=f.NOW
        )
    posted = f.challenge(
        call=board.call, owner=board.owner.party, number="GX-1", stage="closed", closes_at=f.NOW - timedelta(days=1),
        due_at=f.NOW + timedelta(days=4), due_clock="formal_check",
    )  # fmt: skip
    bid = f.bid(posted, lead=board.lead, number="B-1", submitted_at=f.NOW - timedelta(days=2))
    content = {
        "title": f.statement("Reading by small steps"),
        "modes": ["collaborative_rd"],
        "amount": {"amount": "900000", "currency": "CNY"},
        "promises": {"I1": "2.5"},
        "lead_person_titles": "Academician",
    }
    BidContent.objects.create(bid=bid, content=content, saved_at=f.NOW, sent_at=f.NOW - timedelta(days=2))
    return posted


def reviewed(board: f.Board, score: int = 80) -> Challenge:
    posted = closed(board)
    Challenge.objects.filter(pk=posted.pk).update(stage="reviewing")
    Bid.objects.update(stage="eligible")
    for place in range(3):
        expert = f.person(f"e{place}@people.example", role="expert", name=f"Expert {place}")
        row = Assignment.objects.create(
            bid=Bid.objects.get(), expert=expert, status="signed", assigned_at=f.NOW, assigned_by=board.officer,
            signed_at=f.NOW, comment=f.statement("Sound."),
        )  # fmt: skip
        for key in f.guangxi().criteria:
            Score.objects.create(assignment=row, criterion=key, value=Decimal(score + place))
        signed(row)
    return posted


@transaction.atomic
def signed(row: Assignment) -> None:
    """The journal says so too: what it does not know counts as forged."""
    scores = {item.criterion: str(item.value) for item in row.scores.all()}
    journal.append(
        at=f.NOW, event="review:signed", actor=row.expert.pseudonym, subject=f"bid:{row.bid.number}", rulebook=None,
        body={"assignment": row.pk}, private={"said": scores},
    )  # fmt: skip
