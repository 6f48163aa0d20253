"""`/log/explain/<bid>/`: an outcome, back through ranking, scores and verdicts to the rule, its source, the journal."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.decisions.scores import OVERALL
from jiebang.operations.judging import judged
from jiebang.operations.things import book_of
from jiebang.records.awards import office as awards
from jiebang.records.bids.own import verdicts_of
from jiebang.records.journal.queries import entries
from jiebang.records.people.roles import CASE_READERS
from jiebang.records.programme.office import find_version
from jiebang.records.reviews.queries import reviews
from jiebang.rules.expression_words import in_words
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.desk.gate import only
from jiebang.web.office import cells, verdicts
from jiebang.web.office.case import Case, case_or_404
from jiebang.web.office.judged import review_block
from jiebang.web.office.preview import decided, ranking
from jiebang.web.office.tables import Col, Table, given, page, words_filter
from jiebang.web.public import states
from jiebang.web.site import language_tag, reader_of, words


@only(*CASE_READERS)
def decisions(request: HttpRequest) -> HttpResponse:
    """Every current outcome, each explained one click away."""
    rows = awards.decisions(reader=reader_of(request))
    if text := given(request, "text"):
        rows = rows.filter(bid__number__icontains=text) | rows.filter(challenge__number__icontains=text)
    columns = _columns()
    return page(request, Table(
        name="decisions", title=_("Decisions"), next=_("Every outcome, explained back to its rule."), rows=rows, columns=columns,
        order=("-proposed_at",), fields=[words_filter(request)], empty=_("Outcomes appear here when a result is proposed."),
    ))  # fmt: skip


@only(*CASE_READERS)
def explain(request: HttpRequest, number: str) -> HttpResponse:
    """One outcome on one page, from the end to the beginning."""
    case = case_or_404("bid", number, reader_of(request))
    row = awards.decision_of(case.thing)
    if row is None:
        raise Http404
    posted = Case("challenge", case.thing.challenge, case.book, case.reader)
    found = list(verdicts_of(case.thing))
    parts = {
        "crumbs": c.Breadcrumbs(
            links=[c.Link(_("My desk"), "/desk/"), c.Link(_("Decisions"), "/log/decisions/")], here=number
        ),
        "intro": c.Intro(
            title=_("Why this outcome: %(bid)s") % {"bid": number},
            next=_("From the outcome back to the rule, the facts and the entries that seal them."),
            kicker=f"{posted.thing.number} · {words(posted.thing.title)}",
        ),
        "sheet": _sheet(case, row),
        "ranking": ranking(decided(posted)),
        "replay": _replay(posted, row),
        "scores": _scores(case),
        "reviews": [
            review_block(item, case.book) for item in reviews(reader=case.reader).filter(bid=case.thing)
        ],
        "tally": verdicts.tally(found) if found else "",
        "verdicts": verdicts.table(found, case.book),
        "facts": _facts(case, row),
        "journal": _journal(case),
    }
    return render(request, "office/explain.html", parts)


def _sheet(case: Case, row: Any) -> c.DecisionSheet:
    award = case.book.award
    rule = " ".join(
        [verdicts.source(award, case.book), in_words(award.approve, lang=language_tag(), rulebook=case.book)]
        if award and award.approve
        else []
    )
    moves = [
        e
        for e in entries(subject=f"challenge:{case.thing.challenge.number}", event="stage:moved")[:50]
        if e.at >= row.proposed_at
    ]
    seal = moves[-1] if moves else None
    return c.DecisionSheet(
        title=states.stage_word(case.book, "bid", row.outcome), number=case.thing.number, rule=rule,
        machine=c.Machine(award.approve) if award and award.approve else None,
        stamp=c.Stamp(_("Final"), "done") if row.final_at else c.Stamp(_("Proposed"), "deciding"),
        decided=_("Proposed %(when)s") % {"when": cells.moment(row.proposed_at, case.book.timezone)},
        reasons=[verdicts.why(row.code, row.params, case.book)], seal=f"{seal.pk} · {seal.leaf[:12]}" if seal else "",
        seal_url=f"/log/{seal.pk}/" if seal else "",
    )  # fmt: skip


def _replay(posted: Case, row: Any) -> c.Banner:
    """The same rule asked again today on the records as they are; nothing where people decided and not the rule."""
    if row.rule in ("correction", "revocation"):
        return c.Banner(
            text=_("People set this outcome after the result, as the reason says; the rule does not give it.")
        )
    again = next(
        (
            d
            for d in judged(posted.thing, now=row.proposed_at).decisions
            if row.bid and d.bid == row.bid.number
        ),
        None,
    )
    if again is None:
        return c.Banner(
            text=_("The rule gives this bid no outcome today: its records have changed since."),
            tone="warning",
        )
    if again.outcome.value == row.outcome:
        return c.Banner(text=_("Asked again now on the same records, the rule gives the same outcome."))
    name = states.stage_word(posted.book, "bid", again.outcome.value)
    return c.Banner(
        text=_("Asked again now, the rule would give: %(outcome)s. The records changed after the decision.")
        % {"outcome": name},
        tone="warning",
    )


def _scores(case: Case) -> c.DataTable | None:
    rows = [s for s in judged(case.thing.challenge, now=case.reader.at).scores if s.bid == case.thing.number]
    columns = [
        c.Column(label=text, number=bool(n))
        for n, text in enumerate((_("Criterion"), _("Weight"), _("Mean"), _("Spread"), _("Experts")))
    ]
    made = []
    for item in rows:
        rule = case.book.criteria.get(item.criterion)
        name = (
            _("All together") if item.criterion == OVERALL else words(rule.label) if rule else item.criterion
        )
        made.append(
            [
                c.Cell(name),
                c.Cell(_score(rule.weight) if rule else ""),
                c.Cell(_score(item.adjusted)),
                c.Cell(_score(item.sd)),
                c.Cell(str(item.n)),
            ]
        )
    return c.DataTable(columns=columns, rows=made) if made else None


def _facts(case: Case, row: Any) -> c.Facts:
    version = find_version(row.rulebook)
    items: list[tuple[str, Any]] = [
        (_("Lead"), cells.party(case.thing.consortium.lead)),
        (_("Place"), str(row.rank or "–")),
        (_("Score"), _score(row.score)),
        (_("Rulebook in force"), f"{version} · {row.rulebook[:12]}" if version else row.rulebook[:12]),
        (_("Everything that was read"), row.inputs[:16] or "–"),
        (_("Bid"), c.EvidenceItem(title=case.thing.number, url=case.url)),
    ]
    return c.Facts(items=items, title=_("In short"))


def _journal(case: Case) -> c.DataTable:
    posted = case.thing.challenge
    found = [*entries(subject=f"challenge:{posted.number}")[:30], *entries(subject=case.subject)[:40]]
    columns = [c.Column(label=text) for text in (_("Entry"), _("When"), _("Event"), _("Subject"))]
    rows = [
        [
            c.Cell(str(e.pk), f"/log/{e.pk}/"),
            c.Cell(cells.moment(e.at, case.book.timezone)),
            c.Cell(e.event),
            c.Cell(e.subject),
        ]
        for e in sorted(found, key=lambda e: -e.pk)
    ]
    return c.DataTable(columns=columns, rows=rows)


def _score(value: Any) -> str:
    return "–" if value is None else formats.number(round(float(value), 2), lang=language_tag())


def _columns() -> list[Col]:
    return [
        Col(
            key="bid",
            label=_("Bid"),
            value=lambda r: r.bid.number,
            sort="bid__number",
            cell=cells.linked(lambda r: r.bid.number, lambda r: f"/log/explain/{r.bid.number}/"),
        ),
        Col(key="lead", label=_("Lead"), value=lambda r: cells.party(r.bid.consortium.lead)),
        Col(
            key="challenge",
            label=_("Challenge"),
            value=lambda r: f"{r.challenge.number} {words(r.challenge.title)}",
            sort="challenge__number",
        ),
        Col(
            key="outcome",
            label=_("Outcome"),
            value=lambda r: states.stage_word(book_of(r.challenge), "bid", r.outcome),
            sort="outcome",
        ),
        Col(key="rank", label=_("Place"), number=True, value=lambda r: r.rank, sort="rank"),
        Col(
            key="score",
            label=_("Score"),
            number=True,
            value=lambda r: r.score,
            sort="score",
            cell=lambda r: c.Cell(_score(r.score)),
        ),
        Col(
            key="final_at",
            label=_("Final since"),
            value=lambda r: r.final_at,
            sort="final_at",
            cell=lambda r: c.Cell(cells.day_of(r.final_at, cells.zone_of(r.challenge)) or "–"),
        ),
    ]
