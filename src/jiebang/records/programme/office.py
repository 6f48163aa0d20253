"""What the office reads of calls and rulebook versions."""

from django.db.models import Count, QuerySet

from jiebang.records.programme.models import Call, RulebookVersion


def calls() -> QuerySet[Call]:
    """Every call with its rulebook version; `many` needs and `posted` challenges counted."""
    rows = Call.objects.select_related("rulebook").defer("rulebook__document")
    return rows.annotate(many=Count("needs", distinct=True), posted=Count("challenges", distinct=True))


def find_call(number: str) -> Call | None:
    """One call."""
    return Call.objects.select_related("rulebook").filter(number=number).first()


def versions() -> QuerySet[RulebookVersion]:
    """The rulebooks that a call can be opened from."""
    return RulebookVersion.objects.filter(current=True).defer("document").order_by("slug")


def find_version(digest: str) -> RulebookVersion | None:
    """The rulebook version under a hash."""
    return RulebookVersion.objects.filter(pk=digest).defer("document").first() if digest else None
