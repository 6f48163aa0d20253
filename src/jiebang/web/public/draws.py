"""A lottery's draw as everybody may read it: the committed list, the numbers, every step, and the file to repeat it."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.adapters.draw_files import draw_file
from jiebang.engines.draw import Pool, Turn, normal_form
from jiebang.operations.draws import draw_of
from jiebang.records.awards.queries import has_result
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.public.frame import moment
from jiebang.web.public.notice import challenge_or_404, draw_of_lottery
from jiebang.web.site import language_tag, reader_of, words


def file(request: HttpRequest, number: str) -> HttpResponse:
    """The draw for `jiebang draw`, once the result is public."""
    challenge, book = challenge_or_404(request, number)
    row = draw_of_lottery(challenge, book) if has_result(challenge, reader=reader_of(request)) else None
    if row is None:
        raise Http404
    return as_file(row, number)


def as_file(row: Any, number: str) -> HttpResponse:
    """A draw's file to be kept."""
    response = HttpResponse(draw_file(draw_of(row)), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="draw-{number}.json"'
    return response


def shown(challenge: Any, book: Rulebook) -> dict[str, Any]:
    """What the result page says of the draw; empty where there was none."""
    row = draw_of_lottery(challenge, book)
    if row is None:
        return {}
    drawn = draw_of(row)
    return {
        "draw": [listed(drawn.pool), facts(row, drawn.pool, book), steps(drawn.turns)],
        "draw_url": f"/challenges/{challenge.number}/draw.json",
    }


def listed(pool: Pool, leads: Mapping[str, str] | None = None) -> c.DataTable:
    """Who is in the draw, in the order of the list; `leads` by bid where the reader may know them."""
    columns = [c.Column(label=_("No."), number=True), c.Column(label=_("Bid"))]
    if pool.amounts is not None:
        columns.append(c.Column(label=_("Amount"), number=True))
    rows = []
    for place, name in enumerate(pool.names, start=1):
        lead = (leads or {}).get(name)
        cells = [c.Cell(str(place)), c.Cell(f"{name} · {lead}" if lead else name)]
        if pool.amounts is not None:
            cells.append(c.Cell(formats.number(pool.amounts[name], lang=language_tag())))
        rows.append(cells)
    return c.DataTable(columns=columns, rows=rows)


def facts(row: Any, pool: Pool, book: Rulebook) -> c.Facts:
    """What was fixed before, when, and the numbers; `row` is None before the list is committed."""
    items: list[tuple[str, Any]] = [(_("Awarded without a draw"), ", ".join(pool.sure) or "–")]
    if pool.places is not None:
        items.append((_("Places to draw for"), str(pool.places)))
    if pool.money is not None:
        items.append((_("Money to draw for"), formats.number(pool.money, lang=language_tag())))
    names = "; ".join(words(source) for source in pool.sources)
    items.append((_("The numbers come from"), names))
    if row is not None:
        items.append((_("SHA-256 of the list"), row.list_hash))
        items.append((_("List committed"), moment(row.committed_at, book=book)))
    if row is not None and row.seed:
        items.append((_("Numbers"), row.seed))
        items.append((_("Key"), normal_form(row.seed)))
        items.append((_("Entered"), moment(row.seeded_at, book=book)))
    if row is not None and row.gone:
        items.append((_("Left before the draw"), ", ".join(row.gone)))
    return c.Facts(items=items, title=_("What was fixed before"))


def steps(turns: tuple[Turn, ...]) -> c.DataTable | None:
    """Every step of the draw as anybody computes it."""
    if not turns:
        return None
    fates = {
        "awarded": _("Awarded"), "no_place": _("No place left"), "over_budget": _("Over the money left"),
        "stopped": _("After one that did not fit"), "gone": _("Left before the draw"),
    }  # fmt: skip
    labels = [
        _("Turn"),
        _("Hash of the key between two counters"),
        _("Left"),
        _("Position"),
        _("Bid"),
        _("Outcome"),
    ]
    rows = [
        [
            c.Cell(str(text))
            for text in (place, t.step.digest, t.step.left, t.step.position, t.step.drawn, fates[t.fate])
        ]
        for place, t in enumerate(turns, start=1)
    ]
    return c.DataTable(columns=[c.Column(label=label) for label in labels], rows=rows)
