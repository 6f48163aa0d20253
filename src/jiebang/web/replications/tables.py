"""What is shown of a copy: what is otherwise there, how it compares with its origin, who gains, the rows behind each figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.adapters.charts import DotRow, Line, dot_plot
from jiebang.decisions.replication import Compared, Took
from jiebang.operations.facts import indicators
from jiebang.operations.replica_facts import Standing, origin_values, standing
from jiebang.operations.statements import texts_of
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.acting import render_reason
from jiebang.web.office import cells
from jiebang.web.public import findings, saying
from jiebang.web.site import language_tag, words

_TONES: Mapping[str, c.Tone] = {
    "proposed": "waiting", "agreed": "open", "measured": "deciding", "confirmed": "done", "given_up": "stopped",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A copy with its figures, its rulebook, and the indicators of its origin by id."""

    row: Any
    book: Rulebook
    rules: Mapping[str, Mapping[str, Any]]
    standing: Standing

    @property
    def owner(self) -> str:
        """The new owner's name."""
        return cells.party(self.row.owner)

    @property
    def country(self) -> str:
        """The country of its site."""
        return cells.country(self.row.country)

    def name(self, key: str) -> str:
        """What an indicator is called."""
        return saying.plainly(self.rules.get(key, {}).get("name")) or key


def shown(row: Any, book: Rulebook, *, origin: dict[str, Decimal] | None = None) -> Shown:
    """A copy as its rows have it; `origin` are the values that count at the origin, where they are known already."""
    rules = {str(item["id"]): item for item in indicators(row.project.challenge)}
    values = origin_values(row.project) if origin is None else origin
    return Shown(row=row, book=book, rules=rules, standing=standing(row, origin=values))


def state_words() -> dict[str, str]:
    """The states of a copy in words."""
    return {
        "proposed": _("Proposed"), "agreed": _("Agreed, being carried over"), "measured": _("Measured, not confirmed yet"),
        "confirmed": _("In use"), "given_up": _("Given up"),
    }  # fmt: skip


def state(row: Any) -> c.Stamp:
    """Its state as a stamp."""
    return c.Stamp(state_words()[row.state], _TONES[row.state])


def since(row: Any, zone: str) -> str:
    """The day of its state."""
    at = {
        "proposed": row.proposed_at, "agreed": row.agreed_at, "measured": row.measured_at, "confirmed": row.confirmed_at,
        "given_up": row.given_up_at,
    }[row.state]  # fmt: skip
    return cells.day_of(at, zone)


def adaptations(one: Shown) -> c.DataTable | None:
    """What is otherwise at the new place, respect by respect; the caption adds up cost and days."""
    heads = [
        _("In respect of"),
        _("At the origin"),
        _("Here"),
        _("What had to be changed"),
        _("Cost"),
        _("Days"),
    ]
    rows = [
        [
            c.Cell(dimension(one.book, row.dimension)), c.Cell(saying.plainly(row.origin)), c.Cell(saying.plainly(row.here)),
            c.Cell(saying.plainly(row.change) or _("nothing")), c.Cell(saying.amount_of(row.cost, row.currency) or "–"),
            c.Cell("–" if row.days is None else str(row.days)),
        ]
        for row in one.row.adaptations.all()
    ]  # fmt: skip
    columns = [c.Column(label=label, number=place > 3) for place, label in enumerate(heads)]
    return c.DataTable(columns=columns, rows=rows, caption=took(one.standing.took)) if rows else None


def dimension(book: Rulebook, key: str) -> str:
    """A respect of adaptation in the rulebook's word."""
    rule = book.replication
    return words(rule.dimensions[key].label) if rule and key in rule.dimensions else key


