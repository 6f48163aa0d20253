"""`/office/challenges/<number>/experts/proposal/`: the best experts for all bids, why each, and one button to appoint them."""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.adapters import charts
from jiebang.operations.kernel import Done
from jiebang.operations.proposing import Proposal, propose
from jiebang.records.people.roles import CASE_READERS, OFFICERS
from jiebang.records.reviews.experts import find_expert, last_slate, live_pairs, wish_on, wishes_on
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.acting import act, done, render_reason, summary
from jiebang.web.desk.gate import only
from jiebang.web.office import cells
from jiebang.web.office import preview as shown
from jiebang.web.office.case import Case, case_or_404
from jiebang.web.office.challenges import frame
from jiebang.web.office.one_form import OneForm, radios, serve
from jiebang.web.public.frame import person_name
from jiebang.web.site import language_tag, reader_of

if TYPE_CHECKING:
    from jiebang.decisions.slate import Slate

PLOTTED = 30  # bids of a plot; of more, those served worst


@only(*OFFICERS)
def proposal(request: HttpRequest, number: str) -> HttpResponse:
    """Every bid with its proposed experts; POST appoints them all."""
    from jiebang.engines.assignment.problem import Infeasible

    case = _reviewing(request, number)
    outcome = None
    if request.method == "POST":
        given = {"challenge": number, "digest": request.POST.get("digest", "")}
        outcome = act(request, "appoint_experts", given)
        if isinstance(outcome, Done):
            said = _("Experts asked: %(n)s.") % {"n": outcome.answer["asked"]}
            return done(request, outcome, text=said, to=f"{case.url}experts/")
    made = propose(case.thing, at=case.reader.at)
    parts = {**frame(case, "experts"), "errors": summary(outcome), "made": made, "wishes": _wishes(case)}
    found = made.found
    if isinstance(found, Infeasible):
        parts["collide"] = [render_reason(made.told(item)) for item in found.collide]
        parts["repairs"] = [render_reason(made.told(item)) for item in found.repairs]
    elif made.bids:
        parts |= _answered(case, made, found)
    return render(request, "office/slate.html", parts)


@only(*OFFICERS)
def wish(request: HttpRequest, number: str, expert: int) -> HttpResponse:
    """Pin an expert to a bid or keep the two apart, with the reason."""
    case = case_or_404("bid", number, reader_of(request))
    person = find_expert(expert, at=case.reader.at)
    if person is None:
        raise Http404
    now = wish_on(case.thing.pk, expert)
    options = {
        "pin": _("This expert judges this bid"),
        "forbid": _("This expert does not judge this bid"),
        "none": _("No wish: the best proposal decides"),
    }
    back = f"/office/challenges/{case.thing.challenge.number}/experts/proposal/"
    return serve(
        request,
        OneForm(
            operation="wish_pair",
            label=_("Note it and solve again"),
            said=_("Noted. The proposal below keeps to it."),
            params=lambda post: {
                "bid": number,
                "expert": person.email,
                "wish": post.get("wish", ""),
                "why": post.get("why", "").strip(),
            },
            fields=[
                radios("wish", _("What the proposal keeps to"), options, chosen=now.wish if now else ""),
                c.Field(name="why", label=_("Reason"), kind="textarea", maxlength=1000, value=now.why if now else "",
                        help=_("It stays in the journal.")),
            ],
            to=back,
            intro=c.Intro(
                title=_("%(expert)s and %(bid)s") % {"expert": person_name(person), "bid": number}, kicker=shown.title(case)
            ),
            crumbs=c.Breadcrumbs(
                links=[c.Link(_("My desk"), "/desk/"), c.Link(case.thing.challenge.number, back)], here=number
            ),
        ),
    )  # fmt: skip


