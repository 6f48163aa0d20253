"""Starting a round: install a rulebook version and open a call that freezes it with its calendars."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import StringConstraints

from jiebang.decisions.clock import Calendars
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import Said
from jiebang.operations.things import find
from jiebang.records.programme.models import CalendarVersion, Call, RulebookVersion
from jiebang.rules.load import digest, dump, load
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Rulebook

CallNumber = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,39}$")
]  # stands in addresses


@operation(permission=Permission.RULEBOOK_INSTALL, event=Event.RULEBOOK_INSTALLED)
def install_rulebook(act: Act, *, text: str, parents: dict[str, str] | None = None) -> Outcome:
    """Check and keep a rulebook version; what was installed before stays for the decisions made under it."""
    book = load(text, parents=parents)
    if not isinstance(book, Rulebook):
        raise Stop(
            *(Reason("request.malformed", {"field": fault.field, "problem": fault.message}) for fault in book)
        )
    key = digest(book)
    RulebookVersion.objects.filter(slug=book.id).update(current=False)
    fields = {
        "slug": book.id,
        "version": book.version,
        "document": dump(book),
        "current": True,
        "installed_at": act.now,
    }
    RulebookVersion.objects.update_or_create(digest=key, defaults=fields)
    act.journal(Event.RULEBOOK_INSTALLED, f"rulebook:{book.id}", rulebook=key, body={"version": book.version})
    return Done({"rulebook": key, "id": book.id})


@operation(permission=Permission.CALL_OPEN, event=Event.CALL_OPENED)
def open_call(
    act: Act, *, number: CallNumber, title: dict[str, Said], rulebook: str, calendars: list[dict[str, Any]] | None = None,
    needs_until: datetime | None = None,
) -> Outcome:  # fmt: skip
    """Open a call under an installed rulebook (by hash or id); `calendars` as `decisions.clock` describes them."""
    version = RulebookVersion.objects.filter(slug=rulebook, current=True).first() or find(
        RulebookVersion, digest=rulebook
    )
    try:
        frozen = Calendars.from_data(calendars or [])
    except (KeyError, TypeError, ValueError) as problem:
        raise Stop(reason("call.calendar", problem=str(problem), field="calendars")) from None
    if faults := _faults(act, number, title, needs_until):
        raise Stop(*faults)
    Call.objects.create(
        number=number, title=title, rulebook=version, calendars=kept_calendars(frozen),
        opened_at=act.now, needs_until=needs_until,
    )  # fmt: skip
    body = {"call": number, "calendars": frozen.digest()}
    act.journal(Event.CALL_OPENED, f"call:{number}", rulebook=version.pk, body=body)
    return Done({"number": number, "rulebook": version.pk})


@operation(permission=Permission.CALL_OPEN, event=Event.CALL_CHANGED)
def change_call(act: Act, *, number: str, why: Said, needs_until: datetime | None = None) -> Outcome:
    """Say anew until when a call takes needs; without a moment it takes none from now on. What was sent goes on."""
    opened = find(Call, number=number)
    opened.needs_until = needs_until or act.now
    if opened.needs_until < act.now:
        raise Stop(reason("call.until_past", field="needs_until"))
    opened.save(update_fields=["needs_until"])
    body = {"call": number, "needs_until": opened.needs_until, "why": why}
    act.journal(Event.CALL_CHANGED, f"call:{number}", rulebook=opened.rulebook_id, body=body)
    return Done({"number": number, "needs_until": opened.needs_until.isoformat()})


def takes_needs(call: Call, *, now: datetime) -> bool:
    """Whether needs may still be begun and sent under a call."""
    return call.needs_until is None or now < call.needs_until


def _faults(act: Act, number: str, title: dict[str, str], needs_until: datetime | None) -> list[Reason]:
    found = []
    if Call.objects.filter(number=number).exists():
        found.append(reason("call.exists", number=number, field="number"))
    if not title:
        found.append(reason("form.required", field="title"))
    if needs_until and needs_until <= act.now:
        found.append(reason("call.until_past", field="needs_until"))
    return found


def kept_calendars(calendars: Calendars) -> CalendarVersion:
    """The row of these calendars, written when nobody counted by them before."""
    kept, _ = CalendarVersion.objects.get_or_create(
        digest=calendars.digest(), defaults={"document": calendars.as_data()}
    )
    return kept
