"""Needs to argue, and standing interests to declare."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.operations.statements import texts_of
from jiebang.records.access import Reader
from jiebang.records.challenges.office import arguments_of, find_need
from jiebang.records.programme.queries import rulebook
from jiebang.records.reviews.experts import links_of
from jiebang.web import components as c
from jiebang.web.desk.clocks import clock
from jiebang.web.desk.gate import only
from jiebang.web.experts.profile import link_fields, links_table, typed_link
from jiebang.web.forms import answers
from jiebang.web.office import cells
from jiebang.web.office.one_form import OneForm, radios, serve
from jiebang.web.office.preview import public_form
from jiebang.web.public import saying
from jiebang.web.site import language_tag, reader_of, words


@only("expert")
def need(request: HttpRequest, number: str) -> HttpResponse:
    """Read a need and say in writing whether it is real and fit for a challenge."""
    reader = reader_of(request)
    row = arguments_of(reader.person).filter(need__number=number).first()
    found = find_need(number, reader=reader)
    if row is None or found is None:
        raise Http404
    book = rulebook(found.call.rulebook_id)
    form = book.forms.get("need")
    blocks: list[tuple[str, Any]] = (
        list(answers.by_step(public_form(form), found.content, book=book)) if form else []
    )
    intro, crumbs, facts = _frame(found, reader)
    return serve(
        request,
        OneForm(
            operation="give_argument",
            above=[*_given(row), *blocks],
            closed=row.given_at is not None,
            intro=intro,
            crumbs=crumbs,
            facts=facts,
            label=_("Give this opinion"),
            to="/reviews/",
            params=lambda post: {
                "number": number,
                "favourable": post.get("favourable", ""),
                "text": post.get("text", "").strip(),
                "lang": language_tag(),
            },
            fields=_arguing(),
            said=_("Your opinion is given."),
        ),
    )


@only("expert")
def interest(request: HttpRequest) -> HttpResponse:
    """Declare a standing link to an organisation or a person; what was declared before stands above."""
    text = c.Field(name="text", label=_("Details"), kind="textarea", optional=True, maxlength=1000)
    known = links_table(links_of(reader_of(request).person))
    return serve(request, OneForm(
        operation="declare_conflict", label=_("Declare"), said=_("Your interest is recorded."), to="/reviews/",
        params=typed_link, fields=[*link_fields(), text], above=[(_("Declared so far"), known)] if known else [],
        intro=c.Intro(
            title=_("Declare an interest"),
            next=_("No bid will be given to you in which this organisation, or one that this person acts for, has a stake."),
        ),
        crumbs=c.Breadcrumbs(links=[c.Link(_("My desk"), "/desk/"), c.Link(_("Reviews"), "/reviews/")], here=_("Interest")),
    ))  # fmt: skip


def _given(row: Any) -> list[tuple[str, Any]]:
    if not row.given_at:
        return []
    said = c.Stamp(_("In favour"), "done") if row.favourable else c.Stamp(_("Against"), "stopped")
    return [(_("Your opinion"), [said]), ("", saying.say(row.text))]


def _arguing() -> list[c.Field]:
    return [
        radios(
            "favourable",
            _("Your opinion"),
            {"1": _("In favour: real and fit for a challenge"), "0": _("Against")},
        ),
        c.Field(name="text", label=_("Why"), kind="textarea", help=_("The office and the owner read it.")),
    ]


def _frame(found: Any, reader: Reader) -> tuple[c.Intro, c.Breadcrumbs, c.Facts]:
    title = words(texts_of(found.content.get("title"))) or found.title
    intro = c.Intro(
        title=title, kicker=f"{found.number} · {cells.country(found.country)} · {cells.sector(found)}",
        next=_("Is the need real, and is it fit for a challenge? Favourable opinions let it go on."),
    )  # fmt: skip
    links = [c.Link(_("My desk"), "/desk/"), c.Link(_("Reviews"), "/reviews/")]
    limit = clock(
        found.due_at, call=found.call, country=found.country, now=reader.at, provisional=found.due_provisional
    )
    items: list[tuple[str, Any]] = [(_("Owner"), cells.chip(found.owner))]
    facts = c.Facts(items=[*items, (_("By when"), limit)] if limit else items)
    return intro, c.Breadcrumbs(links=links, here=found.number), facts