def took(found: Took) -> str:
    """`CNY 28,000 and KHR 2,400,000, 31 days of work`; nothing is converted."""
    lang = language_tag()
    cost = formats.listed(
        [formats.money(amount, code, lang=lang) for code, amount in found.cost.items()], lang=lang
    )
    days = (
        ngettext("%(n)s day of work", "%(n)s days of work", found.days) % {"n": found.days}
        if found.days
        else ""
    )
    told = ", ".join(part for part in (cost, days) if part)
    return _("The adaptation took: %(what)s.") % {"what": told} if told else ""


def comparison(one: Shown, *, rows_at: str = "", with_place: bool = False) -> c.DataTable | None:
    """Each indicator here and at the origin; figures lead to the rows behind them."""
    heads = [_("Indicator"), _("Wanted"), _("At the origin"), _("Here"), _("Difference"), _("Relative"), _("Compared"),
             _("As wanted")]  # fmt: skip
    rows = [_compared(one, item, rows_at) for item in one.standing.compared]
    caption = f"{one.owner}, {one.country}" if with_place else ""
    columns = [c.Column(label=label, number=1 <= place <= 5) for place, label in enumerate(heads)]
    return c.DataTable(columns=columns, rows=rows, caption=caption) if rows else None


def values(one: Shown, *, people: bool = False, files: str = "") -> c.DataTable | None:
    """Every value measured here with its day and who measured; `people` names persons, `files` leads to evidence."""
    heads = [_("Indicator"), _("Value"), _("Measured on"), _("Measured by"), _("How"), _("Counts")]
    heads += [_("Evidence")] if files else []
    counted = {item.here.key for item in one.standing.compared if item.here}
    rows = []
    for row in one.row.values.all():
        cells_of = [
            c.Cell(one.name(row.indicator)), c.Cell(with_unit(row.value.normalize(), _unit(one, row))),
            c.Cell(cells.day(row.measured_on)), c.Cell(_measurer(row, people=people)), c.Cell(_how(row)),
            c.Cell(part=_counts(row, row.pk in counted)),
        ]  # fmt: skip
        if files:
            name, sha256 = row.evidence.get("name", "–"), row.evidence.get("sha256")
            cells_of.append(c.Cell(name, f"{files}{sha256}/" if sha256 else ""))
        rows.append(cells_of)
    columns = [c.Column(label=label, number=place == 1) for place, label in enumerate(heads)]
    return c.DataTable(columns=columns, rows=rows) if rows else None


def benefits(rows: Sequence[tuple[str, Any]]) -> c.DataTable | None:
    """Who gains, how, with which amount and on which basis; pairs of a place and its row."""
    heads = [_("Who gains"), _("How"), _("Amount"), _("Basis"), _("As of"), _("Where")]
    made = [
        [
            c.Cell(cells.party(row.party) if row.party else saying.plainly(row.group)), c.Cell(saying.plainly(row.how)),
            c.Cell(saying.amount_of(row.amount, row.currency) or "–"), c.Cell(basis_words().get(row.basis, "–")),
            c.Cell(cells.day(row.as_of)), c.Cell(place),
        ]
        for place, row in rows
    ]  # fmt: skip
    columns = [c.Column(label=label, number=place == 2) for place, label in enumerate(heads)]
    return c.DataTable(columns=columns, rows=made) if made else None


def basis_words() -> dict[str, str]:
    """On what an amount rests."""
    return {"announced": _("announced"), "signed": _("signed"), "paid": _("paid")}


def plot(one: Shown) -> c.Figure | None:
    """What is comparable, as percent of the origin; an arrow says in which direction an indicator is better."""
    lang = language_tag()
    rows = [
        DotRow(label=f"{_arrow(one, item)} {one.name(item.indicator)}".strip(), mean=float(item.here.value / item.origin * 100))
        for item in one.standing.compared
        if item.here is not None and item.origin and item.why_not is None
    ]  # fmt: skip
    if not rows:
        return None
    made = dot_plot(
        title=_plot_title(one), rows=rows, line_at=Line(100.0, _("origin")), axis="%",
        header=[_("Indicator"), _("Values"), _("Percent of the origin"), _("From"), _("To")],
        show=lambda value: formats.number(round(value, 1), lang=lang),
    )  # fmt: skip
    return c.Figure(plot=made, note=_("↑ more is better, ↓ less is better."))


