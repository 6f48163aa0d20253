"""The tables of a pilot's page; every figure stands beside the rows that it is made of."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.decisions.pilot import is_failure, within
from jiebang.operations.facts import indicators, meets
from jiebang.operations.pilot_facts import InForce, went
from jiebang.operations.things import day_of
from jiebang.records.pilots.queries import first_moments
from jiebang.trust import packages as trusted
from jiebang.trust.signing import fingerprint
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.projects.room import Room
from jiebang.web.public import saying
from jiebang.web.public.frame import moment, person_name
from jiebang.web.site import language_tag, words

Rows = list[list[c.Cell]]


def side(name: str) -> str:
    """Owner, lead or third party, in words."""
    return {"owner": _("The owner"), "lead": _("The lead"), "third_party": _("A third party")}.get(name, name)


def versions(room: Room) -> c.DataTable | None:
    """Every version of the protocol, the last first."""
    rows, last = [], True
    for row in reversed(room.row.protocols.all()):
        state = c.Stamp(_("Agreed"), "done") if row.agreed_at else c.Stamp(_("Waits"), "waiting")
        if not row.agreed_at and not last:
            state = c.Stamp(_("Replaced"), "stopped")
        told = (
            f"{person_name(row.agreed_by)}, {moment(row.agreed_at, book=room.book)}" if row.agreed_at else ""
        )
        rows.append([
            c.Cell(_("Version %(n)s") % {"n": row.version}, f"{room.url}pilot/protocol/{row.version}/"),
            c.Cell(f"{side(row.side)}: {person_name(row.proposed_by)}, {moment(row.proposed_at, book=room.book)}"),
            c.Cell(part=state), c.Cell(told), c.Cell(row.sha256[:12]),
        ])  # fmt: skip
        last = False
    return _table(rows, _("Version"), _("Proposed by"), _("State"), _("Agreed by"), _("Hash"))


def asked(room: Room, held: InForce) -> c.Facts:
    """What the protocol in force asks for, beside what there is."""
    short = held.standing
    pairs = [
        (_("Runs"), held.terms.runs, short.runs), (_("Days from first to last"), held.terms.days, short.days),
        (_("Signed packages"), held.rule.least_packages, short.packages),
    ]  # fmt: skip
    items: list[tuple[str, str]] = [
        (label, _("%(have)s of %(wanted)s") % {"have": wanted - missing, "wanted": wanted})
        for label, wanted, missing in pairs
        if wanted
    ]
    items.append((_("Who measures"), side(held.terms.measured_by)))
    grade = held.rule.severities.get(held.terms.failure_from)
    if grade:
        items.append((_("Counts as a failure from"), words(grade.label)))
        items.append((_("Failures allowed"), str(held.terms.failures_allowed)))
    return c.Facts(items=items, title=_("By the protocol, version %(n)s") % {"n": held.protocol.version})


def runs(room: Room) -> c.DataTable | None:
    """Each run with when, where, who measured, and each value against what the notice asked for."""
    wanted = {str(item["id"]): item for item in indicators(room.row.challenge)}
    rows = [
        [
            c.Cell(str(row.order)),
            c.Cell(f"{moment(row.began_at, book=room.book)} – {moment(row.ended_at, book=room.book)}"),
            c.Cell(row.place), c.Cell(f"{row.measurer} · {side(row.side)}"),
            c.Cell("; ".join(_value(item, wanted.get(item["indicator"], {})) for item in row.values)),
            c.Cell(_("Package %(n)s") % {"n": row.package.number}, f"{room.url}pilot/#packages") if row.package else c.Cell(""),
        ]
        for row in room.row.runs.all()
    ]  # fmt: skip
    return _table(rows, _("Run"), _("When"), _("Where"), _("Measured by"), _("Values"), _("Proof"))


def _value(item: Mapping[str, str], indicator: Mapping[str, Any]) -> str:
    name = saying.plainly(indicator.get("name")) or item["indicator"]
    told = f"{name}: {saying.figure(item['value'])} {item['unit']}".strip()
    if "threshold" not in indicator:
        return told
    reached = meets(
        Decimal(item["value"]),
        operator=str(indicator["operator"]),
        threshold=Decimal(str(indicator["threshold"])),
    )
    return f"{told} ({_('reached') if reached else _('missed')})"


def incidents(room: Room, held: InForce | None, *, acting: bool) -> c.DataTable | None:
    """What went wrong, whether it counts as a failure, what was done, whether it is closed."""
    rows = []
    for row in room.row.incidents.all():
        counts = held is not None and is_failure(held.rule, held.terms, row.severity)
        grade = room.book.pilot.severities.get(row.severity) if room.book.pilot else None
        state = (
            c.Stamp(_("Closed"), "done")
            if row.closed_at
            else c.Stamp(_("Open"), "open" if counts else "waiting")
        )
        url = f"{room.url}pilot/incident/{row.order}/" if acting and not row.closed_at else ""
        rows.append([
            c.Cell(f"{row.order}. {saying.plainly(row.what)}", url), c.Cell(moment(row.happened_at, book=room.book)),
            c.Cell(" · ".join([words(grade.label) if grade else row.severity, *([_("a failure")] if counts else [])])),
            c.Cell(saying.plainly(row.treatment)), c.Cell(part=state),
        ])  # fmt: skip
    return _table(rows, _("Incident"), _("When"), _("How grave"), _("What was done"), _("State"))


def packages(room: Room) -> c.DataTable | None:
    """Each package with its place in the chain; the archive where it came too."""
    rows = []
    for row in room.row.packages.all():
        told = trusted.read(row.manifest.encode())
        where = f"{room.url}pilot/package/{row.number}/"
        count = len(told.files)
        files = (
            ngettext("%(n)s file, kept here", "%(n)s files, kept here", count) if row.archive
            else ngettext("%(n)s file, kept at the site", "%(n)s files, kept at the site", count)
        )  # fmt: skip
        rows.append([
            c.Cell(_("Package %(n)s") % {"n": row.number}, where), c.Cell(row.sha256[:12]),
            c.Cell(told.previous[:12] if told.previous else _("the first")), c.Cell(row.key.label),
            c.Cell(files % {"n": count}),
            c.Cell(f"{person_name(row.received_by)}, {moment(row.received_at, book=room.book)}"),
        ])  # fmt: skip
    return _table(rows, _("Package"), _("Hash"), _("Follows"), _("Signed by"), _("Files"), _("Taken in"))


def keys(room: Room, rows: Iterable[Any]) -> c.DataTable | None:
    """The keys of the owner's site; the owner may revoke one."""
    made = []
    for row in rows:
        state = c.Stamp(_("Revoked"), "stopped") if row.revoked_at else c.Stamp(_("In use"), "done")
        url = f"{room.url}pilot/key/{row.key}/" if room.holds("owner") and not row.revoked_at else ""
        made.append([c.Cell(row.label, url), c.Cell(fingerprint(row.key)), c.Cell(part=state),
                     c.Cell(f"{person_name(row.by)}, {moment(row.at, book=room.book)}")])  # fmt: skip
    return _table(made, _("Key of the site"), _("Fingerprint"), _("State"), _("Registered"))


