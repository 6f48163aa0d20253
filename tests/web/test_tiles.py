"""Tiles of countries: where they lie, or in rows where nobody knows."""

from jiebang.web.tiles import SIZE, tile_map


def test_known_countries_keep_their_place_and_unknown_ones_stand_in_rows() -> None:
    known = tile_map(title="", names={"VN": "Viet Nam", "XD": "Aldermark"}, values={"VN": "2"}, urls={})
    assert [(tile.code, tile.kind) for tile in known.tiles] == [("VN", "has")]
    other = tile_map(
        title="",
        names={code: code for code in ("XA", "XB", "XC", "XD", "XE", "XF")},
        values={"XF": "1"},
        urls={},
    )
    assert [tile.y for tile in other.tiles] == [0, 0, 0, 0, 0, other.tiles[5].y]
    assert other.tiles[5].y > SIZE
    assert len({(tile.x, tile.y) for tile in other.tiles}) == 6


def test_a_whole_map_shows_every_place_without_two_on_one() -> None:
    names = {code: code for code in ("CN-BJ", "CN-GX", "LA", "CN-SC", "XD")}
    whole = tile_map(title="", names=names, values={}, urls={}, whole=True)
    assert [tile.code for tile in whole.tiles] == list(names)
    at = {tile.code: (tile.x, tile.y) for tile in whole.tiles}
    assert len(set(at.values())) == 5
    assert at["CN-BJ"][1] == 0, "the map begins with its first row"
    assert at["CN-BJ"][1] < at["CN-GX"][1] < at["LA"][1] < at["CN-SC"][1] == at["XD"][1]
    assert whole.height >= at["XD"][1] + SIZE
    assert [tile.code for tile in tile_map(title="", names=names, values={}, urls={}).tiles] == [
        "CN-GX",
        "LA",
    ]
