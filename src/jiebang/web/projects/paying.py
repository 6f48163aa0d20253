"""Under `/projects/<number>/money/`: pay and confirm, add and spend money, reckon a subsidy, record a repayment."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.decisions.money import Money
from jiebang.decisions.paying import in_the_way
from jiebang.decisions.subsidy import Claim
from jiebang.operations.amounts import amount_in
from jiebang.operations.funding import left_of, reckoned
from jiebang.operations.kernel import Act, Done, Refused, Stop
from jiebang.operations.payments import standing_of
from jiebang.operations.things import at_work
from jiebang.records.ledger import queries
from jiebang.records.people.queries import organisations
from jiebang.records.people.roles import OFFICERS
from jiebang.records.projects.office import find_instalment
from jiebang.rules.reasons import Reason
from jiebang.web import components as c
from jiebang.web.acting import act, bound, done, render_reason, summary
from jiebang.web.desk.gate import only
from jiebang.web.office import cells
from jiebang.web.office.one_form import OneForm, radios, select, typed
from jiebang.web.projects.money import account_name, fund_name, room_of, today_in
from jiebang.web.projects.room import Room, form, head
from jiebang.web.site import words


@only(*OFFICERS)
def pay(request: HttpRequest, number: str, order: int) -> HttpResponse:
    """Propose or record a payment; or, where another officer proposed it, confirm or refuse it."""
    room = room_of(request, number)
    part = find_instalment(room.row, order)
    if part is None:
        raise Http404
    waiting = queries.open_orders(room.row).get(part.pk)
    if waiting is not None:
        return _confirm(request, room, part, waiting)
    four_eyes = bool(room.book.money and room.book.money.four_eyes)
    wanted = typed("paid_on", "reference")
    return form(request, room, "money", OneForm(
        operation="pay_instalment", params=lambda post: {"project": number, "order": order, **wanted(post)},
        fields=[_day(room, "paid_on", _("Paid on")), _reference()], why_not=_why_not(room, part, today_in(room)),
        intro=head(room, f"{words(part.label)}: {cells.money(part.amount, room.row.currency)}",
                   _("Another officer confirms it.") if four_eyes else ""),
        label=_("Propose the payment") if four_eyes else _("Record the payment"),
        said=_("Proposed; another officer confirms it.") if four_eyes else _("The payment is recorded."),
        to=f"{room.url}money/",
    ))  # fmt: skip


@only(*OFFICERS, "lead", "partner")
def add_source(request: HttpRequest, number: str) -> HttpResponse:
    """Say what a source gives, announced or signed."""
    room = room_of(request, number)
    rule = room.book.money
    if rule is None or not rule.sources or room.ended:
        raise Http404
    office = bool(room.reader.roles & OFFICERS)
    sources = {key: words(item.label) for key, item in rule.sources.items() if office or item.by in room.held}
    if not sources:
        raise Http404
    wanted = typed("source", "organisation", "amount", "currency", "basis", "stated_on")
    fields = [
        radios("source", _("Source"), sources, chosen=next(iter(sources))),
        *_whose(room, office),
        c.Field(name="amount", label=_("Amount"), short=True, inputmode="decimal"),
        c.Field(
            name="currency",
            label=_("Currency"),
            short=True,
            maxlength=3,
            value=room.row.currency,
            help=_("Such as CNY or VND"),
        ),
        radios(
            "basis",
            _("On which basis"),
            {"announced": account_name("awarded"), "signed": account_name("signed")},
            chosen="announced",
        ),
        _day(room, "stated_on", _("Of which day")),
    ]
    return form(request, room, "money", OneForm(
        operation="state_fund", params=lambda post: {"project": number, **wanted(post)}, fields=fields,
        intro=head(room, _("Add money of a source"), _("What is entered stays in the book; more can be added later.")),
        label=_("Enter it"), said=_("It is entered in the book."), to=f"{room.url}money/",
    ))  # fmt: skip


@only("lead", "partner")
def spend(request: HttpRequest, number: str) -> HttpResponse:
    """Record what was spent of one's own money."""
    room = room_of(request, number)
    mine = room.reader.acting_for("lead", "partner")
    funds = [item for item in queries.funds(room.row) if item.party_id in mine]
    if not funds or room.ended:
        raise Http404
    options = {str(item.pk): f"{fund_name(room, item)} ({_left(item)})" for item in funds}
    wanted = typed("fund", "amount", "spent_on", "reference")
    fields = [
        radios("fund", _("From which money"), options, chosen=next(iter(options))),
        c.Field(name="amount", label=_("Amount"), short=True, inputmode="decimal"),
        _day(room, "spent_on", _("Spent on")),
        c.Field(name="reference", label=_("What for, and the number of the document"), maxlength=100),
    ]
    return form(request, room, "money", OneForm(
        operation="spend_fund", params=lambda post: {"project": number, "reference": "", **wanted(post)}, fields=fields,
        intro=head(room, _("Record what was spent")), label=_("Record it"), said=_("It is entered in the book."),
        to=f"{room.url}money/",
    ))  # fmt: skip


