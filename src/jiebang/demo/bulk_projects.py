"""A full portfolio for measurements: projects of a full board (`demo.bulk`) with everything that the portfolio reads.

As there: never load it into a real instance. The journal holds two entries a project, so that owners have a last word.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from jiebang.demo.bulk import BATCH, COUNTRIES, load_board
from jiebang.operations.names import Event
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge
from jiebang.records.indicators.models import Dispute, Evidence
from jiebang.records.journal import write as journal
from jiebang.records.ledger.models import Fund, Row
from jiebang.records.people.models import Engagement, Party, User
from jiebang.records.pilots.models import Protocol
from jiebang.records.projects.models import FollowUp, GateCheck, Instalment, Measurement, Milestone, Project

STAGES = (
    "agreement",
    "running",
    "running",
    "acceptance",
    "validation",
    "validated",
    "suspended",
    "terminated",
)
INDICATORS = [
    {"id": name, "name": {"en": name}, "unit": "%", "operator": ">=", "threshold": 90}
    for name in ("I1", "I2", "I3")
]


def load_projects(*, projects: int = 2000, acts: int = 2) -> None:
    """A board of as many bids, each with its project; on each the owner's person acted so often."""
    load_board(challenges=max(1, projects // 5), bids=projects)
    now = timezone.now().astimezone(UTC)
    Challenge.objects.update(content={"indicators": INDICATORS})
    _owners(now)
    add_projects(first=0, last=projects, acts=acts)


def add_projects(*, first: int, last: int, acts: int = 2) -> None:
    """Projects of the bids from a place in the row to before another; the board has its owners' people."""
    now = timezone.now().astimezone(UTC)
    people = list(User.objects.filter(email__startswith="bulk-owner-").order_by("pk"))
    with transaction.atomic():
        rows = _projects(now, first, last)
        _steps(rows, now)
        _money(rows, now, people[0])
        _measured(rows, now, people[0])
        _piloted(rows, now, people[0])
        _said(rows, now, people, acts)


def _owners(now: datetime) -> None:
    for n, party in enumerate(Party.objects.filter(slug__startswith="bulk-owner-").order_by("pk")):
        person = User.objects.create(email=f"bulk-owner-{n}@people.example", name=f"Measured Owner {n}")
        Engagement.objects.create(person=person, party=party, role="owner", since=now - timedelta(days=400))


def _projects(now: datetime, first: int, last: int) -> list[Project]:
    bids = Bid.objects.filter(number__startswith="BB-").order_by("pk")[first:last]
    made = (
        Project(
            number=f"BP-{n + 1:05d}", bid=bid, challenge_id=bid.challenge_id, amount=Decimal(500_000 + 1_000 * (n % 90)),
            currency="CNY", started_at=now - timedelta(days=20 + n % 200), stage=STAGES[n % len(STAGES)],
            stage_since=now - timedelta(days=n % 60), updated_at=now, due_clock="agreement" if n % 8 == 0 else "",
            due_at=now + timedelta(days=n % 30 - 5) if n % 8 == 0 else None,
        )
        for n, bid in enumerate(bids, first)
    )  # fmt: skip
    Project.objects.bulk_create(made, batch_size=BATCH)
    return list(Project.objects.filter(number__gt=f"BP-{first:05d}", number__startswith="BP-").order_by("pk"))


def _steps(rows: Sequence[Project], now: datetime) -> None:
    today = now.date()
    Milestone.objects.bulk_create(
        (
            Milestone(
                project=row, order=order, title={"en": f"Step {order}"}, due_on=_day(today, 30 * order - n % 90),
                reported_at=now if order == 1 else None, accepted_at=now if order == 1 and n % 2 else None,
            )
            for n, row in enumerate(rows)
            for order in (1, 2, 3)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    GateCheck.objects.bulk_create(
        (
            GateCheck(project=row, gate=gate, closed_at=now, valid_until=_day(today, n % 300 - 20))
            for n, row in enumerate(rows)
            for gate in ("data_route", "ethics")
        ),
        batch_size=BATCH,
    )
    FollowUp.objects.bulk_create(
        (
            FollowUp(project=row, month=month, due_on=_day(today, month * 30 - n % 120))
            for n, row in enumerate(rows)
            if row.stage == "validated"
            for month in (3, 6)
        ),
        batch_size=BATCH,
    )


def _day(today: date, days: int) -> date:
    return today + timedelta(days=days)


def _money(rows: Sequence[Project], now: datetime, by: User) -> None:
    Fund.objects.bulk_create(
        (Fund(project=row, source="public", currency="CNY", stated_at=now, by=by) for row in rows),
        batch_size=BATCH,
    )
    Instalment.objects.bulk_create(
        (
            Instalment(
                project=row, order=order, label={"en": f"Part {order}"}, amount=Decimal(200_000),
                due_since=now - timedelta(days=n % 80), paid_on=now.date() if order == 1 else None,
            )
            for n, row in enumerate(rows)
            for order in (1, 2)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    common = {"day": now.date(), "at": now, "by": by}
    ways = (("award", "source", "awarded", 500_000), ("pay", "due", "paid", 200_000))
    Row.objects.bulk_create(
        (
            Row(fund=fund, act=act, drawn=drawn, put=put, amount=Decimal(amount), **common)
            for fund in Fund.objects.filter(project__in=rows)
            for act, drawn, put, amount in ways
        ),
        batch_size=BATCH,
    )


def _measured(rows: Sequence[Project], now: datetime, by: User) -> None:
    Measurement.objects.bulk_create(
        (
            Measurement(
                project=row, indicator=name, occasion="pilot", value=Decimal(80 + n % 20), met=n % 20 >= 10, at=now, by=by,
                role="owner",
            )
            for n, row in enumerate(rows)
            for name in ("I1", "I2")
        ),
        batch_size=BATCH,
    )  # fmt: skip
    values = list(
        Measurement.objects.filter(indicator="I1", project__in=rows).select_related("project").order_by("pk")
    )
    party = Party.objects.get(slug=f"bulk-owner-{len(COUNTRIES) - 1}")
    Evidence.objects.bulk_create(
        (
            Evidence(measurement=item, party=party, name="log.csv", sha256="a" * 64, size=1, made_by="A", made_at="B",
                     made_on=now.date(), method="C")
            for item in values
        ),
        batch_size=BATCH,
    )  # fmt: skip
    Dispute.objects.bulk_create(
        Dispute(project=item.project, order=1, measurement=item, side="lead", why="-", raised_at=now - timedelta(days=n % 50),
                raised_by=by)
        for n, item in enumerate(values)
        if n % 10 == 0
    )  # fmt: skip


def _piloted(rows: Sequence[Project], now: datetime, by: User) -> None:
    Protocol.objects.bulk_create(
        (
            Protocol(project=row, version=1, sha256="b" * 64, side="owner", proposed_by=by, proposed_at=now, agreed_by=by,
                     agreed_at=now - timedelta(days=n % 60))
            for n, row in enumerate(rows)
            if n % 3 == 0
        ),
        batch_size=BATCH,
    )  # fmt: skip


def _said(rows: Sequence[Project], now: datetime, people: Sequence[User], acts: int) -> None:
    for n, row in enumerate(rows):
        owner = people[row.challenge_id % len(people)]
        for act in range(acts):
            at = now - timedelta(days=(n + act) % 120)
            actor = owner.pseudonym if n % 3 else "job:measurement"
            journal.append(
                at=at, event=Event.MOVED, actor=actor, subject=f"project:{row.number}", rulebook=None, body={}
            )