@only(*CASE_READERS)
def appointed(request: HttpRequest, number: str) -> HttpResponse:
    """The experts last appointed at once: the stored answer, checked against every condition of the stored problem."""
    case = case_or_404("challenge", number, reader_of(request))
    kept = last_slate(case.thing)
    if kept is None:
        raise Http404
    broken = _broken(kept)
    items: list[tuple[str, Any]] = [
        (_("Appointed"), cells.moment(kept.at, case.book.timezone)), (_("By"), kept.by.name),
        (_("Pairs"), str(len(kept.pairs) + len(kept.given))), (_("Total fit"), _number(kept.total)),
        (_("Proven best"), _("yes") if kept.optimal else _("no")), (_("Problem (SHA-256)"), kept.digest),
    ]  # fmt: skip
    items += [(_("Seed of the draw"), kept.seed)] if kept.seed else []
    held = _("The stored answer keeps every condition of the stored problem, whose hash is the journal's.")
    banner = c.Banner(text="; ".join(broken), tone="error") if broken else c.Banner(text=held)
    url = f"{case.url}experts/appointed/"
    parts = {
        **frame(case, "experts"), "facts": None,
        "above": [(_("Experts appointed at once"), [banner, c.Facts(items=items)])],
        "actions": [c.Link(_("The problem (JSON)"), f"{url}problem.json"), c.Link(_("The answer (CSV)"), f"{url}assignment.csv")],
    }  # fmt: skip
    return render(request, "office/appointed.html", parts)


