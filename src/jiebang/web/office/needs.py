"""`/office/needs/<number>/`: a need as the office judges it, and the acts around it."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.records.challenges.office import arguments_on, co_owners_of, opinions_on
from jiebang.records.challenges.own import challenges_of, verdicts_of
from jiebang.records.people.office import find_evidence
from jiebang.records.people.own import evidence_of
from jiebang.records.people.queries import people_with
from jiebang.records.people.roles import OFFICERS
from jiebang.records.programme.queries import current_rulebook, programme_zone
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web.desk.gate import only
from jiebang.web.forms import answers
from jiebang.web.office import cells, verdicts
from jiebang.web.office import preview as shown
from jiebang.web.office.case import Case, case_or_404, course, crumbs, intro, limit, shared
from jiebang.web.office.one_form import OneForm, radios, select, serve
from jiebang.web.public import saying
from jiebang.web.public.frame import person_name
from jiebang.web.site import reader_of, words


@only(*OFFICERS, "auditor", "country_desk")
def need(request: HttpRequest, number: str) -> HttpResponse:
    """The whole case on one page."""
    case = case_or_404("need", number, reader_of(request))
    row = case.thing
    form = case.book.forms.get("need")
    found = list(verdicts_of(row))
    judge = bool(case.reader.roles & OFFICERS)
    proofs = evidence_of(row.owner_id)
    parts = {
        **shared(case),
        "crumbs": crumbs(case, list_name=_("Needs")),
        "intro": intro(case, title=shown.title(case), kicker=_kicker(case)),
        "facts": _facts(case),
        "steps": list(answers.by_step(form, row.content, book=case.book)) if form else [],
        "tally": verdicts.tally(found) if found else "",
        "verdicts": verdicts.table(found, case.book),
        "evidence": c.Evidence(
            items=[
                verdicts.evidence(
                    item, case.book, judge=judge and item.given_by_id != _me(case), back=case.url
                )
                for item in proofs
            ]
        )
        if proofs
        else None,
        "arguments": [_argument(item, case.book.timezone) for item in arguments_on(row)],
        "opinions": [_opinion(item, case.book) for item in opinions_on(row)],
        "ask_url": f"{case.url}ask/" if judge else "",
        "challenges": [
            c.Link(item.number, f"/office/challenges/{item.number}/")
            for item in challenges_of(row, reader=case.reader)
        ],
        "course": course(case, begin=_("Begun"), began=row.created_at),
    }
    return render(request, "office/need.html", parts)


@only(*OFFICERS)
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask an expert whether the need is real and fit for a challenge."""
    case = case_or_404("need", number, reader_of(request))
    asked = set(arguments_on(case.thing).values_list("expert_id", flat=True))
    experts = people_with("expert", at=case.reader.at).select_related("expert")
    options = {e.email: _named(e) for e in experts if e.pk not in asked}
    return serve(request, OneForm(
        operation="ask_argument", params=lambda post: {"number": number, "expert": post.get("expert", "")},
        fields=[select("expert", _("Expert"), options)], label=_("Ask this expert"), to=case.url,
        intro=c.Intro(title=_("Ask an expert to argue the need"), kicker=f"{number} · {shown.title(case)}"),
        said=_("The expert was asked."), crumbs=crumbs(case, list_name=_("Needs"), here=_("Ask an expert")),
    ))  # fmt: skip


