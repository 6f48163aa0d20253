"""`/reviews/<id>/`: declare first, then the bid, then scores; saved as one writes, signed once."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiebang.operations.facts import indicators
from jiebang.operations.interests import told
from jiebang.operations.kernel import Done, Outcome
from jiebang.operations.things import book_of
from jiebang.records.bids.queries import may_read_content, partners_on
from jiebang.records.bundles import amount_of, sent_content
from jiebang.records.reviews.experts import blocks_on_bids
from jiebang.records.reviews.queries import assignments_of
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.acting import act, bound, done, key_of, new_key, render_reason, summary
from jiebang.web.desk.clocks import clock
from jiebang.web.desk.gate import only
from jiebang.web.experts import scoring
from jiebang.web.experts.listing import is_open
from jiebang.web.forms import answers
from jiebang.web.office import cells
from jiebang.web.office.judged import review_block, status
from jiebang.web.office.one_form import OneForm, radios, serve
from jiebang.web.site import language_tag, reader_of, words


@only("expert")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one assignment as far as it has come."""
    row = mine(request, pk)
    if row.status == "asked" and is_open(row):
        return _declare(request, row)
    if row.status in ("declared", "draft") and is_open(row) and not _blocks(row):
        return _score(request, row)
    return render(request, "experts/read.html", _signed(request, row))


@require_POST
@only("expert")
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """What htmx sends while one writes: save, and say so in one line."""
    row = mine(request, pk)
    outcome = act(request, "save_review", scoring.params(row, book_of(row.bid), request.POST), key=new_key())
    if isinstance(outcome, Done):
        when = formats.clock_time(reader_of(request).at, lang=language_tag(), zone=book_of(row.bid).timezone)
        return HttpResponse(_("Saved at %(when)s") % {"when": when})
    return render(
        request, "experts/not_saved.html", {"reasons": [render_reason(item) for item in outcome.reasons]}
    )


