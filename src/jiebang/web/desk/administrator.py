"""What waits for an administrator: the first steps of a new instance, and mail that could not be sent."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from jiebang.records.access import Reader
from jiebang.records.outbox.queries import stuck
from jiebang.records.people.queries import people_with
from jiebang.web.components import Link
from jiebang.web.desk.items import Item


def todo_administrator(reader: Reader) -> list[Item]:
    """Who is still to be appointed before a round can be run; messages given up, one item for all."""
    items = list(_first_steps(reader))
    if waiting := stuck().count():
        about = _("%(n)s messages could not be sent") % {"n": waiting}
        items.append(Item(do=_("Look at the outbox"), about=about, url="/office/health/"))
    return items


def _first_steps(reader: Reader) -> Iterator[Item]:
    steps = {
        "officer": (_("Appoint an officer"), _("Officers check needs and bids and run the round.")),
        "second_officer": (_("Appoint a second officer"), _("A decision takes two: one proposes, another compares.")),
        "expert": (_("Appoint experts"), _("They argue needs and score bids.")),
    }  # fmt: skip
    for role, (do, why) in steps.items():
        if not people_with(role, at=reader.at).exists():
            yield Item(do=do, about=why, url="/office/people/new/")


def places_administrator(reader: Reader) -> list[Link]:
    """Health, people, calls, journal."""
    return [
        Link(_("Health"), "/office/health/"), Link(_("Calls"), "/office/calls/"), Link(_("People"), "/office/people/"),
        Link(_("Organisations"), "/office/organisations/"), Link(_("Journal"), "/log/"),
    ]  # fmt: skip