@only(*OFFICERS)
def repay(request: HttpRequest, number: str) -> HttpResponse:
    """Record money that came back."""
    room = room_of(request, number)
    if not list(queries.debts(room.row)):
        raise Http404
    wanted = typed("amount", "received_on", "reference")
    fields = [
        c.Field(name="amount", label=_("Amount"), short=True, inputmode="decimal"),
        _day(room, "received_on", _("Received on")), _reference(),
    ]  # fmt: skip
    return form(request, room, "money", OneForm(
        operation="record_repayment", params=lambda post: {"project": number, **wanted(post)}, fields=fields,
        intro=head(room, _("Record a repayment")), label=_("Record it"), said=_("The repayment is recorded."),
        to=f"{room.url}money/",
    ))  # fmt: skip


@only(*OFFICERS)
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """Reckon a subsidy: the steps are shown first, then it is granted as it was shown."""
    room = room_of(request, number)
    rule = room.book.money.after_subsidy if room.book.money else None
    if rule is None:
        raise Http404
    given = {
        name: str(request.POST.get(name, "")).strip()
        for name in ("contract", "first_day", "last_day", "settled")
    }
    outcome, found = None, None
    if request.method == "POST":
        found = _reckoned(room, given)
    if request.POST.get("grant") and isinstance(found, Claim):
        outcome = act(request, "claim_subsidy", {"project": number, **given})
        if isinstance(outcome, Done):
            return done(
                request,
                outcome,
                text=_("Granted; it is due now and paid like an instalment."),
                to=f"{room.url}money/",
            )
    shown = outcome if outcome is not None else found if isinstance(found, Refused) else None
    fields = _claim_fields(room)
    parts = {
        "crumbs": c.Breadcrumbs(
            links=[c.Link(number, room.overview), c.Link(_("Money"), f"{room.url}money/")],
            here=words(rule.label),
        ),
        "intro": head(
            room, words(rule.label), _("First you see how it comes about; nothing is granted before.")
        ),
        "errors": summary(shown, fields=fields),
        "fields": bound(fields, request.POST, shown),
        "back": f"{room.url}money/",
        "steps": [render_reason(step) for step in found.steps] if isinstance(found, Claim) else [],
    }
    return render(request, "projects/claim.html", parts)


@only()
def claimed(request: HttpRequest, number: str, order: int) -> HttpResponse:
    """How a granted subsidy came about, step by step as it was reckoned then."""
    room = room_of(request, number)
    row = next((item for item in queries.claims(room.row) if item.instalment.order == order), None)
    if row is None:
        raise Http404
    steps = [render_reason(Reason(step["code"], step["params"])) for step in row.steps]
    parts = {
        "crumbs": c.Breadcrumbs(
            links=[c.Link(number, room.overview), c.Link(_("Money"), f"{room.url}money/")], here=row.contract
        ),
        "intro": head(room, row.contract, ""),
        "fields": [],
        "steps": steps,
        "back": f"{room.url}money/",
        "facts": c.Facts(
            items=[
                (_("Settled"), cells.money(row.settled, row.currency)),
                (_("From"), cells.day(row.first_day)),
                (_("To"), cells.day(row.last_day)),
                (_("Reckoned by"), f"{row.by.name}, {cells.moment(row.at, room.book.timezone)}"),
            ]
        ),
    }
    return render(request, "projects/claim.html", parts)