def with_unit(value: Decimal, unit: str) -> str:
    """A figure with its unit."""
    return f"{saying.figure(value)} {'' if unit == '1' else unit}".strip()


def signed(value: Decimal | None) -> str:
    """A difference with its sign."""
    if value is None:
        return "–"
    told = saying.figure(abs(value))
    return f"+{told}" if value > 0 else f"−{told}" if value < 0 else told


def _compared(one: Shown, item: Compared, rows_at: str) -> list[c.Cell]:
    rule, here = one.rules[item.indicator], item.here
    unit = saying.unit(rule)
    gap = _("points") if unit == "%" else unit
    lang = language_tag()
    relative = "–" if item.relative is None else _percent(item.relative, lang)
    return [
        c.Cell(one.name(item.indicator)), c.Cell(saying.threshold(rule)),
        c.Cell("–" if item.origin is None else with_unit(item.origin.normalize(), unit), rows_at),
        c.Cell("–" if here is None else with_unit(here.value, _unit_here(one, item, unit)), rows_at if here else ""),
        c.Cell("–" if item.difference is None else f"{signed(item.difference)} {gap}".strip()),
        c.Cell(relative), c.Cell(part=_verdict(item)),
        c.Cell(part=findings.reached(item.meets)) if item.meets is not None else c.Cell("–"),
    ]  # fmt: skip


def _unit_here(one: Shown, item: Compared, unit: str) -> str:
    assert item.here is not None
    return (
        item.here.unit
        if item.here.unit not in texts_of(one.rules[item.indicator].get("unit")).values()
        else unit
    )


def _percent(share: Decimal, lang: str) -> str:
    told = formats.percent(abs(share), lang=lang, digits=1)
    return f"+{told}" if share > 0 else f"−{told}" if share < 0 else told


def _verdict(item: Compared) -> c.Stamp:
    if item.why_not is not None:
        return c.Stamp(render_reason(item.why_not), "paused")
    if item.better is None:
        return c.Stamp(_("The same") if not item.difference else _("Neither better nor worse"), "waiting")
    return c.Stamp(_("Better"), "done") if item.better else c.Stamp(_("Worse"), "stopped")


def _arrow(one: Shown, item: Compared) -> str:
    sign = str(one.rules[item.indicator].get("operator"))[:1]
    return {">": "↑", "<": "↓"}.get(sign, "")


def _plot_title(one: Shown) -> str:
    items = [item for item in one.standing.compared if item.why_not is None]
    worse = sum(item.better is False for item in items)
    told = {"place": one.owner, "n": worse, "all": len(items)}
    return _("%(place)s beside the origin: %(n)s of %(all)s indicators are worse") % told


def _measurer(row: Any, *, people: bool) -> str:
    side = {
        "owner": _("the new owner"), "carrier": _("the carrier"),
        "independent": _("independently: %(who)s") % {"who": row.measurer} if people else _("independently"),
    }[row.side]  # fmt: skip
    return f"{side} ({row.by.name})" if people else side


def _how(row: Any) -> str:
    said = saying.plainly(row.how)
    return said if row.same_method else _("%(how)s (in another way than at the origin)") % {"how": said}


def _counts(row: Any, counted: bool) -> c.Stamp:
    if row.side == "carrier":
        return c.Stamp(_("Shown; decides nothing"), "paused")
    return c.Stamp(_("Counts"), "done") if counted else c.Stamp(_("Superseded"), "waiting")


def _unit(one: Shown, row: Any) -> str:
    texts = texts_of(one.rules.get(row.indicator, {}).get("unit"))
    return saying.unit(one.rules[row.indicator]) if row.unit in texts.values() else str(row.unit)
