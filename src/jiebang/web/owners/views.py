"""`/needs/<number>/bids/<bid>/`: a bid as the owner of the need reads it, and what the owner says of it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.decisions import lifecycle
from jiebang.operations.kernel import Done
from jiebang.operations.owner_views import heard
from jiebang.operations.things import book_of
from jiebang.records.bids.own import find_bid, known_bids_of
from jiebang.records.bids.queries import partners_on
from jiebang.records.bundles import sent_content
from jiebang.records.challenges.own import challenges_of
from jiebang.records.reviews.queries import owner_views
from jiebang.rules.by_name import choice
from jiebang.web import components as c
from jiebang.web.acting import act, bound, done, summary
from jiebang.web.desk.gate import only
from jiebang.web.forms import answers, languages
from jiebang.web.owners.paper import crumbs, is_own, need_or_404, title
from jiebang.web.public import saying
from jiebang.web.public.frame import day, party
from jiebang.web.public.states import stage_stamp
from jiebang.web.site import language_tag, reader_of, words


@only("owner")
def bid(request: HttpRequest, number: str, bid: str) -> HttpResponse:
    """Read one bid under review; say whether one is for it or against it, and why."""
    need = need_or_404(request, number)
    row = find_bid(bid, reader=reader_of(request)) if is_own(request, need) else None
    if row is None or row.challenge.need_id != need.pk:
        raise Http404
    outcome = act(request, "give_view", _given(request, bid)) if request.method == "POST" else None
    if isinstance(outcome, Done):
        return done(request, outcome, text=_("Your view is kept; the office reads it."), to=request.path)
    content, form = sent_content(row), book_of(row).forms.get("bid")
    parts = {
        "crumbs": c.Breadcrumbs(links=crumbs(need), here=bid),
        "intro": _intro(row, need, content),
        "errors": summary(outcome),
        "said": shown([row]),
        "fields": bound(_fields(row), request.POST, outcome) if is_asked(row) else [],
        "sections": answers.by_step(form, content, book=book_of(row), indicators=row.challenge.content.get("indicators") or [])
        if form else [],
        "facts": _facts(row),
    }  # fmt: skip
    return render(request, "owners/bid.html", parts)


def table(request: HttpRequest, need: Any) -> c.DataTable | None:
    """The bids on a need's challenges as far as the rulebook lets the owner know of them."""
    ids = [item.pk for item in challenges_of(need, reader=reader_of(request))]
    known = list(known_bids_of(ids, reader=reader_of(request))) if ids else []
    if not known:
        return None
    said = {view.bid_id: view_word(view) for view in owner_views(row.pk for row in known)}
    asked = heard(book_of(need))
    labels = [_("Bid"), _("Lead organisation"), _("State"), *([_("Your view")] if asked else [])]
    return c.DataTable(columns=[c.Column(label=label) for label in labels], rows=[
        [c.Cell(row.number, f"/needs/{need.number}/bids/{row.number}/" if asked else ""),
         c.Cell(part=party(row.consortium.lead.organisation)),
         c.Cell(part=stage_stamp(row.challenge.call.rulebook_id, "bid", row.stage, language_tag())),
         *([_view_cell(row, said)] if asked else [])]
        for row in known
    ])  # fmt: skip


def shown(rows: list[Any]) -> list[c.Part]:
    """What owners said of these bids: for or against, who, when, in which words."""
    parts: list[c.Part] = []
    for view in owner_views(row.pk for row in rows):
        parts.append(view_word(view))
        parts.append(party(view.party.organisation, role=day(view.at, book=book_of(view.bid))))
        if said := saying.say(view.text):
            parts.append(said)
    return parts


def view_word(view: Any) -> c.Stamp:
    """The stamp of a view."""
    return c.Stamp(_("For"), "done") if view.favourable else c.Stamp(_("Against"), "stopped")


def is_asked(row: Any) -> bool:
    """Whether the owner may say something of a bid now."""
    flags = lifecycle.flags(book_of(row), kind="challenge", stage=row.challenge.stage)
    return heard(book_of(row)) and "reviewing" in flags


def _view_cell(row: Any, said: dict[int, c.Stamp]) -> c.Cell:
    if row.pk in said:
        return c.Cell(part=said[row.pk])
    return c.Cell(_("not given yet") if is_asked(row) else "–")


def _intro(row: Any, need: Any, content: Any) -> c.Intro:
    binding = choice(book_of(row), "owner_opinion") == "veto"
    weight = (
        _("A bid that you are against is not awarded.") if binding else _("It is advice: the office decides.")
    )
    return c.Intro(
        title=words(saying.versions(content.get("title"))) or row.number, kicker=f"{row.number} · {title(need)}",
        stamp=stage_stamp(row.challenge.call.rulebook_id, "bid", row.stage, language_tag()),
        next=_("Read the bid and say what you think of it.") + " " + weight if is_asked(row) else "",
    )  # fmt: skip


def _facts(row: Any) -> c.Facts:
    partners = [party(item.partner.organisation) for item in partners_on(row)]
    items: list[tuple[str, Any]] = [(_("Lead"), party(row.consortium.lead.organisation))]
    if partners:
        items.append((_("Partners"), partners))
    items.append(
        (
            _("Challenge"),
            c.EvidenceItem(title=row.challenge.number, url=f"/challenges/{row.challenge.number}/"),
        )
    )
    return c.Facts(items=items, title=_("At a glance"))


def _fields(row: Any) -> list[c.Field]:
    last = owner_views([row.pk]).last()
    favour = "" if last is None else str(int(last.favourable))
    options = [
        c.Option(value=value, label=label, chosen=value == favour)
        for value, label in (("1", _("We are for this bid")), ("0", _("We are against this bid")))
    ]
    text = saying.plainly(last.text) if last else ""
    return [
        c.Field(name="favourable", label=_("Your view"), kind="radios", options=options),
        c.Field(name="text", label=_("Why"), kind="textarea", value=text, help=_("The office and the auditor read it.")),
        c.Field(name="lang", label=_("Language of your answer"), kind="select",
            options=languages.options(book_of(row), chosen=language_tag())),
    ]  # fmt: skip


def _given(request: HttpRequest, bid: str) -> dict[str, Any]:
    sent = request.POST
    said = {"bid": bid, "text": sent.get("text", ""), "lang": sent.get("lang") or language_tag()}
    return {**said, "favourable": sent["favourable"] == "1"} if sent.get("favourable") in ("0", "1") else said
