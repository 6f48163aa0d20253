"""`/office/health/`: whether everything is in order, and what to do where it is not."""

import shutil
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.records.journal.queries import faults, head
from jiebang.records.outbox.queries import due, stuck
from jiebang.records.programme.queries import programme_zone
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web import health as checks
from jiebang.web.desk.gate import only
from jiebang.web.office import cells
from jiebang.web.site import language_tag, now_of

MANY = 200  # messages that wait: more means that no worker runs


@only("administrator", "officer")
def health(request: HttpRequest) -> HttpResponse:
    """Every check with its finding and the next step."""
    rows = [*_ready(request), _outbox(request), _journal()]
    bad = [row for row in rows if not row[1]]
    title = _("Everything is in order") if not bad else _("Something needs a look")
    following = _("Nothing to do.") if not bad else _("Begin with what is out of order below.")
    columns = [c.Column(label=text) for text in (_("Check"), _("State"), _("Found"), _("What to do"))]
    made = [
        [c.Cell(name), c.Cell(part=_stamp(good)), c.Cell(found), c.Cell("–" if good else what)]
        for name, good, found, what in rows
    ]
    parts = {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("My desk"), "/desk/")], here=_("Health")),
        "intro": c.Intro(title=title, next=following, kicker=_("Health")),
        "above": [
            ("", c.DataTable(columns=columns, rows=made)),
            (_("Messages that were given up"), _given_up()),
        ],
    }
    return render(request, "office/reading.html", parts)


def _ready(request: HttpRequest) -> list[tuple[str, bool, str, str]]:
    names = {
        "database": (_("Database"), _("Look at the server's log and the address of the database.")),
        "migrations": (_("Migrations"), _("Run `jiebang init` on this home again.")),
        "clock": (_("Clock"), _("Set the machine's clock; periods are counted by it.")),
        "disk": (_("Disk"), _("Make room in the home, then run `jiebang doctor`.")),
    }
    said, rows = _said(request), []
    for name, check in checks.CHECKS.items():
        label, what = names.get(name, (name, _("Run `jiebang doctor`.")))
        found = checks.finding(check)
        good = bool(found["ok"])
        rows.append(
            (label, good, said.get(name, str(found["detail"])) if good else str(found["detail"]), what)
        )
    return rows


def _said(request: HttpRequest) -> dict[str, str]:
    """What is in order, in the reader's words; a fault keeps the words of the check, which support asks for."""
    free = formats.file_size(shutil.disk_usage(settings.HOME).free, lang=language_tag())
    return {
        "database": connection.display_name,
        "migrations": _("All applied"),
        "clock": cells.moment(now_of(request), programme_zone()),
        "disk": _("%(size)s free") % {"size": free},
    }


def _outbox(request: HttpRequest) -> tuple[str, bool, str, str]:
    if settings.DEMO:
        return (
            _("Outbox"),
            True,
            _("A sample round sends no mail; its letters are read at /demo/letters/."),
            "",
        )
    waiting, lost = due(now=now_of(request)).count(), stuck().count()
    found = _("%(waiting)s wait, %(lost)s given up") % {"waiting": waiting, "lost": lost}
    return (
        _("Outbox"),
        waiting < MANY and not lost,
        found,
        _("Start `jiebang worker`; check the mail settings."),
    )


def _journal() -> tuple[str, bool, str, str]:
    last, leaf = head()
    wrong = len(faults())
    found = _("%(n)s entries verified, head %(leaf)s") % {"n": last, "leaf": leaf[:12]}
    return (
        _("Journal"),
        not wrong,
        found if not wrong else _("%(n)s faults") % {"n": wrong},
        _("Open the journal's verification and restore from a backup."),
    )


def _given_up() -> Any:
    zone = programme_zone()
    rows = [
        [
            c.Cell(row.subject),
            c.Cell(row.to_address),
            c.Cell(cells.moment(row.created_at, zone)),
            c.Cell(row.last_error[:120]),
        ]
        for row in _stuck()
    ]
    columns = [c.Column(label=text) for text in (_("Message"), _("To"), _("Written"), _("Why"))]
    return c.DataTable(columns=columns, rows=rows) if rows else c.EmptyState(title=_("None"))


def _stuck() -> list[Any]:
    return list(stuck()[:50])


def _stamp(good: bool) -> c.Stamp:
    return c.Stamp(_("In order"), "done") if good else c.Stamp(_("Out of order"), "stopped")
