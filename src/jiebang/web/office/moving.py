"""`/office/<cases>/<number>/do/<command>/`: one act on one page, with its rule, what it needs and what it brings."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jiebang.decisions.lifecycle import Offer
from jiebang.operations.deadlines import due
from jiebang.operations.kernel import Done, Outcome
from jiebang.operations.things import call_of
from jiebang.rules.expression_words import in_words
from jiebang.rules.schema import Kind
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.acting import act, bound, done, summary
from jiebang.web.desk.clocks import clock
from jiebang.web.desk.gate import only
from jiebang.web.desk.waiting import ROOMS, country_of
from jiebang.web.forms.reading import digits
from jiebang.web.office import cells, preview, undoing, verdicts
from jiebang.web.office.case import Case, case_or_404, crumbs, done_together, guard_facts, why_not
from jiebang.web.public import states
from jiebang.web.site import language_tag, reader_of, words

KINDS: dict[str, Kind] = {room: kind for kind, room in ROOMS.items()}  # type: ignore[misc]


@only("officer", "second_officer", "country_desk")
def move(request: HttpRequest, room: str, number: str, command: str) -> HttpResponse:
    """Show what the command does and asks; on POST do it, or propose it where two must agree."""
    if room not in KINDS:
        raise Http404
    case = case_or_404(KINDS[room], number, reader_of(request))
    offer = _offer(case, command)
    if done_together(case, command):
        return redirect(f"/office/calls/{case.thing.call.number}/award/")
    outcome = _perform(request, case, offer) if request.method == "POST" else None
    if isinstance(outcome, Done):
        return done(request, outcome, text=_said(offer), to=_onward(case, outcome))
    fields = bound(fields_of(case, offer), request.POST, outcome)
    return render(request, "office/move.html", _parts(case, offer, outcome, fields))


def fields_of(case: Case, offer: Offer) -> list[c.Field]:
    """What the command asks: its own figures, then the reason."""
    own = _FIELDS.get((case.kind, offer.command))
    help_text = _("Those concerned read it, and it stands in the journal.")
    why = c.Field(
        name="why",
        label=_("Reason"),
        kind="textarea",
        help=help_text,
        optional=not offer.move.reason_required,
    )
    return [*(own(case) if own else []), why]


def rule_sheet(case: Case, offer: Offer) -> c.Facts:
    """The rule of a move: what it needs, what it reads now, where it stands, which clock it starts."""
    rule = offer.move
    items: list[tuple[str, Any]] = []
    origin, to = (states.stage_word(case.book, case.kind, name) for name in (case.thing.stage, rule.to))
    items.append((_("From, to"), f"{origin} → {to}"))
    items += guard_facts(rule, case.facts)
    if rule.require:
        items.append(
            (
                _("Rule"),
                [in_words(rule.require, lang=language_tag(), rulebook=case.book), c.Machine(rule.require)],
            )
        )
    items.append((_("Where the rule comes from"), verdicts.source(rule, case.book)))
    if rule.four_eyes:
        items.append((_("Four eyes"), _("You propose; another officer compares and agrees or refuses.")))
    if limit := _starts(case, rule.starts):
        items.append(
            (_("Starts: %(clock)s") % {"clock": words(case.book.clocks[rule.starts or ""].label)}, limit)
        )
    return c.Facts(items=items, title=_("The rule"))


def shown_params(case: Case, params: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Parameters of a proposal in words."""
    labels = {"budget": _("Budget"), "max_leads": _("Leads to appoint"), "closes_at": _("Bids close")}
    rows = []
    for name, value in params.items():
        if told := undoing.shown(case, name, value):
            rows.append(told)
            continue
        text = str(value)
        if name == "closes_at":
            text = cells.until(datetime.fromisoformat(text), case.book.timezone)
            if case.kind == "challenge":
                text = f"{cells.until(case.thing.closes_at, case.book.timezone)} → {text}"
        if name == "budget":
            text = f"{case.book.currency} {text}"
        rows.append((labels.get(name, name), text))
    return rows


def _offer(case: Case, command: str) -> Offer:
    found = [offer for offer in case.offers if offer.command == command]
    if not found:
        raise Http404
    return next((offer for offer in found if not offer.reasons), found[0])


def _perform(request: HttpRequest, case: Case, offer: Offer) -> Outcome:
    params: dict[str, Any] = {}
    for field in fields_of(case, offer):
        if field.kind == "checkboxes":
            value: Any = request.POST.getlist(field.name)
        else:
            value = _typed(case, field, request.POST.get(field.name, "").strip())
        if value and field.name != "why":
            put(params, field.name.split("."), value)
    given = {"kind": case.kind, "number": case.thing.number, "command": offer.command, "params": params}
    return act(request, "move", {**given, "why": request.POST.get("why", "")})


