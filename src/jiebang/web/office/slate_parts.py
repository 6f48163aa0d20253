"""What the pages of a challenge and of a call share of a proposal of experts: pairs and why, loads, the plot, the wishes."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from jiebang.adapters.assignment_plots import Served, quality
from jiebang.operations.proposing import Proposal, Scope
from jiebang.records.people.office import organisations_named
from jiebang.records.reviews.experts import live_pairs, numbers_of, wishes_on
from jiebang.rules.reasons import Reason
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.acting import render_reason
from jiebang.web.office import cells
from jiebang.web.public.frame import person_name
from jiebang.web.site import language_tag, words

if TYPE_CHECKING:
    from jiebang.decisions.slate import Slate
    from jiebang.engines.assignment.problem import Finding, Infeasible


class Told:
    """What the engine found about a proposal, in the reader's words: countries, sectors and institutions by their names."""

    def __init__(self, made: Proposal, scope: Scope) -> None:
        self._made, self._book = made, scope.book
        slugs = {one.institution for one in made.wanted.candidates} - {""}
        self._homes = {slug: cells.organisation(row) for slug, row in organisations_named(slugs).items()}

    def __call__(self, finding: "Finding") -> str:
        said = self._made.told(finding)
        params = dict(said.params)
        if "mark" in params:
            mark = str(params["mark"])
            params["mark"] = _marks().get(mark, mark)
            params["value"] = self._value(mark, str(params.get("value", "")))
        return render_reason(Reason(said.code, params))

    def _value(self, mark: str, value: str) -> str:
        if value == "*":
            return _("any")
        if mark == "country":
            return cells.country(value)
        if mark == "sector":
            term = self._book.vocabulary.sectors.get(value)
            return words(term.label) if term else value
        return self._homes.get(value, value)


def _marks() -> Mapping[str, str]:
    return {"country": _("country"), "institution": _("institution"), "sector": _("sector")}


def infeasible(found: "Infeasible", told: Told) -> dict[str, Any]:
    """What collides, and what would repair it."""
    return {
        "collide": [told(item) for item in found.collide],
        "repairs": [told(item) for item in found.repairs],
    }


def answered(scope: Scope, made: Proposal, found: "Slate") -> dict[str, Any]:
    """What holds for the whole proposal: the proof, who would be let go, the plot, the loads."""
    live = live_pairs(scope.challenges)
    chosen = {(made.bids[bid].pk, made.people[one].pk) for bid, one in found.pairs}
    names = {one.pk: one.name for one in made.people}
    numbers = {bid.pk: bid.number for bid in made.bids}
    gone = [f"{numbers[bid]}: {names[one]}" for (bid, one), state in live.items()
            if (bid, one) not in chosen and state != "signed" and bid in numbers]  # fmt: skip
    return {
        "proof": _proof(found), "gone": gone, "digest": made.digest, "live": live, "asks": len(chosen - live.keys()),
        "figures": _figures(made, found), "loads": _loads(made, found),
        "new": len(chosen - live.keys()) or len(gone),
    }  # fmt: skip


def _proof(found: "Slate") -> str:
    if found.expected is not None:
        return _("Drawn by lot; the seed was committed to before.")
    if found.answer.optimal:
        return _("Nothing fits better in total under these conditions: proven.")
    gap = formats.percent(found.answer.gap, lang=language_tag())
    return _("Within %(gap)s of the best.") % {"gap": gap}


def pairs(
    made: Proposal,
    found: "Slate",
    told: Told,
    live: Any,
    *,
    bids: Collection[int] | None = None,
    back: str = "",
) -> c.DataTable:
    """Every pair with its fit, who is next and why not; `bids` (numbers of the proposal) are those to show."""
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
    for pair in found.pairs if bids is None else [pair for pair in found.pairs if pair[0] in bids]:
        bid, person, fit = made.bids[pair[0]], made.people[pair[1]], found.fits[pair]
        state = _("stays") if (bid.pk, person.pk) in live else _("new")
        said = told(why[pair].binding) if pair in why else _("Set before the draw.")
        numbers = (fit.total, fit.sector, fit.words, fit.language)
        rows.append([
            c.Cell(bid.number, f"/office/bids/{bid.number}/"), c.Cell(person_name(person), f"/office/experts/{person.pk}/"),
            *(c.Cell(number(value)) for value in numbers), c.Cell(state), c.Cell(said),
            c.Cell(_("Pin or keep apart"), f"/office/bids/{bid.number}/experts/{person.pk}/wish/{back}"),
        ])  # fmt: skip
    return c.DataTable(columns=columns, rows=rows)


def _loads(made: Proposal, found: "Slate") -> c.DataTable:
    heads = (_("Expert"), _("Country"), _("Bids here"), _("Most here"))
    columns = [c.Column(label=text, number=text in heads[2:]) for text in heads]
    rows = []
    most = _most(found)
    for place, (one, load) in enumerate(zip(made.wanted.candidates, found.loads, strict=True)):
        room = max(most[place], load)
        name = made.people[place].name
        rows.append([c.Cell(name, f"/office/experts/{made.people[place].pk}/"), c.Cell(cells.country(one.country)),
                     c.Cell(str(load)), c.Cell(str(room))])  # fmt: skip
    return c.DataTable(columns=columns, rows=rows)


