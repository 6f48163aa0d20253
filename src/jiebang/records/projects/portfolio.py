"""The portfolio: every project with what is dated on it, in a few queries whose number does not follow the projects'."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat

from jiebang.records.access import Reader, visible
from jiebang.records.challenges.models import Need
from jiebang.records.challenges.queries import MOST_WORDS, normalised
from jiebang.records.indicators.models import Dispute
from jiebang.records.journal.models import JournalEntry
from jiebang.records.ledger.models import Row
from jiebang.records.people.models import Engagement
from jiebang.records.pilots.models import Protocol, Run
from jiebang.records.projects.models import FollowUp, GateCheck, Instalment, Milestone, Project

_TEXT = (
    "number", "challenge__number", "challenge__search", "bid__consortium__lead__organisation__name",
    "challenge__need__owner__organisation__name",
)  # fmt: skip
_COLUMNS = (
    "pk", "number", "stage", "stage_since", "due_at", "due_clock", "started_at", "signed_at", "amount", "currency", "title",
    "country", "challenge_number", "indicators", "call", "rulebook", "lead", "lead_names", "owner", "owner_names", "heard_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Put:
    """What was ever put into an account of a fund, and on which day last."""

    fund: int
    currency: str
    account: str
    amount: Decimal
    day: date


@dataclass(slots=True)
class Dated:
    """What is dated on one project: kind (`open`, `accepted`, `check`, `unpaid` ...), what it is, its day or moment."""

    days: list[tuple[str, str, date | None]] = field(default_factory=list)
    moments: list[tuple[str, str, datetime]] = field(default_factory=list)
    sums: list[Put] = field(default_factory=list)


def projects(*, reader: Reader, text: str = "", mine: bool = False) -> QuerySet[Project]:
    """The projects that the reader may read whole; with some words, or on which they have acted."""
    rows = visible(Project.objects.all(), what="project_content", of="project", reader=reader)
    for word in normalised(text).split()[:MOST_WORDS]:
        wanted = Q()
        for name in _TEXT:
            wanted |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(wanted)
    if mine and reader.person is not None:
        acts = JournalEntry.objects.filter(actor=reader.person.pseudonym)
        on = [
            Concat(Value(kind), OuterRef(at))
            for kind, at in (("project:", "number"), ("challenge:", "challenge__number"))
        ]
        rows = rows.filter(Exists(acts.filter(subject__in=on)))
    return rows


def lines(rows: QuerySet[Project]) -> list[Any]:
    """One line a project, by number: what a list shows of it, and when the owner's people last did anything on it."""
    named = rows.annotate(
        title=F("challenge__title"), country=F("challenge__country"), challenge_number=F("challenge__number"),
        indicators=F("challenge__content__indicators"), call=F("challenge__call__number"),
        rulebook=F("challenge__call__rulebook_id"), lead=F("bid__consortium__lead__organisation__name"),
        lead_names=F("bid__consortium__lead__organisation__names"), owner=F("challenge__need__owner__organisation__name"),
        owner_names=F("challenge__need__owner__organisation__names"), heard_at=_heard(),
    )  # fmt: skip
    return list(named.order_by("number").values_list(*_COLUMNS, named=True))


def dated(rows: QuerySet[Project]) -> dict[int, Dated]:
    """By project what is dated on it. Three queries."""
    found: dict[int, Dated] = {}
    here = rows.order_by().values("pk")
    for project, kind, what, day in _days(here):
        found.setdefault(project, Dated()).days.append((kind, what, day))
    for project, kind, what, at in _moments(here):
        found.setdefault(project, Dated()).moments.append((kind, what, at))
    for project, fund, currency, account, amount, day in _sums(here):
        plain = Decimal(f"{amount.normalize():f}")  # as short on every database
        found.setdefault(project, Dated()).sums.append(Put(fund, currency, account, plain, day))
    return found


def _heard() -> Subquery:
    """The last act of anybody who acts for an owner of the need, as the journal has it."""
    need = OuterRef(OuterRef("challenge__need"))
    shared = Need.co_owners.through.objects.filter(need=OuterRef(need)).values("party_id")
    owners = Q(party=OuterRef(OuterRef("challenge__need__owner"))) | Q(party__in=shared)
    people = Engagement.objects.filter(owners, role="owner").values("person__pseudonym")
    said = JournalEntry.objects.filter(
        subject=Concat(Value("project:"), OuterRef("number")),
        actor__in=people,
    )
    return Subquery(said.order_by("-seq").values("at")[:1])


def _days(here: Any) -> Any:
    state = Case(
        When(accepted_at__isnull=False, then=Value("accepted")),
        When(reported_at__isnull=False, then=Value("reported")),
        default=Value("open"),
        output_field=CharField(),
    )
    checks = GateCheck.objects.filter(closed_at__isnull=False, valid_until__isnull=False, stops=False)
    parts = [
        _part(Milestone.objects.annotate(kind=state), here, what="order", at="due_on"),
        _part(_as(checks, "check"), here, what="gate", at="valid_until"),
        _part(_as(FollowUp.objects.filter(at=None), "unanswered"), here, what="month", at="due_on"),
    ]
    return parts[0].union(*parts[1:], all=True)


def _moments(here: Any) -> Any:
    due = Instalment.objects.filter(due_since__isnull=False, paid_on=None)
    due = due.exclude(project__funds__movements__act="lapse")
    undecided = Dispute.objects.exclude(status=Dispute.Status.DECIDED)
    agreed = Protocol.objects.filter(agreed_at__isnull=False)
    agreed = agreed.exclude(Exists(Run.objects.filter(project=OuterRef("project"))))
    parts = [
        _part(_as(due, "unpaid"), here, what="order", at="due_since"),
        _part(_as(undecided, "disputed"), here, what="order", at="raised_at"),
        _part(_as(agreed, "no_runs"), here, what="version", at="agreed_at"),
    ]
    return parts[0].union(*parts[1:], all=True)


def _as(rows: QuerySet[Any], kind: str) -> Any:
    return rows.annotate(kind=Value(kind, output_field=CharField()))


def _part(rows: Any, here: Any, *, what: str, at: str) -> Any:
    told = rows.filter(project__in=here).annotate(what=Cast(what, CharField()), when=F(at))
    return told.order_by().values_list("project_id", "kind", "what", "when")


def _sums(here: Any) -> Sequence[Any]:
    """The office's own money alone: what others bring is theirs to tell."""
    rows = Row.objects.filter(fund__project__in=here, fund__party=None, put__in=("awarded", "paid"))
    grouped = rows.values_list("fund__project", "fund", "fund__currency", "put").order_by()
    return list(grouped.annotate(Sum("amount"), Max("day")))
