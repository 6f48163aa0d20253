"""The default map: one tile a country, no borders drawn, so that no claim is made on any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from jiebang.web.parts import Part

# Column and row roughly where each capital lies seen from Nanning; Guangxi is the one province among members.
PLACES: dict[str, tuple[int, int]] = {
    "CN-GX": (3, 0), "MM": (0, 1), "LA": (1, 1), "VN": (2, 1), "TH": (0, 2), "KH": (1, 2), "PH": (4, 2),
    "MY": (1, 3), "BN": (3, 3), "SG": (1, 4), "ID": (2, 4), "TL": (4, 4),
}  # fmt: skip
# Where research is done besides: above and beside Guangxi, only on a map that names them.
BESIDE: dict[str, tuple[int, int]] = {"CN-BJ": (3, -1), "CN-SH": (4, -1), "CN-GD": (4, 0), "CN-YN": (2, 0)}
SIZE, GAP = 96, 8


@dataclass(frozen=True, kw_only=True)
class Tile:
    code: str
    name: str
    x: int
    y: int
    value: str = ""
    url: str = ""
    kind: str = "none"


@dataclass(frozen=True, kw_only=True)
class TileMap(Part):
    """`title` is the sentence the map shows; it is also its accessible name."""

    title: str
    tiles: Sequence[Tile]
    width: int = 5 * (SIZE + GAP) - GAP
    height: int = 5 * (SIZE + GAP) - GAP
    template: ClassVar[str] = "components/tiles.html"


def tile_map(
    *,
    title: str,
    names: Mapping[str, str],
    values: Mapping[str, str],
    urls: Mapping[str, str],
    home: str = "CN-GX",
    whole: bool = False,
) -> TileMap:
    """A tile for each place of `names` (code -> name in the reader's language) that has a position.

    Where none has one (another region of the world) they stand in rows, in the order given; on a `whole` map those
    without a position stand in rows beneath the others.

    values: code -> short formatted number or word; urls: code -> where the tile leads. Codes: ISO 3166.
    """
    places = places_of(names, whole=whole)
    tiles = [_tile(code, names[code], values, urls, home, place) for code, place in places.items()]
    rows = 1 + max((row for _, row in places.values()), default=0)
    return TileMap(title=title, tiles=tiles, height=rows * (SIZE + GAP) - GAP)


def places_of(codes: Iterable[str], *, whole: bool = False) -> dict[str, tuple[int, int]]:
    """Column and row of each place that is shown, in the order given; rows begin at 0."""
    listed = list(codes)
    lie = PLACES | BESIDE if whole else PLACES
    known = {code: lie[code] for code in listed if code in lie}
    top = min((row for _, row in known.values()), default=0)
    known = {code: (column, row - min(top, 0)) for code, (column, row) in known.items()}
    rest = [code for code in listed if code not in known]
    if known and not whole:
        return known
    below = 1 + max((row for _, row in known.values()), default=-1)
    beneath = {code: (place % 5, below + place // 5) for place, code in enumerate(rest)}
    return {code: (known | beneath)[code] for code in listed}


def _tile(
    code: str,
    name: str,
    values: Mapping[str, str],
    urls: Mapping[str, str],
    home: str,
    place: tuple[int, int],
) -> Tile:
    column, row = place
    kind = "home" if code == home else "has" if values.get(code) else "none"
    return Tile(
        code=code, name=name, value=values.get(code, ""), url=urls.get(code, ""), kind=kind,
        x=column * (SIZE + GAP), y=row * (SIZE + GAP),
    )  # fmt: skip
