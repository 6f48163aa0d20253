"""A challenge's rows as a bundle: read whole, and never slower by the bid."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import factories as make
from jiebang.adapters.bundle_export import write_bundle
from jiebang.adapters.bundles import read_bundle
from jiebang.decisions.bundle import Bundle
from jiebang.operations.facts import challenge_facts
from jiebang.records import bundles
from jiebang.records.bids.models import Bid, BidContent
from jiebang.records.challenges.models import Challenge
from jiebang.records.panels.models import Panel, ScoreChange
from jiebang.records.people.models import Engagement, User
from jiebang.records.reviews.models import Assignment, Conflict, Score

pytestmark = pytest.mark.django_db


def posted(bids: int) -> Challenge:
    """A challenge with bids, each with a partner, a version sent and a draft begun after it."""
    challenge = make.challenge()
    for _ in range(bids):
        bid = make.bid(challenge, lead=make.guangxi_organisation(), partners=[make.organisation()])
        BidContent.objects.create(bid=bid, content={"amount": "7"}, saved_at=make.NOW, sent_at=make.NOW)
        BidContent.objects.create(bid=bid, content={"amount": "8"}, saved_at=make.NOW)
    return challenge


def queries(bids: int) -> tuple[int, int]:
    """How many queries a bundle and the facts of its challenge take."""
    challenge = posted(bids)
    challenge_facts(challenge, now=make.NOW)  # the rulebook is read once a process
    with CaptureQueriesContext(connection) as bundled:
        made = bundles.of_challenges(make.guangxi(), [challenge], as_of=make.NOW)
    assert len(made.bids) == bids
    with CaptureQueriesContext(connection) as counted:
        challenge_facts(challenge, now=make.NOW)
    return len(bundled), len(counted)


def test_thirty_bids_take_as_many_queries_as_one() -> None:
    assert queries(30) == queries(1)


def signed(bid: Bid, expert: User, *, at: datetime, confidence: str = "") -> None:
    row = Assignment.objects.create(
        bid=bid,
        expert=expert,
        status="signed",
        assigned_at=at,
        assigned_by=expert,
        signed_at=at,
        confidence=confidence,
    )
    Score.objects.create(assignment=row, criterion="value", value=60)


def test_a_calibrated_round_carries_what_the_calls_other_challenges_said_by_then() -> None:
    """Signed by that moment, by nobody with an interest, and of this call alone; under plain means, none of it."""
    here, there = make.challenge(), make.challenge()
    Challenge.objects.filter(pk=there.pk).update(call=here.call)
    one, other, elsewhere = make.bid(here), make.bid(there), make.bid(make.challenge())
    plain, tied, declared = (make.person(role="expert") for _ in range(3))
    Engagement.objects.create(person=tied, party=other.consortium.lead, role="lead", since=make.NOW)
    Conflict.objects.create(expert=declared, bid=other, kind="family", declared_at=make.NOW)
    for expert in (plain, tied, declared):
        signed(other, expert, at=make.NOW, confidence="high")
    signed(one, plain, at=make.NOW)
    signed(elsewhere, plain, at=make.NOW)
    late = make.person(role="expert")
    signed(other, late, at=make.NOW + timedelta(hours=1))
    book = make.guangxi()
    assert book.scoring is not None
    crossed = book.model_copy(update={"scoring": book.scoring.model_copy(update={"aggregate": "crossed"})})
    made = bundles.of_challenges(crossed, [here], as_of=make.NOW)
    assert [(r.bid, r.expert, r.confidence) for r in made.calibration or ()] == [
        (other.number, plain.pseudonym, "high")
    ]
    assert [(r.bid, r.expert) for r in made.reviews or ()] == [(one.number, plain.pseudonym)]
    assert bundles.of_challenges(book, [here], as_of=make.NOW).calibration is None
    later = bundles.of_challenges(crossed, [here], as_of=make.NOW + timedelta(days=1))
    assert [r.expert for r in later.calibration or ()] == [plain.pseudonym, late.pseudonym]
    assert made.digest == bundles.of_challenges(crossed, [here], as_of=make.NOW).digest != later.digest


def test_scores_changed_in_a_panel_afterwards_calibrate_as_they_were() -> None:
    here, there = make.challenge(), make.challenge()
    Challenge.objects.filter(pk=there.pk).update(call=here.call)
    expert = make.person(role="expert")
    signed(make.bid(there), expert, at=make.NOW)
    panel = Panel.objects.create(
        challenge=there, kind="meeting", held_at=make.NOW, convened_by=expert, convened_at=make.NOW
    )
    score, book = Score.objects.get(), make.guangxi()
    for hours, after in ((1, 70), (2, 90)):
        ScoreChange.objects.create(
            panel=panel, assignment=score.assignment, criterion="value", before=score.value, after=after, why="Heard.",
            at=make.NOW + timedelta(hours=hours),
        )  # fmt: skip
        score.value = Decimal(after)
        score.save()
    assert book.scoring is not None
    crossed = book.model_copy(update={"scoring": book.scoring.model_copy(update={"aggregate": "crossed"})})

    def seen(hours: float) -> list[Decimal]:
        made = bundles.of_challenges(crossed, [here], as_of=make.NOW + timedelta(hours=hours))
        return [item.score for item in made.calibration or ()]

    assert [seen(hours) for hours in (0, 1.5, 3)] == [[60], [70], [90]]


def test_a_calibrated_bundle_written_as_files_is_the_same_bundle(tmp_path: Path) -> None:
    here, there = make.challenge(), make.challenge()
    Challenge.objects.filter(pk=there.pk).update(call=here.call)
    expert = make.person(role="expert")
    signed(make.bid(here), expert, at=make.NOW)
    signed(make.bid(there), expert, at=make.NOW, confidence="high")
    book = make.guangxi()
    assert book.scoring is not None
    crossed = book.model_copy(update={"scoring": book.scoring.model_copy(update={"aggregate": "crossed"})})
    made = bundles.of_challenges(crossed, [here], as_of=make.NOW)
    assert write_bundle(made, tmp_path / "out") == []
    again = read_bundle(tmp_path / "out")
    assert isinstance(again, Bundle), again
    assert again.digest == made.digest
    assert [(r.bid, r.score, r.confidence) for r in again.calibration or ()] == [
        (r.bid, r.score, r.confidence) for r in made.calibration or ()
    ]


def test_the_version_last_sent_counts_and_not_the_draft_after_it() -> None:
    challenge = posted(1)
    made = bundles.of_challenges(make.guangxi(), [challenge], as_of=make.NOW)
    assert str(made.bids[0].amount) == "7"
    assert made.members is not None
    assert len(made.members) == 1
