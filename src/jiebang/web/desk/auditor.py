"""Nothing waits for an auditor: the journal and every decision stand open."""

from django.utils.translation import gettext as _

from jiebang.records.access import Reader
from jiebang.web.components import Link
from jiebang.web.desk.items import Item


def todo_auditor(reader: Reader) -> list[Item]:
    """Nothing by a clock."""
    return []


def places_auditor(reader: Reader) -> list[Link]:
    """Journal, decisions, cases."""
    return [
        Link(_("Journal"), "/log/"), Link(_("Decisions"), "/log/decisions/"), Link(_("Challenges"), "/office/challenges/"),
        Link(_("Needs"), "/office/needs/"), Link(_("Bids"), "/office/bids/"), Link(_("Projects"), "/office/projects/"),
        Link(_("Laboratories and training"), "/office/deliverables/"),
        Link(_("Objections"), "/office/objections/"),
    ]  # fmt: skip
