"""The draw in report.html: what stands there is enough to repeat it by hand, and nothing is told before the numbers are known."""

import hashlib
import re
from dataclasses import replace
from decimal import Decimal
from html import unescape

from jiebang.adapters.report_draws import section
from jiebang.adapters.round_words import Words
from jiebang.decisions.bundle import Bundle, Challenge
from jiebang.decisions.lottery import Draw
from jiebang.decisions.round import run
from jiebang.engines.draw import Pool
from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook

BOOK = "format: jiebang-rulebook/1\nid: lots\ntitle: {en: A draw, zh-Hans: 抽签}\nlanguages: [en, zh-Hans]\n"
POOL = Pool(
    challenge="C1", names=("b2", "b3", "b4", "b<5>"), sure=("b1",), places=2, money=Decimal("100.50"),
    amounts={"b2": Decimal(60), "b3": Decimal(50), "b4": Decimal(40), "b<5>": Decimal("1234567.5")},
    sources=({"en": "The state lottery", "zh-Hans": "彩票"}, {"en": "The index", "zh-Hans": "指数"}),
)  # fmt: skip
DRAWN = Draw(pool=POOL, seed="12 5 8 / 9319", gone=frozenset({"b4"}))


def words(lang: str = "en") -> Words:
    book = load(BOOK)
    assert isinstance(book, Rulebook), book
    bundle = Bundle(
        name="test", digest="ab" * 32, timezone=None, currency="CNY", as_of=None, files={}, carried=frozenset(),
        bids=(), challenges=(Challenge(id="C1"),),
    )  # fmt: skip
    return Words(book, run(book, bundle), lang)


def cells(page: str) -> list[list[str]]:
    """The rows of all tables, headings left out."""
    rows = re.findall(r"<tr>((?:<td>.*?</td>)+)</tr>", page)
    return [[unescape(text) for text in re.findall(r"<td>(.*?)</td>", row)] for row in rows]


def test_every_step_follows_from_the_list_and_the_key_that_stand_on_the_page() -> None:
    page = section(DRAWN, file="draws/1-C1.json", words=words())
    key = re.search(r"<dt>Key</dt><dd>(.*?)</dd>", page)
    assert key
    assert key[1] == "5.8.12./9319./"
    rows = cells(page)
    left, steps = [row[1] for row in rows if len(row) == 3], [row for row in rows if len(row) == 6]
    assert left == ["b2", "b3", "b4", "b<5>"]
    assert len(steps) == 4
    for turn, (number, digest, count, position, drawn, _) in enumerate(steps):
        counter = turn.to_bytes(2, "big")
        assert digest == hashlib.sha256(counter + key[1].encode() + counter).hexdigest()
        place = int(digest, 16) % len(left)
        assert (number, count, position) == (str(turn + 1), str(len(left)), str(place + 1))
        assert drawn == left.pop(place)


def test_what_became_of_each_turn_is_told_and_counted_in_the_heading() -> None:
    page = section(DRAWN, file="draws/1-C1.json", words=words())
    fates = {row[4]: row[5] for row in cells(page) if len(row) == 6}
    assert fates["b4"] == "Left before the draw"
    assert fates["b<5>"] == "Over the money left"
    won = [bid for bid, fate in fates.items() if fate == "Awarded"]
    assert won
    assert set(won) <= {"b2", "b3"}  # 110 together, which is over 100.50: one of the two
    assert len(won) == 1
    assert "The draw: 4 bids, 1 of them awarded by lot" in page
    assert "<dt>Money to draw for</dt><dd>100.50</dd>" in page
    assert "<dt>Awarded without a draw</dt><dd>b1</dd>" in page
    assert "The state lottery; The index" in page
    assert f"jiebang draw draws/1-C1.json --list {POOL.digest}" in page
    assert "b<5>" not in page  # escaped wherever it stands


def test_before_the_numbers_only_what_is_fixed_is_told() -> None:
    page = section(replace(DRAWN, seed=None, gone=frozenset()), file="draws/1-C1.json", words=words())
    assert "The draw: 4 bids wait for the public numbers" in page
    assert [row for row in cells(page) if len(row) == 6] == []
    assert "Every step" not in page
    assert "Key" not in page
    assert POOL.digest in page
    assert "Publish the hash of the list before the numbers are known" in page


def test_without_money_no_amounts_are_listed_and_chinese_is_there() -> None:
    free = replace(POOL, money=None, amounts=None)
    page = section(replace(DRAWN, pool=free), file="draws/1-C1.json", words=words("zh-Hans"))
    assert [row[1] for row in cells(page) if len(row) == 2] == ["b2", "b3", "b4", "b<5>"]
    assert "4 份揭榜书参加，2 份中签挂帅" in page
    assert "彩票; 指数" in page
    assert "抽签可用经费" not in page
