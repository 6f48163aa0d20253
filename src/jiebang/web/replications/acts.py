"""The acts on a copy, a form each: agree, measure, adapt, say who gains, confirm in use, give up."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from jiebang.adapters import files
from jiebang.decisions.replication import GIVEN_UP, MEASURED, PROPOSED, TAKES_VALUES
from jiebang.operations.kernel import Act, Done, Outcome, Refused
from jiebang.operations.replica_facts import OWN, stands, unit_of
from jiebang.records.people import own as people
from jiebang.records.replications.queries import find_replica
from jiebang.rules.reasons import Reason, catalogue
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.acting import act, done, render_reason
from jiebang.web.desk.gate import only
from jiebang.web.forms import answers, reading, steps, uploads
from jiebang.web.office import cells
from jiebang.web.office.one_form import OneForm, radios, select, serve, typed
from jiebang.web.public import saying
from jiebang.web.replications import tables
from jiebang.web.replications.page import back, going, kicker, replica_or_404, url
from jiebang.web.replications.tables import Shown
from jiebang.web.site import language_tag, reader_of, words


@only("owner")
def agree(request: HttpRequest, number: str, sha256: str = "") -> HttpResponse:
    """`agree/<hash>/`: the new owner reads what is proposed and agrees to that very text; a changed one is shown anew."""
    with _language(request, number):
        one, _held = _acting(request, number, "owner", state=(PROPOSED,))
        if request.method == "GET" and sha256 != one.row.sha256:
            return HttpResponseRedirect(f"{url(one.row)}agree/{one.row.sha256}/")
        form = one.book.forms.get("replication")
        told: list[tuple[str, Any]] = [
            (label, [part]) for label, part in answers.by_step(form, one.row.content, book=one.book)
        ] if form else []  # fmt: skip
        facts = c.Facts(items=[
            (_("Carried over by"), cells.party(one.row.carrier)), (_("Site"), f"{one.row.site}, {one.country}"),
            (_("Hash"), one.row.sha256),
        ])  # fmt: skip
        return _form(request, one, OneForm(
            operation="agree_replication", fields=[], label=_say("replica.agree_button"), said=_("Agreed."), to=url(one.row),
            params=lambda _post: {"replica": number, "sha256": sha256}, facts=facts,
            above=[*told, (_("What is otherwise here"), tables.adaptations(one)), ("", _decline(one))],
            intro=_head(one, _say("replica.agree_title"), _say("replica.agree_next")),
        ))  # fmt: skip


@only()
def value(request: HttpRequest, number: str) -> HttpResponse:
    """`value/`: one value of one of the origin's indicators."""
    one, held = _acting(request, number, "owner", "carrier", "office", state=TAKES_VALUES)
    side = next(name for name in ("carrier", "owner", "office") if name in held)
    told = {
        "carrier": _("What the carrier measures is shown and decides nothing."),
        "owner": _("Your value is compared with what counts at the origin."),
        "office": _("Record what an independent body measured, with its name."),
    }[side]
    refused, given = _evidence(request, one) if request.method == "POST" else (None, {})
    names = {str(key): one.name(key) for key in one.rules}
    fields = [
        radios("indicator", _("Indicator"), names, chosen=next(iter(names), "") if len(names) == 1 else ""),
        c.Field(name="value", label=_("Measured value"), short=True, inputmode="decimal"),
        c.Field(name="unit", label=_("Unit"), short=True, optional=True, maxlength=60,
                help=_("Leave it empty where it is the origin's unit.")),
        c.Field(name="measured_on", label=_("Measured on"), kind="date", short=True),
        radios("same_method", _("Measured as at the origin?"), {"yes": _("Yes"), "no": _("No")}, chosen="yes",
               help_text=_("What was measured in another way is shown and not compared.")),
        c.Field(name="how", label=_("How it was measured"), kind="textarea"), *_measurer(side),
        c.Field(name="file", label=_("Evidence"), kind="file", optional=True, accept=files.ACCEPTED, help=uploads.accepted()),
    ]  # fmt: skip
    return _form(request, one, OneForm(
        operation="record_replica_value", fields=fields, label=_("Record the value"), said=_("The value is recorded."),
        to=f"{url(one.row)}#values", params=lambda post: _value(post, one, given), names={"evidence": "file"}, refused=refused,
        intro=_head(one, _("Record a measured value"), told),
    ))  # fmt: skip


