"""What waits around measured values and payments: a dispute to see to, a value to measure anew, a payment to confirm."""

from django.utils.translation import gettext as _

from jiebang.records.access import Reader
from jiebang.records.indicators.queries import projects_tested_by, to_measure_anew, undecided
from jiebang.records.projects.office import payable
from jiebang.web.components import Link
from jiebang.web.desk.items import Item
from jiebang.web.site import words

MOST = 100


def disputes(reader: Reader) -> list[Item]:
    """Values in dispute: somebody is to measure anew, or what was measured anew is to be decided."""
    return [
        Item(
            do=_("Decide a disputed value") if row.status == "measured" else _("See to a disputed value"),
            url=f"/projects/{row.project.number}/indicators/disputes/{row.order}/",
            about=f"{row.project.number} · {row.measurement.indicator}",
        )
        for row in undecided(reader=reader)[:MOST]
    ]  # fmt: skip


def payments(reader: Reader, *, proposed: bool = False) -> list[Item]:
    """Instalments to pay, or proposed by another officer and to be confirmed; `proposed` leaves only the latter."""
    person = reader.person.pk if reader.person else None
    rows = [(row, getattr(row, "proposed_by", None)) for row in payable(reader=reader)[:MOST]]
    return [
        Item(
            do=_("Confirm a payment") if by else _("Pay an instalment"),
            url=f"/projects/{row.project.number}/money/pay/{row.order}/",
            about=f"{row.project.number} · {words(row.label)}",
        )
        for row, by in rows if by != person and (by or not proposed)
    ]  # fmt: skip


def reruns(reader: Reader) -> list[Item]:
    """Values that the reader's organisation is to measure anew as the independent tester."""
    return [
        Item(
            do=_("Measure a disputed value anew"), url=f"/projects/{row.project.number}/indicators/disputes/{row.order}/",
            about=f"{row.project.number} · {row.measurement.indicator}",
        )
        for row in to_measure_anew(reader=reader)[:MOST]
    ]  # fmt: skip


def tested(reader: Reader) -> list[Link]:
    """The projects that the reader tests."""
    return [
        Link(_("Indicators of %(number)s") % {"number": number}, f"/projects/{number}/indicators/")
        for number in projects_tested_by(reader=reader)[:MOST]
    ]
