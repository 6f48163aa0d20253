"""What the office reads of proposals and objections."""

from django.db.models import QuerySet

from jiebang.records.access import Reader, visible
from jiebang.records.awards.models import Objection, Proposal


def open_proposals() -> QuerySet[Proposal]:
    """Halves of four-eyes acts that wait for another officer, the first limit first."""
    return Proposal.objects.filter(status="open").select_related("proposed_by").order_by("due_at", "pk")


def proposal_on(subject: str) -> Proposal | None:
    """The proposal open on a thing (`need:N-1`), if any."""
    return open_proposals().filter(subject=subject).first()


def objections(*, reader: Reader) -> QuerySet[Objection]:
    """The objections the reader may read, with their challenge."""
    rows = visible(Objection.objects.all(), what="objection", of="objection", reader=reader)
    return rows.select_related("challenge__call", "by", "party__organisation", "answered_by").defer(
        "challenge__content", "challenge__search"
    )
