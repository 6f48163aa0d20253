"""A challenge's rows as a bundle: read whole, and never slower by the bid."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import factories as make
from jiebang.operations.facts import challenge_facts
from jiebang.records import bundles
from jiebang.records.bids.models import BidContent
from jiebang.records.challenges.models import Challenge

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


def test_the_version_last_sent_counts_and_not_the_draft_after_it() -> None:
    challenge = posted(1)
    made = bundles.of_challenges(make.guangxi(), [challenge], as_of=make.NOW)
    assert str(made.bids[0].amount) == "7"
    assert made.members is not None
    assert len(made.members) == 1
