"""What the office fills in to undo a result: a correction, a reserve that steps in, an award put in question."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from jiebang.decisions.remedies import NAMED
from jiebang.operations.facts import reserves
from jiebang.records.awards.office import decisions_on, signed_reviews, upheld_on
from jiebang.web import components as c
from jiebang.web.office import cells
from jiebang.web.office.case import Case
from jiebang.web.office.one_form import radios, select
from jiebang.web.public.frame import person_name
from jiebang.web.public.undone import ground_word, outcome_word
from jiebang.web.site import words


def correction(case: Case) -> list[c.Field]:
    """On what ground and evidence, and how: the rule decides anew, or bids are named."""
    rule = case.book.correction
    fields = [_ground(case, rule.grounds if rule else {}), _evidence()]
    if upheld := {row.number: row.number for row in upheld_on(case.thing)}:
        fields.append(select("objection", _("Objection or appeal that was upheld"), {"": "–", **upheld}))
    fields.append(radios("how", _("How the result is corrected"), _ways(), chosen="recompute"))
    if struck := _reviews(case):
        help_text = _("Only where the rule decides anew. A struck review stays on record and counts no more.")
        fields.append(
            c.Field(
                name="strike", label=_("Reviews that must not count"), kind="checkboxes", options=struck,
                help=help_text, optional=True,
            )
        )  # fmt: skip
    for row in decisions_on(case.thing):
        if row.bid and row.outcome != "revoked":
            fields += _placing(case, row)
    return fields


def promotion(case: Case) -> list[c.Field]:
    """Which reserve steps in; the first in place is the usual one."""
    rows = reserves(case.thing).select_related("bid__consortium__lead__organisation")
    options = {
        row.bid.number: f"{row.bid.number} · {cells.party(row.bid.consortium.lead)} ({row.rank})"
        for row in rows
        if row.bid
    }
    return [radios("bid", _("Who steps in"), options, chosen=next(iter(options), ""))]


def question(case: Case) -> list[c.Field]:
    """On what ground and evidence an award is put in question."""
    rule = case.book.revocation
    return [_ground(case, rule.grounds if rule else {}), _evidence()]


def shown(case: Case, name: str, value: Any) -> tuple[str, str] | None:
    """A parameter of these acts in words; None for another's."""
    if name == "strike":
        gone = {str(number) for number in value}
        rows = [row for row in signed_reviews(case.thing) if str(row.pk) in gone]
        return _("Reviews that must not count"), "; ".join(map(_review, rows))
    if name == "placings":
        said = [f"{bid}: {_placed(case, placing)}" for bid, placing in value.items()]
        return _("Bids placed by name"), "; ".join(said)
    labels = {
        "ground": (_("Ground"), ground_word(case.book, str(value))), "evidence": (_("What is to show it"), str(value)),
        "objection": (_("Objection or appeal that was upheld"), str(value)), "bid": (_("Who steps in"), str(value)),
        "how": (_("How the result is corrected"), _ways().get(str(value), str(value))),
    }  # fmt: skip
    return labels.get(name)


def _ways() -> dict[str, str]:
    return {
        "recompute": _("The rule decides anew from the records as they are now"),
        "name": _("The bids named below are placed by hand"),
    }


def _ground(case: Case, grounds: Mapping[str, Any]) -> c.Field:
    return radios("ground", _("Ground"), {key: words(ground.label) for key, ground in grounds.items()})


def _evidence() -> c.Field:
    help_text = _("Name the sheet, the document or the entry of the journal, and what it shows.")
    return c.Field(name="evidence", label=_("What is to show it"), kind="textarea", help=help_text)


def _reviews(case: Case) -> list[c.Option]:
    return [c.Option(value=str(row.pk), label=_review(row)) for row in signed_reviews(case.thing)]


def _review(row: Any) -> str:
    return f"{row.bid.number} · {person_name(row.expert)}"


def _placing(case: Case, row: Any) -> list[c.Field]:
    """What a bid becomes by name, and its place; left alone it stays."""
    number, now = row.bid.number, outcome_word(case.book, row.outcome, row.rank)
    options = {"": _("stays: %(what)s") % {"what": now}}
    options |= {name: outcome_word(case.book, name, None) for name in NAMED}
    return [
        select(f"placings.{number}.outcome", _("By name: %(bid)s") % {"bid": number}, options),
        c.Field(
            name=f"placings.{number}.rank", label=_("Place of %(bid)s") % {"bid": number}, kind="number", short=True,
            optional=True,
        ),
    ]  # fmt: skip


def _placed(case: Case, placing: Mapping[str, Any]) -> str:
    return outcome_word(case.book, str(placing.get("outcome", "")), placing.get("rank"))
