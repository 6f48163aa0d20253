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
