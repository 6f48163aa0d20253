"""How the quotas of an award are used: who holds their seats, and who fell to them."""

from collections import Counter
from collections.abc import Callable
from typing import Any

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
    held = {(used.quota, used.challenge, used.value): used.bids for used in result.quotas}

    def said(row: Decision) -> str:
        bids = next((held[key] for key in _keys(row) if key in held), ())
        return _("Held by: %(bids)s.") % {"bids": _listed(bids)} if bids else ""

    return said


def table(book: Rulebook, result: RoundResult, names: verdicts.Names) -> c.DataTable | None:
    """Each quota that is taken, promised or in a bid's way: its limits, who holds its seats, and how many bids fell to it."""
    known = {(used.quota, used.challenge, used.value) for used in result.quotas}
    fell = Counter(key for row in result.decisions for key in _keys(row) if key in known)
    heads = (
        _("Quota"),
        _("Of what"),
        _("Over"),
        _("Least"),
        _("Most"),
        _("Taken"),
        _("Held by"),
        _("Fell to it"),
    )
    columns = [c.Column(label=text, number=place in (3, 4, 5, 7)) for place, text in enumerate(heads)]
    counted = [(used, fell[used.quota, used.challenge, used.value]) for used in result.quotas]
    rows = [_row(book, used, count, names) for used, count in counted if used.bids or used.least or count]
    return c.DataTable(columns=columns, rows=rows) if rows else None


def institutions(book: Rulebook, result: RoundResult) -> verdicts.Names:
    """The institutions that quotas count by their ids, by their names."""
    rules = book.award.quotas if book.award else {}
    ids = {used.value for used in result.quotas if (rules[used.quota].by or "").endswith(".id")}
    return {slug: cells.organisation(row) for slug, row in organisations_named(ids).items()} if ids else {}


def _row(book: Rulebook, used: Used, fell: int, names: verdicts.Names) -> list[c.Cell]:
    rule = book.award.quotas[used.quota] if book.award else None
    texts: list[Any] = [
        words(rule.label) if rule else used.quota, verdicts.counted(used.quota, used.value, book, names) or "–",
        used.challenge or _("the whole call"), "–" if used.least is None else used.least,
        "–" if used.most is None else used.most, len(used.bids), _listed(used.bids) or "–", fell or "–",
    ]  # fmt: skip
    return [c.Cell(str(text)) for text in texts]


def _keys(row: Decision) -> list[Key]:
    """The quota to which a bid fell, as counted over the call or over its challenge."""
    name, value = str(row.reason.params.get("quota", "")), str(row.reason.params.get("value", ""))
    if row.reason.code not in ("award.quota_full", "award.quota_met"):
        return []
    return [(name, "", value), (name, row.challenge, value)]


def _listed(bids: tuple[str, ...]) -> str:
    more = f" (+{len(bids) - NAMED})" if len(bids) > NAMED else ""
    return ", ".join(bids[:NAMED]) + more
