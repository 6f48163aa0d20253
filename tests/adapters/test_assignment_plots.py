"""Plots of an assignment: what they say, what they draw, and that the tables beneath hold it all."""

from dataclasses import replace
from xml.etree import ElementTree

from jiebang.adapters.assignment_plots import MOST_BIDS, MOST_EXPERTS, Served, quality

SERVED = Served(
    bids=("b1", "b2"), experts=("ann", "bo", "cy"), least=(1, 0, 0), most=(2, 1, 4), floor=0.3, span=(0.0, 1.0),
    fits={(0, 0): 0.5, (0, 1): 0.1, (1, 0): 1.0},
)  # fmt: skip


def test_the_worst_served_bid_comes_first_with_each_of_its_fits_and_the_floor() -> None:
    worst = quality(SERVED, lang="en")[0]
    assert worst.plot.title == "The worst-served bid gets a mean fit of 0.3, the best 1"
    assert worst.plot.rows == (("b1", "0.1, 0.5", "0.3"), ("b2", "1", "1"))
    assert ">floor<" in worst.plot.svg
    assert ">floor<" not in quality(replace(SERVED, floor=None), lang="en")[0].plot.svg


def test_every_pair_is_counted_once_where_its_fit_lies() -> None:
    fits = quality(SERVED, lang="en")[1].plot
    assert fits.title == "Half of the 3 pairs fit at 0.5 or more"
    assert [row for row in fits.rows if row[1] != "0"] == [("0.1–0.2", "1"), ("0.5–0.6", "1"), ("0.9–1", "1")]
    assert len(fits.rows) == 10


def test_fits_of_any_size_are_counted_and_equal_ones_too() -> None:
    for values in ((-700.0, 3.5, 950.0), (2.0, 2.0, 2.0), (0.3, 0.3000001, 0.7), (0.0, 0.0, 0.0)):
        fits = dict(zip(SERVED.fits, values, strict=True))
        counted = quality(replace(SERVED, fits=fits, span=None), lang="en")[1].plot
        assert sum(int(row[1]) for row in counted.rows) == 3, values
        assert len(counted.rows) <= 22


def test_loads_stand_against_their_limits_and_whoever_is_full_is_counted() -> None:
    loads = quality(SERVED, lang="en")[2]
    assert loads.plot.title == "Experts with as many bids as they may get: 2 of 3; with none: 1"
    assert loads.plot.rows == (("ann", "2", "1", "2"), ("bo", "1", "0", "1"), ("cy", "0", "0", "4"))
    drawn = ElementTree.fromstring(loads.plot.svg)
    texts = [item.text for item in drawn.iter() if item.tag.endswith("text")]
    assert texts == ["ann", "2 of 2", "bo", "1 of 1", "cy", "0 of 4"]
    boxes = [float(item.attrib["width"]) for item in drawn.iter() if item.tag.endswith("rect")]
    frames, bars = boxes[::2], boxes[1::2]
    assert bars[0] == frames[0]  # ann is full
    assert bars[2] == 0
    assert frames[2] == 2 * frames[0] == 2 * bars[0]


def test_of_too_many_the_worst_and_the_fullest_are_drawn_and_it_says_so() -> None:
    bids, experts = MOST_BIDS + 5, MOST_EXPERTS + 3
    many = Served(
        bids=[f"b{at}" for at in range(bids)], experts=[f"e{at}" for at in range(experts)],
        least=[0] * experts, most=[9] * experts,
        fits={(bid, bid % experts): 1 - bid / 100 for bid in range(bids)},
    )  # fmt: skip
    worst, _, loads = quality(many, lang="en")
    assert [row[0] for row in worst.plot.rows] == [
        f"b{bids - 1 - at}" for at in range(bids)
    ]  # the tables have all
    assert (">b5<" in worst.plot.svg, ">b4<" in worst.plot.svg) == (True, False)
    assert "Shown are the 30 bids that are served worst, of 35." in worst.note
    assert "Drawn are the 60 experts with most bids, of 63." in loads.note
    assert len(loads.plot.rows) == experts


def test_chinese_and_nobody() -> None:
    assert quality(SERVED, lang="zh-Hans")[2].plot.title == "3 名专家中，份数已满者 2 名，未获分配者 1 名"
    assert quality(replace(SERVED, fits={}), lang="en") == []
