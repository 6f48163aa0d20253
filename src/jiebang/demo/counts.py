"""What is in an instance, counted from its records."""

from typing import Any

from django.db.models import Count, Q, Sum

from jiebang.records.awards.models import Objection
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge, Need
from jiebang.records.deliverables.models import Attainment, Deliverable
from jiebang.records.indicators.models import Dispute
from jiebang.records.journal.queries import head
from jiebang.records.ledger.models import Fund, Row
from jiebang.records.people.models import ExpertProfile
from jiebang.records.pilots.models import Handover, Incident, Protocol, ResultPackage, Run
from jiebang.records.programme.models import Call
from jiebang.records.projects.models import Project, Validation
from jiebang.records.replications.models import Replica
from jiebang.records.reviews.models import Assignment


def count() -> dict[str, Any]:
    """The contract's numbers. `needs` were stated to the office (a draft is nobody's business yet), `bids` were sent,
    `challenges` are needs listed at least once, `reviews` are pairs of an expert and a bid without those recused."""
    entries, leaf = head()
    return {
        "needs": Need.objects.filter(submitted_at__isnull=False).count(),
        "challenges": Challenge.objects.filter(relisted_from=None).count(),
        "bids": Bid.objects.filter(submitted_at__isnull=False).count(),
        "experts": ExpertProfile.objects.count(),
        "reviews": Assignment.objects.exclude(status="recused").count(),
        **_awards(), **_projects(),
        "rulebook": Call.objects.values_list("rulebook_id", flat=True).first() or "",
        "journal_entries": entries,
        "journal_head": leaf,
    }  # fmt: skip


def _awards() -> dict[str, int]:
    winners = Count("decisions", filter=Q(decisions__current=True, decisions__outcome="awarded"))
    decided = Challenge.objects.filter(decisions__final_at__isnull=False).distinct().annotate(winners=winners)
    gone = Challenge.objects.filter(
        decisions__outcome="no_award", decisions__bid=None, decisions__current=True
    )
    return {
        "awarded": decided.filter(winners__gt=0).count(),
        "racing": decided.filter(winners__gt=1).count(),
        "relisted": Challenge.objects.filter(relisted_from__isnull=False).count(),
        "no_award": gone.distinct().count(),
        "objections": Objection.objects.count(),
    }


def _projects() -> dict[str, int]:
    return {
        "projects": Project.objects.count(),
        "terminated": Project.objects.filter(stage__startswith="terminated").count(),
        "protocols": Protocol.objects.exclude(agreed_at=None).count(),
        "runs": Run.objects.count(),
        "incidents": Incident.objects.count(),
        "packages": ResultPackage.objects.count(),
        "handed_over": Handover.objects.filter(passed=True).count(),
        "validated": Validation.objects.count(),
        "replicated": Replica.objects.filter(state=Replica.State.CONFIRMED).count(),
        "deliverables": Deliverable.objects.filter(withdrawn_at=None).count(),
        "trainees": _trainees(),
        "disputes": Dispute.objects.filter(status=Dispute.Status.DECIDED).count(),
        "funds": Fund.objects.count(),
        "ledger_rows": Row.objects.count(),
    }


def _trainees() -> int:
    """Those whom an owner or the office confirmed, in trainings that stand."""
    rows = Attainment.objects.filter(
        measure="trainees", state=Attainment.State.CONFIRMED, deliverable__withdrawn_at=None
    )
    return int(rows.aggregate(count=Sum("value"))["count"] or 0)