@only(*OFFICERS)
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Verify or refuse one proof after looking at it."""
    found = find_evidence(pk)
    if found is None:
        raise Http404
    back = request.GET.get("back", "")
    to = back if back.startswith("/office/") else f"/office/organisations/{found.organisation.party.slug}/"
    kinds = {"1": _("It holds"), "0": _("It does not hold")}
    chosen = {"verified": "1", "refused": "0"}.get(found.status, "")
    return serve(
        request,
        OneForm(
            operation="judge_evidence",
            to=to,
            label=_("Record the finding"),
            said=_("The finding is recorded; the rules were asked again."),
            params=lambda post: {
                "evidence": pk,
                "valid": post.get("valid", ""),
                "remark": post.get("remark", "").strip(),
            },
            fields=_finding(found, kinds, chosen),
            intro=c.Intro(
                title=_kind(found),
                kicker=cells.organisation(found.organisation),
                next=_("Only a person says that a proof holds; the machine never does."),
            ),
            above=[("", saying.say(found.text))],
            facts=_evidence_facts(found),
            crumbs=c.Breadcrumbs(
                links=[c.Link(_("My desk"), "/desk/"), c.Link(cells.organisation(found.organisation), to)],
                here=_kind(found),
            ),
        ),
    )


def _me(case: Case) -> int | None:
    return case.reader.person.pk if case.reader.person else None


def _kicker(case: Case) -> str:
    parts = (case.thing.number, cells.country(case.thing.country), cells.sector(case.thing))
    return " · ".join(part for part in parts if part)


def _facts(case: Case) -> c.Facts:
    row = case.thing
    items: list[tuple[str, Any]] = [(_("Owner"), _party(row.owner))]
    others = list(co_owners_of(row))
    if others:
        items.append((_("Owned together with"), [_party(item) for item in others]))
    if row.filed_by:
        items.append((_("Filed by"), _party(row.filed_by)))
    if clock := limit(case):
        rule = case.book.clocks.get(row.due_clock)
        items.append((words(rule.label) if rule else _("By when"), clock))
    items += [
        (_("Call"), words(row.call.title) or row.call.number),
        (_("Submitted"), cells.moment(row.submitted_at, case.book.timezone) or "–"),
        (_("Version"), str(row.revision or "–")),
    ]
    return c.Facts(items=items, title=_("In short"))


def _party(party: Any) -> Any:
    return cells.chip(party, linked=True, placed=True) if hasattr(party, "organisation") else str(party)


def _argument(row: Any, zone: str) -> Mapping[str, Any]:
    if row.given_at is None:
        stamp = c.Stamp(_("Asked"), "waiting")
    else:
        stamp = c.Stamp(_("In favour"), "done") if row.favourable else c.Stamp(_("Against"), "stopped")
    when = cells.moment(row.given_at or row.asked_at, zone)
    return {"name": person_name(row.expert), "stamp": stamp, "when": when, "text": saying.say(row.text)}


def _opinion(row: Any, book: Rulebook) -> Mapping[str, Any]:
    rule = book.opinions.get(row.opinion)
    blocks = [
        words(move.label)
        for move in book.lifecycles["need"].moves.values()
        if rule and move.command in rule.blocks
    ]
    made = dict(_argument_like(row, book.timezone))
    made["name"] = words(rule.label) if rule else row.opinion
    made["by"] = person_name(row.by) if row.by else ""
    made["due"] = cells.until(row.due_at, book.timezone) if row.given_at is None else ""
    made["blocks"] = ", ".join(blocks) if row.given_at is None else ""
    return made


def _argument_like(row: Any, zone: str) -> Mapping[str, Any]:
    if row.given_at is None:
        stamp = c.Stamp(_("Asked"), "waiting")
    else:
        stamp = (
            c.Stamp(_("No objection"), "done") if row.favourable else c.Stamp(_("Reservations"), "stopped")
        )
    return {
        "stamp": stamp,
        "when": cells.moment(row.given_at or row.asked_at, zone),
        "text": saying.say(row.text),
    }


def _named(person: Any) -> str:
    profile = getattr(person, "expert", None)
    fields = ", ".join(str(item) for item in (profile.expertise if profile else [])[:4])
    return f"{person_name(person)} · {fields}" if fields else person_name(person)


def _kind(row: Any) -> str:
    book = current_rulebook()
    term = book.vocabulary.evidence.get(row.kind) if book else None
    return words(term.label) if term else row.kind


def _evidence_facts(row: Any) -> c.Facts:
    zone = programme_zone()
    items: list[tuple[str, Any]] = [(_("Given"), cells.moment(row.given_at, zone))]
    if row.file:
        items.append((_("File"), row.file.name))
    items += [
        (_("Issued"), cells.day(row.issued_on) or "–"),
        (_("Valid until"), cells.day(row.expires_on) or "–"),
    ]
    if row.verified_by and row.verified_at:
        items.append((_("Judged"), f"{row.verified_by.name}, {cells.moment(row.verified_at, zone)}"))
    return c.Facts(items=items)


def _finding(found: Any, kinds: dict[str, str], chosen: str) -> list[c.Field]:
    return [
        radios("valid", _("What did you find?"), kinds, chosen=chosen),
        c.Field(
            name="remark",
            label=_("Remark"),
            kind="textarea",
            optional=True,
            value=found.remark,
            help=_("Needed when it does not hold; the organisation reads it."),
            maxlength=500,
        ),
    ]
