"""`/office/objections/<number>/`: an objection and its answer, handled by people other than the scorers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.records.awards.office import objections
from jiebang.web import components as c
from jiebang.web.desk.clocks import clock
from jiebang.web.desk.gate import only
from jiebang.web.office import cells
from jiebang.web.office.one_form import OneForm, radios, serve
from jiebang.web.public import saying
from jiebang.web.site import language_tag, now_of, reader_of, words


@only("officer", "second_officer", "auditor")
def objection(request: HttpRequest, number: str) -> HttpResponse:
    """Who objects is shown to those who handle it alone; answered once, with reasons."""
    row = objections(reader=reader_of(request)).filter(number=number).first()
    if row is None:
        raise Http404
    answered = row.status != "open"
    answer = [(_("The answer"), saying.say(row.answer))] if answered else []
    return serve(
        request,
        OneForm(
            operation="answer_objection",
            intro=_intro(row),
            facts=_facts(row, now_of(request)),
            crumbs=_crumbs(row),
            above=[*_first(row), (heading(row), saying.say(row.text)), *answer],
            closed=answered or not reader_of(request).roles & {"officer", "second_officer"},
            label=_("Answer"),
            params=lambda post: {
                "number": number,
                "outcome": post.get("outcome", ""),
                "text": post.get("text", "").strip(),
                "lang": language_tag(),
            },
            fields=[
                radios("outcome", _("Finding"), _outcomes()),
                c.Field(name="text", label=_("Reasons"), kind="textarea", help=_("The objector reads them.")),
            ],
            said=_("The objection is answered."),
            to=f"/office/challenges/{row.challenge.number}/",
        ),
    )


def outcome_stamp(row: Any) -> c.Stamp:
    """Where an objection stands."""
    return (
        c.Stamp(_("Open"), "deciding") if row.status == "open" else c.Stamp(_outcomes()[row.status], "done")
    )


def heading(row: Any) -> str:
    """`Objection O-2026-001`, or `Appeal O-2026-002 against O-2026-001`."""
    if row.appeal_of:
        return _("Appeal %(number)s against %(first)s") % {
            "number": row.number,
            "first": row.appeal_of.number,
        }
    return _("Objection %(number)s") % {"number": row.number}


def _first(row: Any) -> list[tuple[str, Any]]:
    """Of an appeal, the objection and the answer that it is against."""
    first = row.appeal_of
    return (
        [(heading(first), saying.say(first.text)), (_("The answer"), saying.say(first.answer))]
        if first
        else []
    )


def _outcomes() -> dict[str, str]:
    return {"upheld": _("Upheld"), "partly": _("Upheld in part"), "not_upheld": _("Not upheld")}


def _intro(row: Any) -> c.Intro:
    following = (
        _("Answer in writing, with reasons, before the clock runs out.") if row.status == "open" else ""
    )
    return c.Intro(title=heading(row), stamp=outcome_stamp(row), next=following,
                   kicker=f"{row.challenge.number} · {words(row.challenge.title)}")  # fmt: skip


def _facts(row: Any, now: Any) -> c.Facts:
    zone = cells.zone_of(row.challenge)
    items: list[tuple[str, Any]] = [(_("Received"), cells.moment(row.received_at, zone))]
    if row.status == "open" and row.due_at:
        items.append(
            (
                _("Answer by"),
                clock(row.due_at, call=row.challenge.call, country=row.challenge.country, now=now),
            )
        )
    items.append((_("Raised by (confidential)"), row.by.name if row.by else "–"))
    if row.party:
        items.append((_("Acting for"), cells.party(row.party)))
    if row.answered_by:
        items.append((_("Answered"), f"{row.answered_by.name}, {cells.moment(row.answered_at, zone)}"))
    items.append(
        (
            _("Challenge"),
            c.EvidenceItem(title=row.challenge.number, url=f"/office/challenges/{row.challenge.number}/"),
        )
    )
    return c.Facts(items=items)


def _crumbs(row: Any) -> c.Breadcrumbs:
    return c.Breadcrumbs(
        links=[c.Link(_("My desk"), "/desk/"), c.Link(_("Objections"), "/office/objections/")],
        here=row.number,
    )
