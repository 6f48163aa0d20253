"""Where a result went: its copies as a tree of places, and as tiles of countries."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from jiebang.decisions.replication import CONFIRMED
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.office import cells
from jiebang.web.replications.tables import since, state
from jiebang.web.site import language_tag, words
from jiebang.web.tiles import tile_map

Where = Callable[[Any], str]


def tree(
    project: Any, rows: Sequence[Any], *, where: Where, zone: str, here: str = "", origin: str = ""
) -> c.Tree:
    """The origin with its copies under it, and theirs under them; `here` is the number of the one that is open."""
    need = project.challenge.need
    root = c.Branch(
        name=cells.party(need.owner), url=origin, note=f"{cells.country(need.country)} · {_('origin')} {project.number}",
        under=_under(None, rows, where=where, zone=zone, here=here),
    )  # fmt: skip
    return c.Tree(branches=[root], label=_("The origin and its copies"))


def tiles(project: Any, rows: Sequence[Any], book: Rulebook, *, where: Where) -> c.TileMap:
    """The countries of the programme; the origin's, and those with copies, say so and lead to them."""
    lang, home = language_tag(), str(project.challenge.need.country)
    asked = {code for place in book.places.values() for code in place.countries}
    asked |= {home, *(row.country for row in rows)} - {""}
    regions = {code: words(place.label) for place in book.places.values() for code in place.regions}
    names = {code: formats.short_country(code, lang=lang) for code in sorted(asked)} | regions
    counts = {row.country: sum(one.country == row.country for one in rows) for row in rows}
    values = {code: formats.number(count, lang=lang) for code, count in counts.items()}
    values[home] = f"{_('origin')} +{counts[home]}" if home in counts else _("origin")
    urls = {row.country: where(row) for row in reversed(rows)} | {home: "#origin"}
    return tile_map(title=_map_title(rows), names=names, values=values, urls=urls, home=home)


def _map_title(rows: Sequence[Any]) -> str:
    used = sum(row.state == CONFIRMED for row in rows)
    countries = len({row.country for row in rows})
    return _("Copies: %(n)s, in use: %(used)s, countries: %(countries)s") % {
        "n": len(rows), "used": used, "countries": countries,
    }  # fmt: skip


def _under(parent: int | None, rows: Sequence[Any], *, where: Where, zone: str, here: str) -> c.Tree | None:
    found = [row for row in rows if row.parent_id == parent]
    branches = [
        c.Branch(
            name=cells.party(row.owner), url=where(row), note=_note(row, zone), stamp=state(row), here=row.number == here,
            under=_under(row.pk, rows, where=where, zone=zone, here=here),
        )
        for row in found
    ]  # fmt: skip
    return c.Tree(branches=branches, label=_("Copies")) if branches else None


def _note(row: Any, zone: str) -> str:
    return f"{cells.country(row.country)} · {row.number} · {since(row, zone)}"
