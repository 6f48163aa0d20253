"""What waits for an administrator: whatever is out of order, and mail that could not be sent."""

from django.utils.translation import gettext as _

from jiebang.records.access import Reader
from jiebang.records.outbox.queries import stuck
from jiebang.web.components import Link
from jiebang.web.desk.items import Item


def todo_administrator(reader: Reader) -> list[Item]:
    """Messages given up, one item for all."""
    waiting = stuck().count()
    if not waiting:
        return []
    about = _("%(n)s messages could not be sent") % {"n": waiting}
    return [Item(do=_("Look at the outbox"), about=about, url="/office/health/")]


def places_administrator(reader: Reader) -> list[Link]:
    """Health, people, calls, journal."""
    return [
        Link(_("Health"), "/office/health/"), Link(_("Calls"), "/office/calls/"), Link(_("People"), "/office/people/"),
        Link(_("Organisations"), "/office/organisations/"), Link(_("Journal"), "/log/"),
    ]  # fmt: skip