@only()
def adaptation(request: HttpRequest, number: str) -> HttpResponse:
    """`adaptation/`: one thing that is otherwise here; `?row=` puts an earlier one right."""
    one, _held = _acting(request, number, "owner", "carrier", "origin", "office", open_=True)
    chosen = request.GET.get("row", "")
    row = next((item for item in one.row.adaptations.all() if str(item.order) == chosen), None)
    order = {"order": row.order} if row else {}
    links = [(_("Rows stated so far"), c.Facts(items=[
        (f"{item.order}. {tables.dimension(one.book, item.dimension)}",
         c.EvidenceItem(title=saying.plainly(item.here), url=f"?row={item.order}")) for item in one.row.adaptations.all()
    ]))] if one.row.adaptations.all() and not row else []  # fmt: skip
    return _form(request, one, OneForm(
        operation="state_adaptation", fields=_delta(one, row), label=_("Keep it"), said=_("Recorded."),
        to=f"{url(one.row)}#adaptation", above=links, params=lambda post: {**order, **_stated(post, number)},
        intro=_head(one, _("What is otherwise here"), _("One respect at a time; leave out the change where there was none.")),
    ))  # fmt: skip


@only()
def benefit(request: HttpRequest, number: str) -> HttpResponse:
    """`benefit/`: who gains, and how."""
    one, _held = _acting(request, number, "owner", "carrier", "origin", "office")
    if one.row.state == GIVEN_UP:
        raise Http404
    parties = {item.slug: cells.party(item) for item in _gaining(one)}
    fields = [
        select("organisation", _("Organisation"), {"": _("none: a group of people"), **parties}),
        c.Field(name="group", label=_("Group of people"), optional=True, maxlength=500,
                help=_("Such as: nurses of two hospitals. Never a person's name; the page is public.")),
        c.Field(name="how", label=_("How they gain"), kind="textarea"),
        c.Field(name="amount", label=_("Amount"), short=True, optional=True, inputmode="decimal"),
        c.Field(name="currency", label=_("Currency"), short=True, optional=True, maxlength=3,
                help=_("Three letters, such as CNY or VND.")),
        select("basis", _("What the amount rests on"), {"": "–", **tables.basis_words()}),
        c.Field(name="as_of", label=_("As of"), kind="date", short=True),
    ]  # fmt: skip
    plain = typed("organisation", "group", "how", "basis", "as_of")
    return _form(request, one, OneForm(
        operation="state_benefit", fields=fields, label=_("Keep it"), said=_("Recorded."), to=f"{url(one.row)}#gains",
        params=lambda post: {"replica": number, "lang": language_tag(), **plain(post), **_money(post, "amount")},
        intro=_head(one, _("Who gains from it"), _("An organisation or a group of people; an amount only where there is one.")),
    ))  # fmt: skip


@only("owner")
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """`confirm/`: the new owner's own word, asked in its language where the rulebook has it."""
    with _language(request, number):
        one, _held = _acting(request, number, "owner", state=(MEASURED,))
        if "replica_confirmation" not in one.book.forms:
            raise Http404
        sheet = _paper(request, one)
        outcome = None
        if request.method == "POST":
            sheet = steps.posted(request, sheet)
        if steps.is_sent(request, sheet):
            outcome = act(request, "confirm_replication", {"replica": number, "content": sheet.content})
        if isinstance(outcome, Done):
            return done(request, outcome, text=_say("replica.thanks"), to=url(one.row))
        before = tables.comparison(one)
        return steps.one_page(
            request,
            sheet,
            next_=_say("replica.next"),
            button=_say("replica.button"),
            outcome=outcome,
            before=before,
        )


@only()
def give_up(request: HttpRequest, number: str) -> HttpResponse:
    """`give-up/`: an end before use, with why."""
    one, _held = _acting(request, number, "owner", "carrier", "origin", "office", open_=True)
    told = _("The other side reads it; once the owner had agreed, the public too.")
    fields = [c.Field(name="why", label=_("Why"), kind="textarea", help=told)]
    return _form(request, one, OneForm(
        operation="give_up_replication", fields=fields, label=_("Give it up"), said=_("It is given up."), to=url(one.row),
        params=lambda post: {"replica": number, "lang": language_tag(), **typed("why")(post)},
        intro=_head(one, _("Give it up"), _("This cannot be undone; the copy stays on record with its reason.")),
    ))  # fmt: skip


def _decline(one: Shown) -> c.Banner:
    link = c.Link(_("Decline and say why"), f"{url(one.row)}give-up/")
    return c.Banner(text=_("Your organisation need not take it."), link=link)


def _acting(
    request: HttpRequest, number: str, *roles: str, state: tuple[str, ...] = (), open_: bool = False
) -> tuple[Shown, frozenset[str]]:
    """The copy for those who stand to it so, in one of these states; the same 404 for all others."""
    one = replica_or_404(request, number)
    held = stands(Act(reader_of(request)), one.row)
    fits = not state or one.row.state in state
    if not held & set(roles) or not fits or (open_ and not going(one.row)):
        raise Http404
    return one, held


