"""A department's cases: what its named opinion is asked on, with a clock; give it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations.effects_needs import public_content
from jiebang.operations.things import Thing, book_of, call_of, kind_of, need_of
from jiebang.records.challenges.office import opinions_asked
from jiebang.web import components as c
from jiebang.web.desk.clocks import clock
from jiebang.web.desk.department import scopes, thing_of
from jiebang.web.desk.gate import only
from jiebang.web.desk.items import waiting_words
from jiebang.web.forms import answers
from jiebang.web.office import cells
from jiebang.web.office.one_form import OneForm, radios, serve
from jiebang.web.office.preview import public_form
from jiebang.web.public import saying
from jiebang.web.public.states import stamp
from jiebang.web.site import now_of, reader_of, words


@only("department")
def opinions(request: HttpRequest) -> HttpResponse:
    """All opinions asked of the reader's departments, open ones first."""
    rows = list(opinions_asked(scopes(reader_of(request))))
    columns = [c.Column(label=text) for text in (_("Case"), _("Opinion"), _("State"), _("By when"))]
    made = [_row(row, request) for row in rows]
    waiting = sum(1 for row in rows if row.given_at is None)
    parts = {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("My desk"), "/desk/")], here=_("Opinions")),
        "intro": c.Intro(title=_("Opinions"), next=waiting_words(waiting)),
        "above": [
            (
                "",
                c.DataTable(columns=columns, rows=made)
                if made
                else c.EmptyState(title=_("No opinion was asked yet")),
            )
        ],
    }
    return render(request, "office/reading.html", parts)


@only("department")
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """The case as it will be public, and the form for the opinion."""
    row = opinions_asked(scopes(reader_of(request))).filter(pk=pk).first()
    if row is None:
        raise Http404
    thing = thing_of(row)
    crumbs = c.Breadcrumbs(
        links=[c.Link(_("My desk"), "/desk/"), c.Link(_("Opinions"), "/office/opinions/")], here=thing.number
    )
    return serve(
        request,
        OneForm(
            operation="give_opinion",
            above=[*_given(row), *_case(thing)],
            closed=row.given_at is not None,
            intro=_intro(row, thing),
            facts=_facts(row, thing, request),
            crumbs=crumbs,
            label=_("Give the opinion"),
            params=lambda post: {
                "opinion": pk,
                "favourable": post.get("favourable", ""),
                "text": post.get("text", "").strip(),
            },
            fields=_giving(),
            said=_("The opinion is given."),
            to="/office/opinions/",
        ),
    )


def _row(row: Any, request: HttpRequest) -> list[c.Cell]:
    thing = thing_of(row)
    done = c.Stamp(_("Given"), "done") if row.given_at else c.Stamp(_("Asked"), "waiting")
    made = (
        None
        if row.given_at
        else clock(row.due_at, call=call_of(thing), country=need_of(thing).country, now=now_of(request))
    )
    rule = book_of(thing).opinions.get(row.opinion)
    return [
        c.Cell(f"{thing.number} · {_title(thing)}", f"/office/opinions/{row.pk}/"),
        c.Cell(words(rule.label) if rule else row.opinion),
        c.Cell(part=done),
        c.Cell(part=made) if made else c.Cell("–"),
    ]


def _title(thing: Thing) -> str:
    need = need_of(thing)
    return saying.plainly(need.content.get("title")) or need.title


def _intro(row: Any, thing: Thing) -> c.Intro:
    book = book_of(thing)
    rule = book.opinions.get(row.opinion)
    blocked = [
        words(m.label)
        for m in book.lifecycles[kind_of(thing)].moves.values()
        if rule and m.command in rule.blocks
    ]
    following = (
        _("While it is open this waits: %(what)s.") % {"what": ", ".join(blocked)}
        if blocked and not row.given_at
        else ""
    )
    return c.Intro(title=words(rule.label) if rule else row.opinion, kicker=f"{thing.number} · {_title(thing)}",
                   next=following, stamp=stamp(book, kind_of(thing), thing.stage))  # fmt: skip


def _facts(row: Any, thing: Thing, request: HttpRequest) -> c.Facts:
    need = need_of(thing)
    items: list[tuple[str, Any]] = [(_("Owner"), cells.chip(need.owner, placed=True))]
    if row.due_at and not row.given_at:
        items.append(
            (_("By when"), clock(row.due_at, call=call_of(thing), country=need.country, now=now_of(request)))
        )
    zone = book_of(thing).timezone
    items.append((_("Asked"), cells.moment(row.asked_at, zone)))
    if row.by:
        items.append((_("Given"), f"{row.by.name}, {cells.moment(row.given_at, zone)}"))
    return c.Facts(items=items)


def _case(thing: Thing) -> list[tuple[str, Any]]:
    """What the department is asked about: no more than the public will read."""
    need, book = need_of(thing), book_of(thing)
    form = book.forms.get("need")
    return list(answers.by_step(public_form(form), public_content(need), book=book)) if form else []


def _given(row: Any) -> list[tuple[str, Any]]:
    if not row.given_at:
        return []
    said = c.Stamp(_("No objection"), "done") if row.favourable else c.Stamp(_("Reservations"), "stopped")
    return [(_("The opinion given"), [said]), ("", saying.say(row.text))]


def _giving() -> list[c.Field]:
    return [
        radios("favourable", _("Our opinion"), {"1": _("No objection"), "0": _("Reservations")}),
        c.Field(
            name="text",
            label=_("Reasons and conditions"),
            kind="textarea",
            help=_("It stands in the case under your name."),
        ),
    ]
