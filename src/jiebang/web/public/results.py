"""`/results/` and `/challenges/<number>/result/`: what was decided, for each bid with its reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.decisions import lifecycle
from jiebang.records.awards import queries
from jiebang.records.challenges.queries import condition, places_and_fields
from jiebang.records.journal.queries import entries
from jiebang.records.people.roles import STAFF
from jiebang.records.programme.queries import rulebook, rulebooks_in_use
from jiebang.records.replications.queries import validated
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web import formats, listing
from jiebang.web.exports import export
from jiebang.web.office.verdicts import why
from jiebang.web.public import draws, states, undone
from jiebang.web.public.board import wanted
from jiebang.web.public.course import progress
from jiebang.web.public.frame import day, moment, page, party, person_name, until
from jiebang.web.public.notice import challenge_or_404, crumbs, kicker
from jiebang.web.site import language_tag, now_of, reader_of, words

_TONES: Mapping[str, c.Tone] = {"awarded": "done", "reserve": "waiting"}


def results(request: HttpRequest) -> HttpResponse:
    """Every published result, the latest first."""
    if request.GET.get("format") in listing.FORMATS:
        return _file(request)
    return page(request, "public/results.html", lambda: _list(request))


def result(request: HttpRequest, number: str) -> HttpResponse:
    """One challenge's decision sheets."""
    return page(request, "public/result.html", lambda: _parts(request, number))


def _list(request: HttpRequest) -> Mapping[str, Any]:
    shown, lang = listing.shown(request, _rows(request)), language_tag()
    count = ngettext("%(n)s result", "%(n)s results", shown.count) % {
        "n": formats.number(shown.count, lang=lang)
    }
    return {
        "intro": c.Intro(title=_("Results"), next=_("Every bid has an outcome and its reason; open one to read them.")),
        "tabs": tabs("/results/"),
        "filters": listing.filters(request, narrowing(request)),
        "head": listing.list_head(request, count),
        "table": _table(shown.rows) if shown.count else None,
        "empty": None if shown.count else _empty(request),
        "paging": listing.paging(request, shown),
    }  # fmt: skip


def narrowing(request: HttpRequest) -> list[c.Field]:
    """The filters of what became of challenges: words, sector, country."""
    countries, sectors, _stages = places_and_fields(reader=reader_of(request))
    lang = language_tag()
    named = {
        key: words(term.label) for book in rulebooks_in_use() for key, term in book.vocabulary.sectors.items()
    }
    return [
        c.Field(name="text", label=_("Words"), value=wanted(request).text),
        listing.select(request, "sector", _("Sector"), [(key, named.get(key, key)) for key in sectors]),
        listing.select(request, "country", _("Country"), [(code, formats.country(code, lang=lang)) for code in countries]),
    ]  # fmt: skip


def nothing_matches(request: HttpRequest, title: str) -> c.EmptyState | None:
    """What a list says when its filters leave nothing; None where nothing was asked for."""
    asked = any(request.GET.get(name) for name in ("q", "text", "country", "sector", "stage"))
    return c.EmptyState(title=title, action=c.Link(_("Show all"), request.path)) if asked else None


def _empty(request: HttpRequest) -> c.EmptyState:
    return nothing_matches(request, _("No result matches these filters")) or c.EmptyState(
        title=_("No result is public here yet"), sentence=_("Results appear with the publicity period."),
        action=c.Link(_("See the open challenges"), "/challenges/"),
    )  # fmt: skip


def tabs(here: str) -> c.Tabs:
    """Results and what grew out of them."""
    links = [(_("Results"), "/results/"), (_("Projects"), "/projects/"), (_("Cases"), "/cases/")]
    return c.Tabs(
        links=[c.Link(label, url, current=url == here) for label, url in links], label=_("What became of it")
    )


def _rows(request: HttpRequest) -> Any:
    asked = wanted(request)
    matching = condition(asked)
    if asked.text:
        rest = condition(replace(asked, text=""))
        matching |= rest & queries.winners_named(asked.text)
    return queries.challenges_with_results(reader=reader_of(request)).filter(matching)


