"""What an expert was asked, and what the office sees of reviews."""

from django.db.models import QuerySet

from jiebang.records.access import Reader, visible
from jiebang.records.people.models import User
from jiebang.records.reviews.models import Assignment

_LONG = ("bid__challenge__content", "bid__challenge__search", "bid__challenge__call__calendars")


def assignments_of(person: User | None) -> QuerySet[Assignment]:
    """All that an expert was asked to judge, in the order of the challenges."""
    rows = Assignment.objects.filter(expert=person).select_related("bid__challenge__call")
    return rows.defer(*_LONG).order_by("bid__challenge__number", "bid__number")


def reviews(*, reader: Reader) -> QuerySet[Assignment]:
    """The reviews whose words and scores the reader may read."""
    rows = visible(Assignment.objects.all(), what="review", of="assignment", reader=reader)
    return rows.select_related("expert", "bid").prefetch_related("scores").order_by("bid__number", "pk")
