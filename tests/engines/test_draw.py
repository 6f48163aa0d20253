"""The draw: the example of its RFC, numbers as people type them, lists that cannot be read, and equal chances."""

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiebang.engines.draw import Pool, normal_form, play, sequence
from jiebang.trust.canonical import digest

# RFC 3797, section 6: the sources, and the ten that it selects of 25
SOURCES = "9319 / 2, 5, 12, 8, 10 / 9, 18, 26, 34, 41, 45"
SELECTED = [17, 7, 2, 16, 25, 23, 8, 24, 19, 13]
FIRST = "990dd0a5692a029a98b5e01aa28f3459"


def test_the_example_of_the_rfc_is_reproduced_digit_by_digit() -> None:
    key = normal_form(SOURCES)
    assert key == "9319./2.5.8.10.12./9.18.26.34.41.45./"
    steps = sequence([str(place) for place in range(1, 26)], key=key, hash="md5")
    assert [int(step.drawn) for step in steps[:10]] == SELECTED
    assert (steps[0].digest, steps[0].left, steps[0].position) == (FIRST, 25, 17)
    assert steps[9].digest == "31cb111c4a4ebe9287ceae16fe51b909"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("7", "7./"), ("007 /", "7./"), ("3 1，2", "1.2.3./"), ("3052.710", "3052.71/"), ("0.50 / 10", "0.5/10./"),
        ("2.5.8./9.", "2.5.8./9./"), ("10 9", "9.10./"), ("0", "0./"), ("１２", None), ("", None), ("1//2", None),
        ("1e3", None), ("-1", None), ("a", None), ("1 / /", None), ("9" * 31, None),
    ],
)  # fmt: skip
def test_numbers_as_people_type_them(typed: str, key: str | None) -> None:
    if key is None:
        with pytest.raises(ValueError, match="number"):
            normal_form(typed)
    else:
        assert normal_form(typed) == key


@given(
    st.lists(st.lists(st.integers(0, 10**6), min_size=1, max_size=6), min_size=1, max_size=4), st.randoms()
)
def test_the_order_inside_a_source_does_not_matter_and_a_key_of_whole_numbers_is_its_own(
    sources: list[list[int]], dice: object
) -> None:
    key = normal_form("/".join(" ".join(map(str, source)) for source in sources))
    turned = normal_form(" / ".join(",".join(map(str, reversed(source))) for source in sources))
    assert key == turned == normal_form(key)


@given(st.lists(st.text(max_size=3), unique=True, max_size=9), st.integers(0, 99))
def test_everybody_is_drawn_once(names: list[str], seed: int) -> None:
    steps = sequence(names, key=f"{seed}./")
    assert sorted(step.drawn for step in steps) == sorted(names)
    assert [step.left for step in steps] == list(range(len(names), 0, -1))


def test_each_is_as_likely_to_be_first() -> None:
    firsts = Counter(sequence("abcde", key=f"{seed}./")[0].drawn for seed in range(5000))
    assert set(firsts) == set("abcde")
    assert all(abs(count - 1000) < 130 for count in firsts.values())  # 4.6 standard deviations of 28.3


POOL = Pool(challenge="榜题-1", names=("甲", "b"), sure=("c",), places=1, sources=({"en": "a lottery"},))


def test_the_commitment_is_the_hash_of_canonical_json_and_the_list_reads_back() -> None:
    data = POOL.as_data()
    assert POOL.digest == digest(data)
    assert Pool.of_data(json.loads(json.dumps(data))) == POOL
    assert len({POOL.digest, Pool(challenge="榜题-1", names=("b", "甲"), sure=("c",), places=1).digest}) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"format": "x"}, {"list": ["b", "b"]}, {"list": 3}, {"places": "1"}, {"money": "1,5"}, {"hash": "crc32"},
        {"more": 1}, {"amounts": {"b": "1"}}, {"skip": None}, {"sources": ["x"]}, {"challenge": 7}, {"places": -1},
        {"salt": "xy"}, {"salt": None},
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="is no list for a draw"):
        Pool.of_data({**POOL.as_data(), **change})
    with pytest.raises(ValueError, match="is no list for a draw"):
        Pool.of_data([])


def test_one_who_left_takes_no_place() -> None:
    first = play(POOL, key="5./")
    assert [turn.fate for turn in first] == ["awarded", "no_place"]
    again = play(POOL, key="5./", gone={first[0].step.drawn})
    assert [turn.fate for turn in again] == ["gone", "awarded"]
