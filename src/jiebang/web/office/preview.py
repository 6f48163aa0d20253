"""What an act would bring, before it is done: the notice as the public will see it, the ranking with its reasons."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from jiebang.decisions.round import RoundResult
from jiebang.operations.draws import draw_of
from jiebang.operations.effects_needs import public_content
from jiebang.operations.judging import judged, judged_anew
from jiebang.operations.statements import texts_of
from jiebang.records.awards.office import decisions_on, signed_reviews
from jiebang.records.awards.queries import revocations_of
from jiebang.records.bids.office import bids_on, leads_in
from jiebang.records.reviews.queries import owner_views
from jiebang.rules.schema import Kind, Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.forms import answers
from jiebang.web.office import cells, verdicts
from jiebang.web.office.case import Case
from jiebang.web.owners.views import view_word
from jiebang.web.public import draws, saying, states, undone
from jiebang.web.public.notice import draw_of_lottery
from jiebang.web.site import language_tag, words

Parts = list[tuple[str, list[c.Part]]]


def title(case: Case) -> str:
    """The title of a case in the reader's language."""
    thing = case.thing
    if case.kind == "need":
        return words(texts_of(thing.content.get("title"))) or thing.title
    return words(thing.title if case.kind == "challenge" else thing.challenge.title)


def of(case: Case, command: str, params: Mapping[str, Any] | None = None) -> Parts:
    """Headings with parts to print; nothing for acts that need no preview. `params` are those of a proposal."""
    if (case.kind, command) == ("challenge", "correct_result"):
        return [*_result(case), *(corrected(case, params) if params else [])]
    make = _PREVIEWS.get((case.kind, command))
    return make(case) if make else []


def ranking(rows: list[Any]) -> c.DataTable | None:
    """Places and outcomes with their reasons; `rows` have bid, rank, tie, score, outcome, why."""
    if not rows:
        return None
    columns = [
        c.Column(label=_("Bid")), c.Column(label=_("Place"), number=True), c.Column(label=_("Score"), number=True),
        c.Column(label=_("Outcome")), c.Column(label=_("Reason")),
    ]  # fmt: skip
    return c.DataTable(columns=columns, rows=[_ranked(row) for row in rows])


def decided(case: Case) -> list[dict[str, Any]]:
    """The current decisions of a challenge as rows of `ranking`."""
    found = decisions_on(case.thing)
    return [
        {
            "bid": row.bid.number if row.bid else case.thing.number, "lead": _lead(row.bid), "rank": row.rank, "tie": row.tie,
            "score": row.score, "outcome": outcome_stamp(case.book, row.outcome),
            "why": verdicts.why(row.code, row.params, case.book),
            "url": f"/log/explain/{row.bid.number}/" if row.bid else "",
        }
        for row in found
    ]  # fmt: skip


def computed(case: Case, result: RoundResult | None = None) -> list[dict[str, Any]]:
    """What the rule would decide from the records as they are now; nothing is stored."""
    result = result or judged(case.thing, now=case.reader.at)
    places = {place.bid: place for place in result.ranking}
    leads = leads_in([case.thing])
    rows = []
    for item in result.decisions:
        place = places.get(item.bid)
        rows.append({
            "bid": item.bid or case.thing.number, "lead": cells.party(leads.get(item.bid or "")), "url": "",
            "rank": place.rank if place else None, "tie": place.tie if place else 1, "score": place.score if place else None,
            "outcome": outcome_stamp(case.book, item.outcome.value),
            "why": verdicts.why(item.reason.code, item.reason.params, case.book),
        })  # fmt: skip
    return sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0, row["bid"]))


def corrected(case: Case, params: Mapping[str, Any]) -> Parts:
    """The result that a proposed correction would give."""
    heading = _("The result that this would give")
    placings: Mapping[str, Any] = params.get("placings") or {}
    if params.get("how") == "name":
        rows = [_placed(case, row, placings.get(row["bid"])) for row in decided(case)]
        ordered = sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0, row["bid"]))
        return _with(heading, ranking(ordered))
    gone = {str(number) for number in params.get("strike") or ()}
    pairs = {
        (row.bid.number, row.expert.pseudonym) for row in signed_reviews(case.thing) if str(row.pk) in gone
    }
    return _with(heading, ranking(computed(case, judged_anew(case.thing, now=case.reader.at, struck=pairs))))


def _placed(case: Case, row: dict[str, Any], placing: Mapping[str, Any] | None) -> dict[str, Any]:
    if placing is None:
        return row
    rank = placing.get("rank")
    return {
        **row,
        "outcome": outcome_stamp(case.book, placing["outcome"]),
        "rank": int(rank) if rank else row["rank"],
        "why": "–",
    }