def _table(rows: Sequence[Any]) -> c.DataTable:
    lang = language_tag()
    columns = [_("Challenge"), _("Number"), _("Country"), _("State"), _("Appointed"), _("Since")]
    chosen = _winners(rows)
    made = [
        [
            c.Cell(words(row.title), f"/challenges/{row.number}/result/"),
            c.Cell(row.number),
            c.Cell(formats.country(row.country, lang=lang)),
            c.Cell(part=states.stage_stamp(row.call.rulebook_id, "challenge", row.stage, lang)),
            c.Cell("; ".join(chosen.get(row.pk, [])) or "–"),
            c.Cell(day(row.stage_since, book=rulebook(row.call.rulebook_id))),
        ]
        for row in rows
    ]
    return c.DataTable(columns=[c.Column(label=label) for label in columns], rows=made)


def _winners(rows: Sequence[Any]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in queries.decisions_of([challenge.pk for challenge in rows]):
        if row.outcome == "awarded" and row.bid:
            lead = row.bid.consortium.lead.organisation
            found.setdefault(row.challenge_id, []).append(words(lead.names) or lead.name)
    return found


def _parts(request: HttpRequest, number: str) -> Mapping[str, Any]:
    challenge, book = challenge_or_404(request, number)
    reader = reader_of(request)
    if not queries.has_result(challenge, reader=reader):
        raise Http404
    rows = list(queries.decisions_of([challenge.pk]))
    scored, known = queries.scored_for(challenge, reader=reader), queries.known_bids(challenge, reader=reader)
    partners = queries.partners_of([row.bid_id for row in rows if row.bid_id])
    return {
        "crumbs": crumbs(challenge, _("Result")),
        "intro": _intro(challenge, book),
        "lifecycle": progress(challenge, kind="challenge", book=book),
        "sheets": [
            _sheet(row, book, challenge, partners.get(row.bid_id or 0, []), log=bool(reader.roles & STAFF))
            for row in rows
            if _named(row)
        ],
        "ranking": _ranking(rows, book, scored=scored, known=known),
        "changes": undone.changes(queries.amendments_of([challenge.pk]), book),
        "facts": _facts(challenge, book, rows),
        **draws.shown(challenge, book),
        **_objecting(challenge, book, now_of(request)),
    }


def _named(row: Any) -> bool:
    """A sheet of its own: who was appointed, and the challenge's own outcome."""
    return row.bid_id is None or row.outcome == "awarded"


def _intro(challenge: Any, book: Rulebook) -> c.Intro:
    stage = states.stage_of(book, "challenge", challenge.stage)
    return c.Intro(
        title=_("Result: %(title)s") % {"title": words(challenge.title)}, kicker=kicker(challenge, book),
        stamp=states.stamp(book, "challenge", challenge.stage), next=words(stage.next) if stage else "",
    )  # fmt: skip


def _sheet(
    row: Any, book: Rulebook, challenge: Any, partners: Sequence[Any], *, log: bool
) -> c.DecisionSheet:
    return c.DecisionSheet(
        title=_who(row) if row.bid_id else words(challenge.title),
        number=" · ".join([row.bid.number if row.bid_id else challenge.number, *_team(row, partners)]),
        stamp=_outcome(row, book, challenge),
        decided=_("Published %(when)s") % {"when": moment(row.published_at, book=book)},
        reasons=[why(row.code, row.params, book)],
        rule=_rule(book),
        seal=_seal(row, challenge),
        seal_url=f"/log/?subject=challenge:{challenge.number}" if log else "",
        remedy="" if row.final_at else _("Not final: the publicity period is running."),
    )


def _team(row: Any, partners: Sequence[Any]) -> Iterator[str]:
    if row.bid_id and row.bid.lead_person_id:
        yield _("lead researcher %(name)s") % {"name": person_name(row.bid.lead_person)}
    names = [words(item.partner.organisation.names) or item.partner.organisation.name for item in partners]
    if names:
        yield _("with %(partners)s") % {"partners": "; ".join(names)}


def _who(row: Any) -> str:
    lead = row.bid.consortium.lead.organisation
    return words(lead.names) or str(lead.name)


def _outcome(row: Any, book: Rulebook, challenge: Any) -> c.Stamp:
    if row.bid_id is None:
        return states.stamp(book, "challenge", challenge.stage)
    return c.Stamp(states.stage_word(book, "bid", row.outcome), _TONES.get(row.outcome, "stopped"))


def _place(row: Any) -> str:
    if not row.rank:
        return "–"
    return _("%(rank)s, shared by %(n)s") % {"rank": row.rank, "n": row.tie} if row.tie > 1 else str(row.rank)


def _rule(book: Rulebook) -> str:
    rule = book.award
    return _("Rule: %(why)s") % {"why": words(rule.why)} if rule and rule.why else ""


def _seal(row: Any, challenge: Any) -> str:
    found = (
        entries(subject=f"challenge:{challenge.number}")
        .filter(at__gte=row.published_at)
        .order_by("seq")
        .first()
    )
    return f"{found.pk} · {found.leaf[:12]}" if found else ""


def _ranking(
    rows: Sequence[Any], book: Rulebook, *, scored: frozenset[int], known: frozenset[int]
) -> c.DataTable | None:
    bids = [row for row in rows if row.bid_id]
    if not bids:
        return None
    with_scores = any(row.bid_id in scored for row in bids)
    labels = [_("Bid"), _("Place"), _("Outcome"), _("Reason"), *([_("Score")] if with_scores else [])]
    columns = [c.Column(label=label, number=label == _("Score")) for label in labels]
    return c.DataTable(columns=columns, rows=[_line(row, book, scored, known, with_scores) for row in bids])


def _line(
    row: Any, book: Rulebook, scored: frozenset[int], known: frozenset[int], with_scores: bool
) -> list[c.Cell]:
    may_know = row.outcome == "awarded" or row.bid_id in known
    cells = [
        c.Cell(f"{row.bid.number} · {_who(row)}" if may_know else row.bid.number),
        c.Cell(_place(row)),
        c.Cell(part=_outcome(row, book, None)),
        c.Cell(why(row.code, row.params, book)),
    ]
    if with_scores:
        seen = row.bid_id in scored and row.score is not None
        cells.append(c.Cell(formats.number(round(row.score, 2), lang=language_tag()) if seen else "–"))
    return cells


def _facts(challenge: Any, book: Rulebook, rows: Sequence[Any]) -> c.Facts:
    items: list[tuple[str, Any]] = [(_("Demand owner"), party(challenge.need.owner.organisation))]
    bids = [row for row in rows if row.bid_id]
    items.append((_("Bids judged"), formats.number(len(bids), lang=language_tag())))
    if challenge.publicity_until:
        items.append((_("Publicity period until"), until(challenge.publicity_until, book=book)))
    started = [row.bid.project.number for row in bids if getattr(row.bid, "project", None)]
    items += [(_("Project"), c.EvidenceItem(title=number, url=f"/projects/{number}/")) for number in started]
    cases = validated(started)
    items += [(_("Case"), c.EvidenceItem(title=number, url=f"/cases/{number}/")) for number in cases]
    return c.Facts(items=items, title=_("At a glance"))


def _takes_objections(book: Rulebook) -> bool:
    """Whether this programme has a time to object at all."""
    return any("takes_objections" in stage.flags for stage in book.lifecycles["challenge"].stages.values())


def _objecting(challenge: Any, book: Rulebook, now: Any) -> dict[str, Any]:
    flags = lifecycle.flags(book, kind="challenge", stage=challenge.stage)
    ends = challenge.publicity_until
    open_now = "takes_objections" in flags and (ends is None or now < ends)
    answer = book.clocks.get("objection_answer")
    return {
        "number": challenge.number, "may_object": open_now, "objections": _takes_objections(book),
        "object_until": until(ends, book=book) if ends else "", "answer_label": words(answer.label) if answer else "",
    }  # fmt: skip


def _file(request: HttpRequest) -> HttpResponse:
    columns = {
        "number": _("Number"), "title": _("Title"), "country": _("Country"), "sector": _("Sector"), "state": _("State"),
        "appointed": _("Appointed"), "since": _("Since"),
    }  # fmt: skip
    rows = _rows(request).iterator(chunk_size=500)
    parts = iter(lambda: list(islice(rows, 500)), [])
    records = (record for part in parts for record in _records(part))
    return export(request.GET["format"], name="results", columns=columns, rows=records)


def _records(rows: Sequence[Any]) -> Iterator[dict[str, Any]]:
    chosen, lang = _winners(rows), language_tag()
    for row in rows:
        yield {
            "number": row.number, "title": words(row.title), "country": row.country, "sector": row.sector,
            "state": states.stage_stamp(row.call.rulebook_id, "challenge", row.stage, lang).word,
            "appointed": "; ".join(chosen.get(row.pk, [])), "since": row.stage_since,
        }  # fmt: skip
