"""Which experts are tied to which parties: by acting for them now or before, or by what they declared."""

from collections.abc import Collection, Iterator

from jiebang.records.people.models import Engagement, User
from jiebang.records.reviews.models import Conflict

SAME = "same organisation"


def ties(experts: Collection[User | int], parties: Collection[int]) -> Iterator[tuple[int, int, str]]:
    """Each tie of one of the experts to one of the parties, with its kind; past employers count too."""
    engaged = Engagement.objects.filter(person__in=experts, party__in=parties).order_by("pk")
    for expert, party in engaged.values_list("person", "party"):
        yield expert, party, SAME
    declared = (
        Conflict.objects.filter(expert__in=experts, party__in=parties).exclude(kind="none").order_by("pk")
    )
    yield from declared.values_list("expert", "party", "kind")