def _figures(made: Proposal, found: "Slate") -> list[c.Figure]:
    """How well bids are served, how all pairs fit, and each expert's bids against the limits."""
    rule, most = made.wanted.rule, _most(found)
    served = Served(
        bids=[bid.number for bid in made.bids], experts=[person_name(one) for one in made.people],
        fits={pair: found.fits[pair].total for pair in found.pairs}, most=most,
        least=[min(rule.least_load, room) for room in most], floor=float(rule.floor) if rule.floor else None, span=(0.0, 1.0),
    )  # fmt: skip
    return [
        c.Figure(plot=seen.plot, note=seen.note) for seen in quality(served, lang=language_tag(), show=number)
    ]


def _most(found: "Slate") -> list[int]:
    """How many bids each expert may get here; of a draw by lot, the places set before it count too."""
    given = Counter(one for _, one in found.given)
    rooms = enumerate(found.problem.max_load.tolist())
    return [room + given[place] for place, room in rooms]


def wishes(scope: Scope, *, back: str = "") -> c.DataTable | None:
    """What the office has set, each to be changed."""
    said = {"pin": _("judges it"), "forbid": _("does not judge it")}
    rows = [
        [c.Cell(row.bid.number), c.Cell(person_name(row.expert)), c.Cell(said[row.wish]), c.Cell(row.why),
         c.Cell(_("Change"), f"/office/bids/{row.bid.number}/experts/{row.expert_id}/wish/{back}")]
        for row in wishes_on(scope.challenges)
    ]  # fmt: skip
    heads: Sequence[str] = (_("Bid"), _("Expert"), _("What is set"), _("Reason"), "")
    return c.DataTable(columns=[c.Column(label=text) for text in heads], rows=rows) if rows else None


def kept(row: Any, *, zone: str) -> list[tuple[str, Any]]:
    """What was appointed at once, and whether the stored answer keeps the stored problem."""
    broken = _broken(row)
    items: list[tuple[str, Any]] = [
        (_("Appointed"), cells.moment(row.at, zone)), (_("By"), row.by.name),
        (_("Pairs"), str(len(row.pairs) + len(row.given))), (_("Total fit"), number(row.total)),
        (_("Proven best"), _("yes") if row.optimal else _("no")), (_("Problem (SHA-256)"), row.digest),
    ]  # fmt: skip
    items += [(_("Seed of the draw"), row.seed)] if row.seed else []
    if row.whole:
        numbers = numbers_of(row)
        items.insert(2, (_("For the challenges"), ", ".join(numbers)))
    held = _("The stored answer keeps every condition of the stored problem, whose hash is the journal's.")
    banner = c.Banner(text="; ".join(broken), tone="error") if broken else c.Banner(text=held)
    return [(_("Experts appointed at once"), [banner, c.Facts(items=items)])]


def files(url: str) -> list[c.Link]:
    """Where both files of what was appointed are."""
    return [
        c.Link(_("The problem (JSON)"), f"{url}problem.json"),
        c.Link(_("The answer (CSV)"), f"{url}assignment.csv"),
    ]


def download(row: Any, kind: str, *, number: str) -> HttpResponse:
    """The problem last solved, or its answer, as `jiebang assign` reads them: `problem.json`, `assignment.csv`."""
    if row is None or kind not in ("problem.json", "assignment.csv"):
        raise Http404
    if kind == "problem.json":
        body, media = row.problem.encode(), "application/json"
    else:
        rows = "".join(f"{bid},{expert},{fit!r}\n" for bid, expert, fit in row.pairs)
        body, media = f"bid,expert,affinity\n{rows}".encode(), "text/csv; charset=utf-8"
    response = HttpResponse(body, content_type=media)
    response.headers["Content-Disposition"] = f'attachment; filename="{number}-{kind}"'
    return response


def _broken(row: Any) -> list[str]:
    """What the stored answer breaks of the stored problem; empty when it holds."""
    from jiebang.adapters.assignment_files import words as in_words
    from jiebang.adapters.assignment_problem import problem_of
    from jiebang.engines.assignment.verify import verify

    read = problem_of(row.problem, name="problem.json")
    if isinstance(read, list):
        return [str(fault) for fault in read]
    if hashlib.sha256(row.problem.encode()).hexdigest() != row.digest:
        return [_("The stored problem is not the one of the journal.")]
    bids = {name: place for place, name in enumerate(read[0].bids)}
    experts = {name: place for place, name in enumerate(read[0].experts)}
    found = [(bids.get(bid, -1), experts.get(one, -1)) for bid, one, _fit in row.pairs]
    return [in_words(item, lang=language_tag()) for item in verify(read[0], found).broken]


def number(value: Any) -> str:
    """A fit with two decimals at most, in the reader's form."""
    return _two_decimals(round(float(value), 2), language_tag())


@cache
def _two_decimals(value: float, lang: str) -> str:
    return formats.number(value, lang=lang)