def _confirm(request: HttpRequest, room: Room, part: Any, waiting: Any) -> HttpResponse:
    options = {"1": _("Confirm: the money was paid as proposed"), "0": _("Refuse")}
    facts = c.Facts(items=[
        (_("Amount"), cells.money(part.amount, room.row.currency)), (_("Paid on"), cells.day(waiting.paid_on)),
        (_("Reference"), waiting.reference or "–"),
        (_("Proposed by"), f"{waiting.proposed_by.name}, {cells.moment(waiting.proposed_at, room.book.timezone)}"),
    ])  # fmt: skip
    own = waiting.proposed_by == room.reader.person
    why_not = (
        [_("You proposed it; another officer confirms.")] if own else _why_not(room, part, waiting.paid_on)
    )
    fields = [
        radios("agree", _("Your answer"), options, chosen="1"),
        c.Field(
            name="why",
            label=_("Why"),
            kind="textarea",
            optional=True,
            maxlength=500,
            help=_("Needed when you refuse."),
        ),
    ]

    def params(post: QueryDict) -> Mapping[str, Any]:
        return {
            "project": room.number,
            "order": part.order,
            "agree": post.get("agree", ""),
            "why": post.get("why", ""),
        }

    return form(request, room, "money", OneForm(
        operation="confirm_payment", params=params, fields=fields, facts=facts, why_not=why_not,
        intro=head(room, _("Confirm a payment: %(part)s") % {"part": words(part.label)}), label=_("Send the answer"),
        said=lambda outcome: _("The payment is recorded.") if outcome.answer["paid"] else _("The payment is refused."),
        to=f"{room.url}money/",
    ))  # fmt: skip


def _why_not(room: Room, part: Any, paid_on: date) -> list[str]:
    """What is in the way now, before anybody presses."""
    standing = standing_of(Act(room.reader), room.row, part, paid_on=paid_on)
    return [render_reason(item) for item in in_the_way(standing)]


def _whose(room: Room, office: bool) -> list[c.Field]:
    parties = at_work(room.row)
    mine = parties if office else parties & room.reader.acting_for("lead", "partner")
    if len(mine) < 2:
        return []
    found = organisations().filter(party__in=mine)
    options = {
        "": _("The lead, or the programme"),
        **{item.party.slug: cells.organisation(item) for item in found},
    }
    return [select("organisation", _("Whose money it is"), options)]


def _left(fund: Any) -> str:
    return _("%(amount)s left") % {"amount": cells.money(left_of(fund), fund.currency)}


def _reckoned(room: Room, given: Mapping[str, str]) -> Claim | Refused:
    """The claim that was typed, or what is wrong with it."""
    try:
        days = (date.fromisoformat(given["first_day"]), date.fromisoformat(given["last_day"]))
    except ValueError:
        return Refused((Reason("request.not_a_day", {"field": "first_day"}),))
    if not given["contract"]:
        return Refused((Reason("request.missing", {"field": "contract"}),))
    try:
        settled = Money(amount_in(given["settled"], room.row.currency, field="settled"), room.row.currency)
        return reckoned(room.row, settled, contract=days)
    except Stop as stop:
        return Refused(stop.reasons)


def _claim_fields(room: Room) -> list[c.Field]:
    return [
        c.Field(name="contract", label=_("Number of the contract"), maxlength=100),
        c.Field(name="first_day", label=_("First day of the contract"), kind="date", short=True),
        c.Field(name="last_day", label=_("Last day of the contract"), kind="date", short=True),
        c.Field(
            name="settled",
            label=_("Cost settled, in %(currency)s") % {"currency": room.row.currency},
            short=True,
            inputmode="decimal",
        ),
    ]


def _day(room: Room, name: str, label: str) -> c.Field:
    return c.Field(name=name, label=label, kind="date", short=True, value=today_in(room).isoformat())


def _reference() -> c.Field:
    return c.Field(name="reference", label=_("Reference of the payment"), optional=True, maxlength=100)
