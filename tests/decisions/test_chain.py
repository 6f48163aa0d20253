"""The chain: every fault of a part at once, and the flow that the parts of all projects make."""

from datetime import date
from decimal import Decimal
from typing import Any

import factories as f
from jiebang.decisions.chain import Flow, Part, Told, faults, flows

TODAY = date(2026, 6, 1)
LINKS = ("research", "integration", "application")


def told(**given: Any) -> Told:
    plain: dict[str, Any] = {
        "link": "research", "country": "CN", "region": "CN-BJ", "share": None, "share_of": "", "since": TODAY,
    }  # fmt: skip
    return Told(**{**plain, **given})


def found(said: Told, **given: Any) -> list[tuple[str, str]]:
    plain: dict[str, Any] = {"today": TODAY, "belongs": True, "office": False, "held": (), "shares": ()}
    rows = faults(f.guangxi(), said, **{**plain, **given})
    return [(item.code, str(item.params.get("field"))) for item in rows]


def test_a_sound_part_has_no_fault() -> None:
    assert found(told()) == []
    assert found(told(share=Decimal(100), share_of="money")) == []
    assert found(told(region="")) == []
    assert found(told(), belongs=False, office=True) == [], "the office may name any organisation"


def test_every_fault_is_said_at_once_beside_its_field() -> None:
    wrong = told(link="sales", country="TH", since=date(2026, 6, 2), share=Decimal(20))
    assert found(wrong, belongs=False) == [
        ("chain.unknown_link", "link"), ("chain.not_a_party", "organisation"), ("chain.other_region", "region"),
        ("chain.in_future", "since"), ("chain.share_of_what", "share_of"),
    ]  # fmt: skip
    assert found(told(country="", region="")) == [("chain.no_country", "country")]
    assert found(told(), held={"research"}) == [("chain.already", "link")]


def test_a_rulebook_without_a_chain_says_so() -> None:
    book = f.guangxi()
    without = book.model_copy(update={"vocabulary": book.vocabulary.model_copy(update={"chain": {}})})
    rows = faults(without, told(), today=TODAY, belongs=True, office=False, held=(), shares=())
    assert [item.code for item in rows] == ["chain.none"]


def test_shares_are_of_something_and_never_more_than_the_whole() -> None:
    def share(number: str, of: str = "effort", *others: int) -> list[str]:
        said = told(share=Decimal(number), share_of=of)
        return [code for code, _ in found(said, shares=[Decimal(item) for item in others])]

    assert share("0") == share("-1") == share("100.01") == ["chain.share_range"]
    assert share("40", "effort", 30, 30) == []
    assert share("40.01", "effort", 30, 30) == ["chain.share_beyond"]
    assert found(told(share_of="money")) == [("chain.share_of_nothing", "share")]


def test_what_flows_is_what_the_projects_join() -> None:
    nodes, joined = flows(
        [
            Part("P-1", "application", "LA"), Part("P-1", "research", "CN-BJ"), Part("P-1", "integration", "CN-GX"),
            Part("P-2", "research", "CN-BJ"), Part("P-2", "research", "CN-SH"), Part("P-2", "integration", "CN-GX"),
            Part("P-2", "integration", "CN-GX"),
        ],
        LINKS,
    )  # fmt: skip
    assert [(node.link, node.place, node.projects) for node in nodes] == [
        ("research", "CN-BJ", ("P-1", "P-2")), ("research", "CN-SH", ("P-2",)), ("integration", "CN-GX", ("P-1", "P-2")),
        ("application", "LA", ("P-1",)),
    ]  # fmt: skip
    assert joined == [Flow(0, 2, ("P-1", "P-2")), Flow(1, 2, ("P-2",)), Flow(2, 3, ("P-1",))]


def test_a_project_that_lacks_a_link_goes_on_to_the_next_that_it_has() -> None:
    _, joined = flows([Part("P-1", "research", "CN-BJ"), Part("P-1", "application", "LA")], LINKS)
    assert joined == [Flow(0, 1, ("P-1",))]
    assert flows([], LINKS) == ([], [])