def _form(request: HttpRequest, one: Shown, made: OneForm) -> HttpResponse:
    links = [*back(one, reader_of(request)), c.Link(one.row.number, url(one.row))]
    return serve(request, replace(made, crumbs=c.Breadcrumbs(links=links, here=made.intro.title)))


def _head(one: Shown, heading: str, next_: str) -> c.Intro:
    return c.Intro(
        title=heading, kicker=f"{kicker(one)} · {words(one.row.project.challenge.title)}", next=next_
    )


def _measurer(side: str) -> list[c.Field]:
    if side != "office":
        return []
    return [
        c.Field(
            name="measurer",
            label=_("Body that measured"),
            maxlength=200,
            help=_("An institution, not a person."),
        )
    ]


def _value(post: QueryDict, one: Shown, evidence: Mapping[str, Any]) -> dict[str, Any]:
    plain = typed("indicator", "measured_on", "how", "measurer")(post)
    own = unit_of(dict(one.rules.get(plain.get("indicator", ""), {})))
    return {
        "replica": one.row.number, "lang": language_tag(), **plain, "value": str(reading.number(post.get("value", ""))),
        "unit": post.get("unit", "").strip() or own, "same_method": post.get("same_method") != "no", **evidence,
    }  # fmt: skip


def _evidence(request: HttpRequest, one: Shown) -> tuple[Outcome | None, dict[str, Any]]:
    upload = request.FILES.get("file")
    if upload is None:
        return None, {}
    reader = reader_of(request)
    mine = reader.acting_for(*OWN)
    own = next((item.slug for item in (one.row.owner, one.row.carrier) if item.pk in mine), "")
    office = next(iter(people.acted_for(reader=reader, roles=("officer", "second_officer"))), None)
    kept = uploads.keep(request, upload, organisation=own or (office.party.slug if office else ""))
    return (Refused(kept), {}) if isinstance(kept, tuple) else (None, {"evidence": kept["sha256"]})


def _delta(one: Shown, row: Any) -> list[c.Field]:
    rule = one.book.replication
    known = {key: words(item.label) for key, item in rule.dimensions.items()} if rule else {}
    said = {name: saying.plainly(getattr(row, name)) if row else "" for name in ("origin", "here", "change")}
    texts = {
        "origin": _("How it was at the origin"),
        "here": _("How it is here"),
        "change": _("What had to be changed"),
    }
    return [
        radios("dimension", _("In respect of"), known, chosen=row.dimension if row else ""),
        *(c.Field(name=name, label=label, kind="textarea", value=said[name], optional=name == "change")
          for name, label in texts.items()),
        c.Field(name="cost", label=_("What it cost"), short=True, optional=True, inputmode="decimal",
                value=f"{row.cost.normalize():f}" if row and row.cost is not None else ""),
        c.Field(name="currency", label=_("Currency"), short=True, optional=True, maxlength=3, value=row.currency if row else "",
                help=_("Three letters, such as CNY or VND.")),
        c.Field(name="days", label=_("Days of work"), short=True, optional=True, inputmode="numeric",
                value=str(row.days) if row and row.days is not None else ""),
    ]  # fmt: skip


def _stated(post: QueryDict, number: str) -> dict[str, Any]:
    return {
        "replica": number, "lang": language_tag(), **typed("dimension", "origin", "here", "change", "days")(post),
        **_money(post, "cost"),
    }  # fmt: skip


def _money(post: QueryDict, name: str) -> dict[str, Any]:
    given = {"currency": post.get("currency", "").strip().upper()}
    amount = post.get(name, "").strip()
    return {**given, name: str(reading.number(amount))} if amount else given


def _gaining(one: Shown) -> list[Any]:
    project = one.row.project
    found = [one.row.owner, one.row.carrier, project.challenge.need.owner, project.bid.consortium.lead]
    return list({item.pk: item for item in found}.values())


def _paper(request: HttpRequest, one: Shown) -> steps.Paper:
    links = [*back(one, reader_of(request)), c.Link(one.row.number, url(one.row))]
    return steps.Paper(
        form=one.book.forms["replica_confirmation"], content={}, book=one.book, address=url(one.row), crumbs=links,
        title=_say("replica.title"), kicker=kicker(one), organisation=one.row.owner.slug,
    )  # fmt: skip


def _say(code: str) -> str:
    """A few words that the catalogue has in more languages than the interface."""
    return render_reason(Reason(code))


def _language(request: HttpRequest, number: str) -> AbstractContextManager[Any]:
    """The language of the new owner's country where the page can say it, unless the reader chose another in the address."""
    chosen = request.GET.get("lang", "").lower() in {code.lower() for code, _name in settings.LANGUAGES}
    row = None if chosen else find_replica(number, reader=reader_of(request))
    tag = formats.official_language(row.country, among=catalogue()["replica.title"]) if row else ""
    return translation.override(tag.lower() or translation.get_language() or "en")