def put(params: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """`placings.B-1.outcome` is the outcome of B-1 in the placings: inputs are named by their place."""
    for name in path[:-1]:
        params = params.setdefault(name, {})
    params[path[-1]] = value


def _typed(case: Case, field: c.Field, value: str) -> str:
    """A time without a zone is the programme's own; a number may be grouped, or counted in 万."""
    if field.kind == "number":
        return digits(value)
    if field.kind != "datetime-local" or not value:
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return moment.replace(tzinfo=moment.tzinfo or ZoneInfo(case.book.timezone)).isoformat()


def _parts(case: Case, offer: Offer, outcome: Outcome | None, fields: list[c.Field]) -> dict[str, Any]:
    label = words(offer.move.label)
    table = case.book.lifecycles[case.kind]
    return {
        "crumbs": crumbs(case, list_name=list_name(case.kind), here=label),
        "intro": c.Intro(
            title=label, kicker=f"{case.thing.number} · {preview.title(case)}", next=_next(case, offer)
        ),
        "facts": rule_sheet(case, offer),
        "errors": summary(outcome),
        "fields": fields,
        "why_not": why_not(case, offer),
        "four_eyes": offer.move.four_eyes,
        "label": label,
        "warning": _warning(case, offer, table.stages[offer.move.to].flags),
        "preview": preview.of(case, offer.command),
        "back": case.url,
    }


def list_name(kind: Kind) -> str:
    """The list a case belongs to."""
    return {"need": _("Needs"), "challenge": _("Challenges"), "bid": _("Bids"), "project": _("Projects")}[
        kind
    ]


def _next(case: Case, offer: Offer) -> str:
    stage = states.stage_of(case.book, case.kind, offer.move.to)
    return words(stage.next) if stage else ""


def _warning(case: Case, offer: Offer, flags: Any) -> c.Banner | None:
    if "failure" not in flags:
        return None
    back = any(offer.move.to in move.origin for move in case.book.lifecycles[case.kind].moves.values())
    text = (
        _("This ends the case; it can be taken up again later.")
        if back
        else _("This ends the case and cannot be undone.")
    )
    return c.Banner(text=text, tone="warning")


def _starts(case: Case, name: str | None) -> str | c.Clock:
    limit = due(call_of(case.thing), name, start=case.reader.at, owner_country=country_of(case.thing))
    if limit is None:
        return ""
    made = clock(
        limit.at, call=call_of(case.thing), country=country_of(case.thing), now=case.reader.at,
        provisional=limit.provisional,
    )  # fmt: skip
    return made or ""


def _said(offer: Offer) -> str:
    if offer.move.four_eyes:
        return _("Proposed: %(act)s. Another officer compares and answers.") % {
            "act": words(offer.move.label)
        }
    return _("Done: %(act)s.") % {"act": words(offer.move.label)}


def _onward(case: Case, outcome: Done) -> str:
    return f"/office/proposals/{outcome.answer['proposal']}/" if "proposal" in outcome.answer else case.url


def _closing(case: Case, *, optional: bool) -> c.Field:
    zone = formats.clock_time(case.reader.at, lang=language_tag(), zone=case.book.timezone).split(" ", 1)[1]
    help_text = _("Day and time in %(zone)s.") % {"zone": zone}
    if optional:
        help_text += " " + _("Left empty, the rulebook's time to bid counts from the listing.")
    return c.Field(
        name="closes_at",
        label=_("Bids close"),
        kind="datetime-local",
        help=help_text,
        optional=optional,
        short=True,
    )


def _budget(case: Case, value: Any) -> c.Field:
    return c.Field(
        name="budget", label=_("Budget in %(currency)s") % {"currency": case.book.currency}, kind="number", short=True,
        value="" if value is None else str(value), optional=True,
    )  # fmt: skip


def _listing(case: Case) -> list[c.Field]:
    given = case.thing.content.get("budget")
    fields = [
        _budget(case, given.get("amount") if isinstance(given, Mapping) else given),
        _closing(case, optional=True),
    ]
    return fields + _leads(case)


def _relisting(case: Case) -> list[c.Field]:
    return [_budget(case, case.thing.budget), _closing(case, optional=True), *_leads(case)]


def _leads(case: Case) -> list[c.Field]:
    racing = case.book.racing
    if not (racing and racing.allowed):
        return []
    options = [c.Option(value=str(n), label=str(n)) for n in range(1, racing.max_leads + 1)]
    help_text = _("Above one, leads race: the weak are dropped after a stage.")
    return [
        c.Field(
            name="max_leads",
            label=_("Leads to appoint"),
            kind="select",
            options=options,
            help=help_text,
            short=True,
        )
    ]


def _extension(case: Case) -> list[c.Field]:
    return [_closing(case, optional=False)]


_FIELDS: Mapping[tuple[str, str], Callable[[Case], list[c.Field]]] = {
    ("need", "list_challenge"): _listing,
    ("challenge", "extend"): _extension,
    ("challenge", "relist"): _relisting,
    ("challenge", "correct_result"): undoing.correction,
    ("challenge", "promote_reserve"): undoing.promotion,
    ("project", "question_award"): undoing.question,
}