@only(*CASE_READERS)
def download(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The problem last solved and its answer, as `jiebang assign` reads them: `problem.json`, `assignment.csv`."""
    case = case_or_404("challenge", number, reader_of(request))
    kept = last_slate(case.thing)
    if kept is None or kind not in ("problem.json", "assignment.csv"):
        raise Http404
    if kind == "problem.json":
        body, media = kept.problem.encode(), "application/json"
    else:
        rows = "".join(f"{bid},{expert},{fit!r}\n" for bid, expert, fit in kept.pairs)
        body, media = f"bid,expert,affinity\n{rows}".encode(), "text/csv; charset=utf-8"
    response = HttpResponse(body, content_type=media)
    response.headers["Content-Disposition"] = f'attachment; filename="{number}-{kind}"'
    return response


def _broken(kept: Any) -> list[str]:
    """What the stored answer breaks of the stored problem; empty when it holds."""
    from jiebang.adapters.assignment_files import words
    from jiebang.adapters.assignment_problem import problem_of
    from jiebang.engines.assignment.verify import verify

    read = problem_of(kept.problem, name="problem.json")
    if isinstance(read, list):
        return [str(fault) for fault in read]
    if hashlib.sha256(kept.problem.encode()).hexdigest() != kept.digest:
        return [_("The stored problem is not the one of the journal.")]
    bids = {name: place for place, name in enumerate(read[0].bids)}
    experts = {name: place for place, name in enumerate(read[0].experts)}
    pairs = [(bids.get(bid, -1), experts.get(one, -1)) for bid, one, _fit in kept.pairs]
    return [words(item, lang=language_tag()) for item in verify(read[0], pairs).broken]


def _reviewing(request: HttpRequest, number: str) -> Case:
    case = case_or_404("challenge", number, reader_of(request))
    if "reviewing" not in case.book.lifecycles["challenge"].stages[case.thing.stage].flags:
        raise Http404
    return case


def _answered(case: Case, made: Proposal, found: "Slate") -> dict[str, Any]:
    live = live_pairs(case.thing)
    chosen = {(made.bids[bid].pk, made.people[one].pk) for bid, one in found.pairs}
    names = {one.pk: one.name for one in made.people}
    numbers = {bid.pk: bid.number for bid in made.bids}
    gone = [f"{numbers[bid]}: {names[one]}" for (bid, one), state in live.items()
            if (bid, one) not in chosen and state != "signed" and bid in numbers]  # fmt: skip
    proof = (
        _("Nothing fits better in total under these conditions: proven.")
        if found.answer.optimal
        else _("Within %(gap)s of the best.")
        % {"gap": formats.percent(found.answer.gap, lang=language_tag())}
    )
    if found.expected is not None:
        proof = _("Drawn by lot; the seed was committed to before.")
    return {
        "proof": proof, "gone": gone, "digest": made.digest, "figure": c.Figure(plot=_plot(made, found), note=_note()),
        "pairs": _pairs(made, found, live), "loads": _loads(made, found), "new": len(chosen - live.keys()) or len(gone),
    }  # fmt: skip


def _pairs(made: Proposal, found: "Slate", live: Any) -> c.DataTable:
    why = {(item.bid, item.expert): item for item in found.why}
    heads = (
        _("Bid"),
        _("Expert"),
        _("Fit"),
        _("Sector"),
        _("Words"),
        _("Language"),
        _("State"),
        _("Next in line, and why not"),
        "",
    )
    columns = [c.Column(label=text, number=text in heads[2:6]) for text in heads]
    rows = []
    for pair in found.pairs:
        bid, person, fit = made.bids[pair[0]], made.people[pair[1]], found.fits[pair]
        state = _("stays") if (bid.pk, person.pk) in live else _("new")
        said = render_reason(made.told(why[pair].binding)) if pair in why else _("Set before the draw.")
        numbers = (fit.total, fit.sector, fit.words, fit.language)
        rows.append([
            c.Cell(bid.number, f"/office/bids/{bid.number}/"), c.Cell(person_name(person), f"/office/experts/{person.pk}/"),
            *(c.Cell(_number(value)) for value in numbers), c.Cell(state), c.Cell(said),
            c.Cell(_("Pin or keep apart"), f"/office/bids/{bid.number}/experts/{person.pk}/wish/"),
        ])  # fmt: skip
    return c.DataTable(columns=columns, rows=rows)


def _loads(made: Proposal, found: "Slate") -> c.DataTable:
    heads = (_("Expert"), _("Country"), _("Bids here"), _("Most here"))
    columns = [c.Column(label=text, number=text in heads[2:]) for text in heads]
    rows = []
    most = found.problem.room.tolist()
    for place, (one, load) in enumerate(zip(made.wanted.candidates, found.loads, strict=True)):
        room = max(most[place], load)
        name = made.people[place].name
        rows.append([c.Cell(name, f"/office/experts/{made.people[place].pk}/"), c.Cell(cells.country(one.country)),
                     c.Cell(str(load)), c.Cell(str(room))])  # fmt: skip
    return c.DataTable(columns=columns, rows=rows)


def _plot(made: Proposal, found: "Slate") -> charts.Plot:
    points: dict[int, list[float]] = {}
    for pair in found.pairs:
        points.setdefault(pair[0], []).append(found.fits[pair].total)
    means = sorted((sum(values) / len(values), bid) for bid, values in points.items())
    rows = [
        charts.DotRow(label=made.bids[bid].number, points=sorted(points[bid]), mean=mean)
        for mean, bid in means[:PLOTTED]
    ]
    floor = made.wanted.rule.floor
    title = _("The worst-served bid gets a mean fit of %(least)s, the best %(most)s") % {
        "least": _number(means[0][0]), "most": _number(means[-1][0]),
    }  # fmt: skip
    return charts.dot_plot(
        title=title, rows=rows, header=[_("Bid"), _("Experts"), _("Mean fit"), _("Low"), _("High")], show=_number,
        line_at=charts.Line(float(floor), _("floor")) if floor else None, domain=(0.0, 1.0),
    )  # fmt: skip


def _note() -> str:
    return _("Faint: the fit of each expert, 0 to 1. Strong: the mean of the bid, the worst first.")


def _wishes(case: Case) -> c.DataTable | None:
    words = {"pin": _("judges it"), "forbid": _("does not judge it")}
    rows = [
        [c.Cell(row.bid.number), c.Cell(person_name(row.expert)), c.Cell(words[row.wish]), c.Cell(row.why),
         c.Cell(_("Change"), f"/office/bids/{row.bid.number}/experts/{row.expert_id}/wish/")]
        for row in wishes_on(case.thing)
    ]  # fmt: skip
    heads: Sequence[str] = (_("Bid"), _("Expert"), _("What is set"), _("Reason"), "")
    return c.DataTable(columns=[c.Column(label=text) for text in heads], rows=rows) if rows else None


def _number(value: Any) -> str:
    return formats.number(round(float(value), 2), lang=language_tag())
