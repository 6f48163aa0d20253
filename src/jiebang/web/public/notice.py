"""`/challenges/<number>/`: the notice, its clocks, its course, its questions."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.decisions import lifecycle
from jiebang.records.awards.queries import draw_on, has_result
from jiebang.records.challenges import queries
from jiebang.records.programme.queries import rulebook
from jiebang.records.projects.queries import projects_of
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.desk.clocks import days_left, worked_in
from jiebang.web.public import saying, states
from jiebang.web.public.course import changed, next_sentence, progress, timeline
from jiebang.web.public.frame import day, moment, page, party, until, zone_of
from jiebang.web.site import language_tag, now_of, reader_of, words


def notice(request: HttpRequest, number: str) -> HttpResponse:
    """One challenge as everybody may read it."""
    return page(request, "public/notice.html", lambda: _parts(request, number))


def challenge_or_404(request: HttpRequest, number: str) -> tuple[Any, Rulebook]:
    """The challenge with its rulebook; 404 for what is not there or not open to this reader."""
    found = queries.find_challenge(number, reader=reader_of(request))
    if found is None:
        raise Http404
    return found, rulebook(found.call.rulebook_id)


def kicker(challenge: Any, book: Rulebook) -> str:
    """`GX-2026-004 · Viet Nam · Agriculture`."""
    sector = book.vocabulary.sectors.get(challenge.sector)
    country = formats.country(challenge.country, lang=language_tag()) if challenge.country else ""
    parts = (challenge.number, country, words(sector.label) if sector else challenge.sector)
    return " · ".join(part for part in parts if part)


def crumbs(challenge: Any, here: str = "") -> c.Breadcrumbs:
    """Where one is: under the board, or under a notice."""
    links = [c.Link(_("Challenges"), "/challenges/")]
    if here:
        links.append(c.Link(challenge.number, f"/challenges/{challenge.number}/"))
    return c.Breadcrumbs(links=links, here=here or challenge.number)


def closing_clock(challenge: Any, book: Rulebook, *, now: Any) -> c.Clock:
    """The closing time on both sides' clocks with the working days that are left."""
    lang = language_tag()
    zone = zone_of(challenge.need.owner.organisation) or book.timezone
    first, second = formats.two_zones(challenge.closes_at, lang=lang, zone=book.timezone, second_zone=zone)
    left = days_left(challenge.closes_at, call=challenge.call, country=challenge.country, now=now)
    closed = challenge.closes_at <= now
    return c.Clock(
        left=_("Closed") if closed else formats.working_days_left(left, lang=lang),
        first=first,
        second=second,
        iso=challenge.closes_at.isoformat(),
        urgency="" if closed or left > 5 else "soon",
        provisional=challenge.due_provisional and not closed,
        worked=("", "") if closed else worked_in(call=challenge.call, country=challenge.country),
    )


def _parts(request: HttpRequest, number: str) -> Mapping[str, Any]:
    challenge, book = challenge_or_404(request, number)
    form, now = book.forms.get("need"), now_of(request)
    answers = list(saying.sections(form, challenge.content, book=book)) if form else []
    return {
        "crumbs": crumbs(challenge),
        "intro": _intro(challenge, book),
        "lifecycle": progress(challenge, kind="challenge", book=book),
        "sections": [(label, _without_title(form, rows)) for label, rows in answers],
        "timeline": timeline(
            challenge, kind="challenge", book=book, begin=_("Posted"), began=challenge.listed_at, now=now
        ),
        "facts": _facts(request, challenge, book),
        **_questions(challenge, book, now=now),
        **_acts(request, challenge, book),
    }


def _intro(challenge: Any, book: Rulebook) -> c.Intro:
    return c.Intro(
        title=words(challenge.title), kicker=kicker(challenge, book), lang=states.label_language(challenge.title),
        stamp=states.stamp(book, "challenge", challenge.stage), changed=changed(challenge, book=book),
        next=next_sentence(challenge, kind="challenge", book=book),
    )  # fmt: skip


def _without_title(form: Any, rows: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The title and the sector stand in the head of the page already."""
    heads = {words(form.fields[name].label) for name in ("title", "sector") if name in form.fields}
    return [(label, shown) for label, shown in rows if label not in heads]


def _facts(request: HttpRequest, challenge: Any, book: Rulebook) -> c.Facts:
    now = now_of(request)
    items: list[tuple[str, Any]] = [(_("Bids close"), closing_clock(challenge, book, now=now))]
    if challenge.budget is not None:
        money = saying.amount_of(challenge.budget, challenge.currency)
        items.append(
            (
                _("Budget"),
                c.Money(
                    text=money, basis=_("announced %(day)s") % {"day": day(challenge.listed_at, book=book)}
                ),
            )
        )
    items.append((_("Demand owner"), party(challenge.need.owner.organisation)))
    if challenge.questions_until:
        items.append((_("Questions until"), until(challenge.questions_until, book=book)))
    if challenge.max_leads > 1:
        text = ngettext("up to %(n)s team", "up to %(n)s teams in a race", challenge.max_leads)
        items.append((_("Appointed"), text % {"n": challenge.max_leads}))
    if (row := draw_of_lottery(challenge, book)) is not None:
        items.append((_("List for the draw, SHA-256"), row.list_hash))
        items.append((_("Committed"), moment(row.committed_at, book=book)))
    items.append(
        (
            _("Rules"),
            c.EvidenceItem(
                title=_("%(title)s, version %(version)s")
                % {"title": words(book.title), "version": book.version},
                url="/programme/",
            ),
        )
    )
    return c.Facts(items=items, title=_("At a glance"))


def draw_of_lottery(challenge: Any, book: Rulebook) -> Any:
    """The draw of a challenge whose rulebook draws; None where none was committed."""
    lots = book.award is not None and book.award.rule == "lottery"
    return draw_on(challenge.pk) if lots else None


def _questions(challenge: Any, book: Rulebook, *, now: Any) -> dict[str, Any]:
    answered = [
        {
            "question": saying.say(row.text),
            "answer": saying.say(row.answer),
            "when": day(row.answered_at, book=book),
        }
        for row in queries.answered_questions(challenge)
    ]
    flags = lifecycle.flags(book, kind="challenge", stage=challenge.stage)
    open_now = "takes_questions" in flags and (
        not challenge.questions_until or now < challenge.questions_until
    )
    return {"questions": answered, "waiting": queries.open_questions(challenge), "may_ask": open_now}


def _acts(request: HttpRequest, challenge: Any, book: Rulebook) -> dict[str, Any]:
    reader = reader_of(request)
    flags = lifecycle.flags(book, kind="challenge", stage=challenge.stage)
    result = has_result(challenge, reader=reader)
    return {
        "number": challenge.number,
        "may_bid": "takes_bids" in flags and challenge.closes_at > reader.at,
        "result_url": f"/challenges/{challenge.number}/result/" if result else "",
        "before": challenge.relisted_from,
        "after": getattr(challenge, "relisted_as", None),
        "projects": [
            (project.number, states.stamp(book, "project", project.stage))
            for project in projects_of(challenge.pk, reader=reader)
        ] if result else [],
    }  # fmt: skip
