"""How the quotas of an award are used: who holds their seats, and who fell to them."""

from collections import Counter
from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from jiebang.decisions.award import Decision
from jiebang.decisions.quotas import Used
from jiebang.decisions.round import RoundResult
from jiebang.records.people.office import organisations_named
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web.office import cells, verdicts
from jiebang.web.site import words

Holders = Callable[[Decision], str]
NAMED = 8  # bids that a sentence names; of more, it counts the rest
Key = tuple[str, str, str]  # quota, challenge (empty: the whole call), value


def holders(result: RoundResult) -> Holders:
    """The sentence that names who holds the seats of the quota to which a bid fell; empty of any other bid."""
    held = {_key(used): used.bids for used in result.quotas}

    def said(row: Decision) -> str:
        bids = next((held[key] for key in _keys(row) if key in held), ())
        return _("Held by: %(bids)s.") % {"bids": _listed(bids)} if bids else ""

    return said


def table(book: Rulebook, result: RoundResult, names: verdicts.Names) -> c.DataTable | None:
    """Each quota that is taken, promised or in a bid's way: its limits, who holds its seats, and how many bids fell to it."""
    known = {_key(used) for used in result.quotas}
    fell = Counter(key for row in result.decisions for key in _keys(row) if key in known)
    kept = [used for used in result.quotas if used.bids or used.least or fell[_key(used)]]
    order = list(book.award.quotas) if book.award else []
    kept.sort(key=lambda used: (order.index(used.quota), -fell[_key(used)], -len(used.bids), _key(used)))
    if not kept:
        return None
    columns = _columns(kept)
    rows = [{**_row(book, used, names), "fell": fell[_key(used)] or "–"} for used in kept]
    cells_of = [[c.Cell(str(row[name])) for name in columns] for row in rows]
    return c.DataTable(columns=list(columns.values()), rows=cells_of)


def _columns(kept: Sequence[Used]) -> dict[str, c.Column]:
    """The columns by name, without those that would be empty, or the same, for every quota."""
    columns = {
        "quota": c.Column(label=_("Quota")), "value": c.Column(label=_("Of what")), "over": c.Column(label=_("Over")),
        "least": c.Column(label=_("Least"), number=True), "most": c.Column(label=_("Most"), number=True),
        "taken": c.Column(label=_("Taken"), number=True), "held": c.Column(label=_("Held by")),
        "fell": c.Column(label=_("Fell to it"), number=True),
    }  # fmt: skip
    told = {
        "over": any(used.challenge for used in kept), "least": any(used.least is not None for used in kept),
        "most": any(used.most is not None for used in kept),
    }  # fmt: skip
    return {name: column for name, column in columns.items() if told.get(name, True)}


def institutions(book: Rulebook, result: RoundResult) -> verdicts.Names:
    """The institutions that quotas count by their ids, by their names."""
    rules = book.award.quotas if book.award else {}
    ids = {used.value for used in result.quotas if (rules[used.quota].by or "").endswith(".id")}
    return {slug: cells.organisation(row) for slug, row in organisations_named(ids).items()} if ids else {}


def _row(book: Rulebook, used: Used, names: verdicts.Names) -> dict[str, object]:
    rule = book.award.quotas[used.quota] if book.award else None
    return {
        "quota": words(rule.label) if rule else used.quota,
        "value": verdicts.counted(used.quota, used.value, book, names) or "–",
        "over": used.challenge or _("the whole call"),
        "least": "–" if used.least is None else used.least, "most": "–" if used.most is None else used.most,
        "taken": len(used.bids), "held": _listed(used.bids) or "–",
    }  # fmt: skip


def _key(used: Used) -> Key:
    return used.quota, used.challenge, used.value


def _keys(row: Decision) -> list[Key]:
    """The quota to which a bid fell, as counted over the call or over its challenge."""
    name, value = str(row.reason.params.get("quota", "")), str(row.reason.params.get("value", ""))
    if row.reason.code not in ("award.quota_full", "award.quota_met"):
        return []
    return [(name, "", value), (name, row.challenge, value)]


def _listed(bids: tuple[str, ...]) -> str:
    more = f" (+{len(bids) - NAMED})" if len(bids) > NAMED else ""
    return ", ".join(bids[:NAMED]) + more
