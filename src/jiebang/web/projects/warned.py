"""Early warnings as pages show them: what is wrong since when, what to do about it, and where."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiebang.decisions.warnings import Warned
from jiebang.records.people.roles import OFFICERS
from jiebang.web import components as c
from jiebang.web.acting import render_reason
from jiebang.web.office import cells

KINDS = {
    "slipping": gettext_noop("Milestone late"), "silent_owner": gettext_noop("Owner silent"),
    "clock": gettext_noop("Clock running out"), "expiring_check": gettext_noop("Check ending"),
    "unpaid": gettext_noop("Instalment unpaid"), "unanswered": gettext_noop("Follow-up unanswered"),
    "disputed": gettext_noop("Value in dispute"), "no_runs": gettext_noop("Pilot without runs"),
}  # fmt: skip


def kinds() -> dict[str, str]:
    """Each kind of warning by its name in the address."""
    return {key: _(label) for key, label in KINDS.items()}


def severities() -> dict[str, str]:
    """How grave a warning is."""
    return {"serious": _("Serious"), "early": _("Early")}


def stamp(item: Warned) -> c.Stamp:
    """Its severity."""
    return c.Stamp(severities()[item.severity], "stopped" if item.severity == "serious" else "deciding")


def table(
    found: Sequence[Warned], *, number: str, held: frozenset[str], owner: str = ""
) -> c.DataTable | None:
    """Every warning of a project for who stands to it in these roles; `owner` is the slug of the organisation to ask."""
    rows = [
        [
            c.Cell(_(KINDS[item.kind])), c.Cell(part=stamp(item)), c.Cell(render_reason(item.said)),
            c.Cell(cells.day(item.day)),
            c.Cell(render_reason(item.remedy), where(item, number=number, held=held, owner=owner)),
        ]
        for item in found
    ]  # fmt: skip
    heads = (_("Warning"), _("Severity"), _("What it says"), _("Day"), _("What to do"))
    return c.DataTable(columns=[c.Column(label=text) for text in heads], rows=rows) if rows else None


def where(item: Warned, *, number: str, held: frozenset[str], owner: str = "") -> str:
    """The page on which the reader can do something about it, or read more; empty where there is none for them."""
    room, case, office = f"/projects/{number}/", f"/office/projects/{number}/", bool(held & OFFICERS)
    report = f"{room}work/milestones/{item.about}/" if "lead" in held else ""
    answer = f"{room}work/follow-up/{item.about}/" if "owner" in held else ""
    places = {
        "slipping": f"{case}milestones/{item.about}/" if office else report,
        "silent_owner": f"/office/organisations/{owner}/" if office and owner else "",
        "clock": case if office else f"{room}work/",
        "expiring_check": f"{room}agreement/",
        "unpaid": f"{room}money/pay/{item.about}/" if office else f"{room}money/",
        "unanswered": f"{case}#follow-up" if office else answer,
        "disputed": f"{room}indicators/disputes/{item.about}/",
        "no_runs": f"{room}pilot/",
    }
    return places[item.kind]


def entries_of_day(number: str, day: object) -> str:
    """The journal's entries on a project on one day."""
    until = day + timedelta(days=1)  # type: ignore[operator]
    return f"/log/?subject=project:{number}&since={day}&until={until}"
