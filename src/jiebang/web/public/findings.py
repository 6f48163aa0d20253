"""What was measured of a project's indicators, beside what was wanted and what was promised."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from jiebang.operations.facts import indicators, result_of
from jiebang.records.bundles import sent_content
from jiebang.records.projects.queries import last_measured, unconfirmed
from jiebang.rules.form_values import decimal_of, missed
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web.public import saying


def table(row: Any, *, promised: Mapping[str, Any]) -> c.DataTable | None:
    """Each indicator with the value that counts, held against what was wanted and against what was promised."""
    shown = _shown(row)
    heads = [_("Indicator"), _("Wanted"), _("Promised"), _("Measured"), _("As wanted"), _("As promised")]
    columns = [c.Column(label=label, number=place in (1, 2, 3)) for place, label in enumerate(heads)]
    rows = [_row(item, promised, shown.get(str(item["id"]))) for item in indicators(row.challenge)]
    return c.DataTable(columns=columns, rows=rows) if rows else None


def _shown(row: Any) -> dict[str, Any]:
    """By indicator the value that counts; where none does, what the lead alone reported last."""
    rows = list(row.measurements.all())
    known = {measured.pk: measured for measured in rows}
    counts = {item.indicator: known[item.value.key] for item in result_of(row) if item.value}
    return {name: measured for name, measured in last_measured(rows).items() if measured.reported} | counts


def promises(row: Any) -> Mapping[str, Any]:
    """Indicator -> value that the awarded bid promised."""
    given = sent_content(row.bid).get("promises")
    return given if isinstance(given, Mapping) else {}


def public_promises(row: Any, book: Rulebook) -> Mapping[str, Any]:
    """The same where the rulebook's form for bids lets everybody read them."""
    form = book.forms.get("bid")
    asked = form.fields.get("promises") if form else None
    return promises(row) if asked and asked.public else {}


def to_confirm(row: Any) -> list[dict[str, Any]]:
    """Values that the lead reported since anybody else measured: what `measure` needs to agree with each, and its words."""
    last, known = (
        unconfirmed(row.measurements.all()),
        {str(item["id"]): item for item in indicators(row.challenge)},
    )
    return [
        {
            "indicator": name, "occasion": last[name].occasion, "value": f"{last[name].value.normalize():f}",
            "name": saying.plainly(item.get("name")) or name, "shown": _with_unit(last[name].value, item),
            "wanted": saying.threshold(item),
        }
        for name, item in known.items() if name in last
    ]  # fmt: skip


def stamp(measured: Any) -> c.Stamp:
    """Whether a value reaches what was wanted; what the lead alone says is not decided yet."""
    if measured is None:
        return c.Stamp(_("Not measured yet"), "waiting")
    if measured.reported:
        return c.Stamp(_("Reported by the lead, not yet confirmed"), "deciding")
    return reached(measured.met)


def _row(item: Mapping[str, Any], promised: Mapping[str, Any], measured: Any) -> list[c.Cell]:
    key = str(item["id"])
    return [
        c.Cell(saying.plainly(item.get("name")) or key), c.Cell(saying.threshold(item)),
        c.Cell(saying.figure(promised.get(key)) or "–"), c.Cell(_with_unit(measured.value, item) if measured else "–"),
        c.Cell(part=stamp(measured)), _kept(item, promised.get(key), measured),
    ]  # fmt: skip


def _kept(item: Mapping[str, Any], promise: object, measured: Any) -> c.Cell:
    if measured is None or measured.reported or decimal_of(promise) is None:
        return c.Cell("–")
    return c.Cell(part=reached(missed(measured.value, {**item, "threshold": promise}) is None))


def reached(yes: bool) -> c.Stamp:
    """Reached or missed, as a stamp."""
    return c.Stamp(_("Reached"), "done") if yes else c.Stamp(_("Missed"), "stopped")


def _with_unit(value: Any, item: Mapping[str, Any]) -> str:
    return f"{saying.figure(value.normalize())} {saying.unit(item)}".strip()