@only("expert")
def recuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Step aside, with the reason."""
    row = mine(request, pk)
    if not is_open(row):
        raise Http404
    return serve(
        request,
        OneForm(
            operation="recuse",
            params=lambda post: {"assignment": pk, "why": post.get("why", "").strip()},
            label=_("Step aside"),
            fields=[
                c.Field(
                    name="why",
                    label=_("Reason"),
                    kind="textarea",
                    maxlength=1000,
                    help=_("The office reads it and finds somebody else."),
                )
            ],
            intro=replace(
                _intro(row),
                title=_("Step aside"),
                next=_("What you scored no longer counts. This cannot be undone."),
            ),
            said=_("You stepped aside."),
            to="/reviews/",
            back=f"/reviews/{pk}/",
            crumbs=_crumbs(row),
        ),
    )


def mine(request: HttpRequest, pk: int) -> Any:
    """The reader's own assignment; 404 for anybody else's."""
    row = assignments_of(reader_of(request).person).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _declare(request: HttpRequest, row: Any) -> HttpResponse:
    # who bids must be known to declare; what they bid is not shown before
    options = {
        "0": _("I have no interest in this bid, its members or its rivals"),
        "1": _("I have or may have an interest: I step aside"),
    }
    return serve(
        request,
        OneForm(
            operation="declare",
            label=_("Declare"),
            said=_("Your declaration is recorded."),
            params=lambda post: {
                "assignment": row.pk,
                "conflict": post.get("conflict", ""),
                "text": post.get("text", "").strip(),
            },
            fields=_declaring(options),
            intro=replace(_intro(row), next=_("Declare first; then the bid opens. It takes one minute.")),
            facts=_parties(row),
            above=[(_("You can only step aside"), _blocks(row))] if _blocks(row) else [],
            crumbs=_crumbs(row),
            to=lambda _done: _after_declaring(request, row),
            back="/reviews/",
        ),
    )


def _blocks(row: Any) -> list[str]:
    """Why the reader must not judge this bid by now, in words."""
    return [render_reason(item) for item in told(blocks_on_bids([row.bid_id], expert=row.expert))]


def _after_declaring(request: HttpRequest, row: Any) -> str:
    row.refresh_from_db(fields=["status"])
    return f"/reviews/{row.pk}/" if row.status == "declared" else _onward(request, row)


def _score(request: HttpRequest, row: Any) -> HttpResponse:
    book = book_of(row.bid)
    outcome = _save(request, row, book) if request.method == "POST" else None
    if isinstance(outcome, Done):
        if request.POST.get("do") == "sign":
            return done(
                request,
                outcome,
                text=_("Signed: %(bid)s.") % {"bid": row.bid.number},
                to=_onward(request, row),
            )
        return done(request, outcome, text=_("Saved. Nothing is signed yet."), to=f"/reviews/{row.pk}/")
    names = scoring.names(book)
    sheet = scoring.fields(row, book)
    for item in sheet:
        item["score"], item["comment"] = bound(
            [item["score"], item["comment"]], request.POST, outcome, names=names
        )
    errors = summary(outcome, names=names, fields=[item["score"] for item in sheet])
    content = _content(request, row)
    form = book.forms.get("bid")
    hidden = set(book.scoring.hidden) if book.scoring else set()
    known = indicators(row.bid.challenge)
    parts = {
        "intro": replace(_intro(row), next=_("Read, score each criterion, sign. It saves itself while you write.")),
        "crumbs": _crumbs(row), "facts": _facts(request, row, content), "errors": errors, "sheet": sheet,
        "rest": bound(scoring.rest(row, book), request.POST, outcome), "row": row,
        "steps": list(answers.by_step(scoring.without(form, hidden), content, book=book, indicators=known)) if form else [],
        "hidden": ", ".join(words(form.fields[name].label) for name in hidden if name in form.fields) if form else "",
    }  # fmt: skip
    return render(request, "experts/score.html", parts)


def _save(request: HttpRequest, row: Any, book: Rulebook) -> Outcome:
    key = key_of(request)
    outcome = act(request, "save_review", scoring.params(row, book, request.POST), key=key)
    if isinstance(outcome, Done) and request.POST.get("do") == "sign":
        return act(request, "sign_review", {"assignment": row.pk}, key=f"{key}-sign")
    return outcome


def _content(request: HttpRequest, row: Any) -> Any:
    return sent_content(row.bid) if may_read_content(row.bid, reader=reader_of(request)) else {}


def _onward(request: HttpRequest, row: Any) -> str:
    """The next bid that waits, else the list."""
    waiting = [item for item in assignments_of(reader_of(request).person).exclude(pk=row.pk) if is_open(item)]
    if not waiting:
        messages.info(request, _("Nothing more waits for you."))
        return "/reviews/"
    return f"/reviews/{waiting[0].pk}/"


def _signed(request: HttpRequest, row: Any) -> dict[str, Any]:
    block = review_block(row, book_of(row.bid))
    texts = {
        "signed": _("Signed on %(day)s; it no longer changes.")
        % {"day": cells.moment(row.signed_at, book_of(row.bid).timezone)}
        if row.signed_at
        else "",
        "recused": _("You stepped aside."),
        "released": _("The office has given this bid to somebody else."),
        "struck": _("A correction of the result took your review out; it no longer counts."),
    }
    shut = " ".join(_blocks(row)) if row.status not in texts or row.status == "signed" else ""
    following = shut or texts.get(row.status) or _("The review of this challenge is not open now.")
    return {
        "intro": replace(_intro(row), next=following),
        "crumbs": _crumbs(row),
        "facts": _parties(row),
        "block": block,
    }


def _intro(row: Any) -> c.Intro:
    posted = row.bid.challenge
    return c.Intro(
        title=_("Review of %(bid)s") % {"bid": row.bid.number},
        kicker=f"{posted.number} · {words(posted.title)}",
        stamp=status(row),
    )


def _crumbs(row: Any) -> c.Breadcrumbs:
    return c.Breadcrumbs(
        links=[c.Link(_("My desk"), "/desk/"), c.Link(_("Reviews"), "/reviews/")], here=row.bid.number
    )


def _parties(row: Any) -> c.Facts:
    team = row.bid.consortium
    partners = partners_on(row.bid)
    items: list[tuple[str, Any]] = [(_("Lead"), cells.chip(team.lead))]
    if partners:
        items.append((_("Partners"), [cells.chip(item.partner) for item in partners]))
    items.append((_("Owner of the need"), cells.chip(row.bid.challenge.need.owner)))
    return c.Facts(items=items, title=_("Who is concerned"))


def _facts(request: HttpRequest, row: Any, content: Any) -> c.Facts:
    posted = row.bid.challenge
    limit = clock(
        posted.due_at,
        call=posted.call,
        country=posted.country,
        now=reader_of(request).at,
        provisional=posted.due_provisional,
    )
    items: list[tuple[str, Any]] = [(_("Sign by"), limit)] if limit else []
    amount = amount_of(content)
    items += [
        (_("Challenge"), c.EvidenceItem(title=f"{posted.number}", url=f"/challenges/{posted.number}/")),
        (_("Amount asked for"), cells.money(amount, posted.currency) or "–"),
        *_parties(row).items,
        (
            _("An interest after all?"),
            c.EvidenceItem(title=_("Step aside"), url=f"/reviews/{row.pk}/recuse/"),
        ),
    ]
    return c.Facts(items=items)


def _declaring(options: dict[str, str]) -> list[c.Field]:
    return [
        radios(
            "conflict",
            _("Do you have an interest?"),
            options,
            help_text=_("Employment, ownership, family, supervision, joint work or money in the last years."),
        ),
        c.Field(
            name="text",
            label=_("Which interest"),
            kind="textarea",
            optional=True,
            maxlength=1000,
            help=_("Only when you have one."),
        ),
    ]