def notice(case: Case) -> Parts:
    """The notice as anybody will read it."""
    need = case.thing
    content, form = public_content(need), case.book.forms.get("need")
    card = c.NoticeCard(
        title=title(case), url="#notice", kicker=f"{cells.country(need.country)} · {cells.sector(need)}",
        summary=words(texts_of(content.get("problem"))), stamp=_first_stamp(case),
    )  # fmt: skip
    parts: list[c.Part] = [card]
    for _step, block in answers.by_step(public_form(form), content, book=case.book) if form else ():
        parts.append(block)
    return [(_("The notice as the public will see it"), parts)]


def public_form(form: Any) -> Any:
    """The form with its public questions only."""
    steps = {
        key: step.model_copy(update={"fields": {name: f for name, f in step.fields.items() if f.public}})
        for key, step in form.steps.items()
    }
    return form.model_copy(update={"steps": steps})


def _first_stamp(case: Case) -> c.Stamp:
    table = case.book.lifecycles.get("challenge")
    return states.stamp(case.book, "challenge", table.start if table else "")


def _award(case: Case) -> Parts:
    return [
        *_with(_("Ranking and outcomes that the rule gives now"), ranking(computed(case))),
        *_owner_says(case),
    ]


def _proposed(case: Case) -> Parts:
    return [*_with(_("Ranking and outcomes"), ranking(decided(case))), *_draw(case), *_owner_says(case)]


def _result(case: Case) -> Parts:
    return _with(_("The result as it stands"), ranking(decided(case)))


def _question(case: Case) -> Parts:
    """What a second officer weighs: the case against an award, and what its lead answers."""
    row = revocations_of(case.thing).filter(status="open").first()
    return undone.question(row, case.book, names=True) if row else []


def _draw(case: Case) -> Parts:
    """The draw on which a lottery's outcomes rest, to be compared with what its sources published."""
    row = draw_of_lottery(case.thing, case.book)
    if row is None:
        return []
    drawn = draw_of(row)
    steps = draws.steps(drawn.turns)
    return [(_("The draw"), [draws.facts(row, drawn.pool, case.book), *([steps] if steps else [])])]


def _owner_says(case: Case) -> Parts:
    """The owner's view of each bid, for the one who proposes or decides."""
    rows = bids_on(case.thing, reader=case.reader)
    made = [
        [
            c.Cell(view.bid.number, f"/office/bids/{view.bid.number}/"),
            c.Cell(part=view_word(view)),
            c.Cell(saying.plainly(view.text)),
        ]
        for view in owner_views(row.pk for row in rows)
    ]
    columns = [c.Column(label=text) for text in (_("Bid"), _("View of the owner"), _("Why"))]
    return _with(
        _("What the owner says of the bids"), c.DataTable(columns=columns, rows=made) if made else None
    )


def _with(heading: str, table: c.DataTable | None) -> Parts:
    return [(heading, [table])] if table else []


def _ranked(row: Mapping[str, Any]) -> list[c.Cell]:
    place = str(row["rank"]) + (f" (={row['tie']})" if row["tie"] > 1 else "") if row["rank"] else "–"
    score = formats.number(round(row["score"], 2), lang=language_tag()) if row["score"] is not None else "–"
    name = f"{row['bid']} · {row['lead']}" if row["lead"] else str(row["bid"])
    return [
        c.Cell(name, row["url"]),
        c.Cell(place),
        c.Cell(score),
        c.Cell(part=row["outcome"]),
        c.Cell(row["why"]),
    ]


_TONES: Mapping[str, c.Tone] = {"awarded": "done", "reserve": "waiting", "undecided": "deciding"}


def outcome_stamp(book: Rulebook, name: str) -> c.Stamp:
    """The stamp of an outcome in the rulebook's word."""
    kind: Kind = "challenge" if name == "no_award" else "bid"
    return c.Stamp(states.stage_word(book, kind, name), _TONES.get(name, "stopped"))


def _lead(bid: Any) -> str:
    return cells.party(bid.consortium.lead) if bid else ""


_PREVIEWS: Mapping[tuple[str, str], Callable[[Case], Parts]] = {
    ("need", "list_challenge"): notice,
    ("challenge", "propose_award"): _award,
    ("challenge", "publish_result"): _proposed,
    ("challenge", "decide"): _proposed,
    ("challenge", "declare_no_award"): _proposed,
    ("challenge", "promote_reserve"): _result,
    ("challenge", "refuse_reserve"): _result,
    ("project", "revoke_award"): _question,
    ("project", "keep_award"): _question,
}