def handovers(room: Room, held: InForce | None) -> c.DataTable | None:
    """Each period with its days, the incidents in it and how it ended."""
    found, rows = went(room.row.incidents.all()), []
    zone = room.book.timezone
    for row in room.row.handovers.all():
        end = row.ended_on or day_of(room.reader.at, room.row)
        inside = within(found, began=row.began_on, ended=end, zone=zone)
        failures = sum(is_failure(held.rule, held.terms, item.severity) for item in inside) if held else 0
        rows.append([
            c.Cell(f"{_day(row.began_on)} – {_day(row.ended_on) if row.ended_on else '…'}"),
            c.Cell(str((end - row.began_on).days)), c.Cell(row.staff),
            c.Cell(_("%(n)s, of which failures: %(f)s") % {"n": len(inside), "f": failures}), c.Cell(part=_ended(row)),
            c.Cell(saying.plainly(row.result)),
        ])  # fmt: skip
    return _table(rows, _("Period"), _("Days"), _("Staff"), _("Incidents"), _("State"), _("What was said"))


def _ended(row: Any) -> c.Stamp:
    if row.ended_on is None:
        return c.Stamp(_("Under way"), "open")
    return c.Stamp(_("Passed"), "done") if row.passed else c.Stamp(_("Not passed"), "stopped")


def reports(room: Room) -> c.DataTable | None:
    """What users wrote, with who, when and the hash that the journal holds."""
    rows = [
        [
            c.Cell(f"{row.author}, {row.position}"), c.Cell(_day(row.written_on)), c.Cell(saying.plainly(row.text)),
            c.Cell(str(row.file.get("name", "")), f"{room.url}pilot/files/{row.file['sha256']}/" if row.file else ""),
            c.Cell(row.sha256[:12]),
        ]
        for row in room.row.user_reports.all()
    ]  # fmt: skip
    return _table(rows, _("Written by"), _("On"), _("Report"), _("File"), _("Hash"))


def costs(room: Room) -> c.DataTable | None:
    """What each side spent to bring it into use, and the sum of each currency; nothing is converted."""
    rows, sums = [], dict[str, Decimal]()
    for row in room.row.use_costs.all():
        sums[row.currency] = sums.get(row.currency, Decimal(0)) + row.amount
        rows.append([c.Cell(row.what), c.Cell(side(row.side)), c.Cell(_day(row.spent_on)),
                     c.Cell(saying.amount_of(row.amount, row.currency))])  # fmt: skip
    for currency, total in sums.items():
        rows.append(
            [c.Cell(_("Together")), c.Cell(""), c.Cell(""), c.Cell(saying.amount_of(total, currency))]
        )
    return _table(rows, _("Cost beside the award"), _("Borne by"), _("Spent on"), _("Amount"))


def from_need_to_use(room: Room) -> tuple[list[str], c.DataTable | None]:
    """The sentence with the days, and the steps it is counted from: days are end minus start."""
    names = {
        "need": _("Need stated"), "listed": _("Challenge listed"), "award": _("Project begun"), "signed": _("Agreement signed"),
        "protocol": _("Protocol agreed"), "run": _("First run"), "validated": _("Validation signed"),
    }  # fmt: skip
    days = [(name, day_of(at, room.row)) for name, at in first_moments(room.row)]
    rows = [[c.Cell(names[name]), c.Cell(_day(at)), c.Cell(str((at - days[0][1]).days))] for name, at in days]
    reached = dict(days)
    said = []
    if "need" in reached and "validated" in reached:
        count = (reached["validated"] - reached["need"]).days
        said = [_("From the stated need to the signed validation: %(n)s days.") % {"n": count}]
    return said, _table(rows, _("Step"), _("Day"), _("Days since the first"))


def _day(value: Any) -> str:
    return formats.date(value, lang=language_tag())


def _table(rows: Rows, *labels: str) -> c.DataTable | None:
    return c.DataTable(columns=[c.Column(label=text) for text in labels], rows=rows) if rows else None
