"""From the maker's hands to the user's: the tested handover, what its users wrote, what it cost to bring into use."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from jiebang.decisions import pilot
from jiebang.operations.files import held_file
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed
from jiebang.operations.names import Event, Permission
from jiebang.operations.pilot_facts import open_failures
from jiebang.operations.pilots import Line, pilot_in_force, side_of, underway
from jiebang.operations.statements import Said, Text, statement
from jiebang.operations.things import day_of, owners, today
from jiebang.records.pilots.models import Handover, Incident, UseCost, UserReport
from jiebang.rules.reasons import reason
from jiebang.trust import canonical

Amount = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=2, allow_inf_nan=False)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
WHOLE = frozenset({"VND", "LAK", "IDR", "KHR", "MMK", "JPY", "KRW"})  # no coin below one is in use


@operation(permission=Permission.PILOT_HANDOVER, event=Event.HANDOVER_BEGUN)
def begin_handover(act: Act, *, project: str, began_on: date, staff: Line) -> Outcome:
    """From this day the owner's own staff run the result without the lead; `staff` says who they are."""
    found = underway(act, project, {"owner"})
    held = pilot_in_force(found)
    if Handover.objects.filter(project=found, ended_on=None).exists():
        raise Stop(reason("pilot.handover_open"))
    assert held.protocol.agreed_at is not None
    if began_on > today(act, found):
        raise Stop(reason("pilot.in_future", field="began_on"))
    if began_on < day_of(held.protocol.agreed_at, found):
        raise Stop(
            reason("pilot.before_protocol", field="began_on", agreed=held.protocol.agreed_at.isoformat())
        )
    Handover.objects.create(project=found, began_on=began_on, staff=staff, begun_by=act.person)
    changed(act, Event.HANDOVER_BEGUN, found, body={"began_on": began_on, "staff": staff})
    return Done({"project": project, "days": held.terms.handover_days})


@operation(permission=Permission.PILOT_HANDOVER, event=Event.HANDOVER_ENDED)
def end_handover(
    act: Act, *, project: str, ended_on: date, passed: bool, lead_helped: bool, result: Said, lang: str = ""
) -> Outcome:
    """Say how it went. It is passed when it lasted as agreed, the lead did not help and no failure in it is open."""
    found = underway(act, project, {"owner"})
    held, row = pilot_in_force(found), found.handovers.filter(ended_on=None).first()
    if row is None:
        raise Stop(reason("pilot.no_handover"))
    failures = open_failures(held, list(Incident.objects.filter(project=found)), row)
    against = pilot.handover_reasons(
        held.terms, began=row.began_on, ended=ended_on, today=today(act, found), passed=passed,
        lead_helped=lead_helped, open_failures=failures,
    )  # fmt: skip
    if against:
        raise Stop(*against)
    row.ended_on, row.passed, row.lead_helped, row.ended_by = ended_on, passed, lead_helped, act.person
    row.result = statement(result, lang=lang or act.language)
    row.save()
    body = {"began_on": row.began_on, "ended_on": ended_on, "passed": passed, "lead_helped": lead_helped}
    changed(act, Event.HANDOVER_ENDED, found, body=body)
    return Done({"project": project, "passed": passed, "days": (ended_on - row.began_on).days})


@operation(permission=Permission.PILOT_REPORT, event=Event.USER_REPORT_ADDED)
def add_user_report(
    act: Act, *, project: str, author: Name, position: Name, written_on: date, text: Text = "", file: str = "",
    lang: str = "",
) -> Outcome:  # fmt: skip
    """Add what a user of the result wrote: who, in which position, when, as text or as a file stored here (its hash).

    The hash of it all enters the journal; the name does so only as a commitment.
    """
    found = underway(act, project, {"owner"})
    if not text and not file:
        raise Stop(reason("pilot.report_empty", field="text"))
    if written_on > today(act, found):
        raise Stop(reason("pilot.in_future", field="written_on"))
    kept = held_file(owners(found.challenge.need), file) if file else {}
    content = {"text": statement(text, lang=lang or act.language) if text else {}, "file": kept}
    told = {"author": author, "position": position, "written_on": written_on, **content}
    digest = canonical.digest(told)
    if UserReport.objects.filter(project=found, sha256=digest).exists():
        raise Stop(reason("pilot.report_known"))
    UserReport.objects.create(project=found, sha256=digest, by=act.person, at=act.now, **told)
    changed(act, Event.USER_REPORT_ADDED, found, body={"sha256": digest}, private={"author": author})
    return Done({"project": project, "sha256": digest})


@operation(permission=Permission.PILOT_COST, event=Event.USE_COST_RECORDED)
def record_use_cost(
    act: Act, *, project: str, what: Name, amount: Amount, currency: Currency, spent_on: date
) -> Outcome:
    """Record what one's own side spent, beside the award, to bring the result into use."""
    found = underway(act, project, {"owner", "lead"})
    if spent_on > today(act, found):
        raise Stop(reason("pilot.in_future", field="spent_on"))
    if currency in WHOLE and amount != amount.to_integral_value():
        raise Stop(reason("pilot.whole_currency", field="amount", currency=currency))
    side = side_of(act, found)
    UseCost.objects.create(
        project=found,
        what=what,
        side=side,
        amount=amount,
        currency=currency,
        spent_on=spent_on,
        by=act.person,
        at=act.now,
    )
    body = {"what": what, "side": side, "amount": str(amount), "currency": currency, "spent_on": spent_on}
    changed(act, Event.USE_COST_RECORDED, found, body=body)
    return Done({"project": project, "what": what})
