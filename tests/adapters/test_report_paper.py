"""Reports as PDF: each script in an embedded font of its own, its words found again, as many pages as there should be."""

from datetime import UTC, datetime
from typing import Any

import pytest

import factories as make
import paper_text
from jiebang.adapters.papers.agreement import agreement_pdf
from jiebang.adapters.papers.pdf import FONTS, missing_fonts, scripts
from jiebang.adapters.papers.report import report_pdf
from jiebang.decisions import case
from jiebang.decisions.agreement import Side, Terms, draw
from jiebang.decisions.case import Case, Place
from jiebang.decisions.report import Statement, Version
from jiebang.trust import canonical

# "The village cooperative uses this reader every day" and the like, in words as people write them.
WORDS = {
    "zh-Hans": "使用单位每天使用该系统",
    "th": "ชาวประมงใช้เครื่องวัดนี้ทุกวัน ผู้ใช้สิบสองคนพอใจ",
    "lo": "ຫ້ອງການທີ່ດິນໃຊ້ເຄື່ອງອ່ານນີ້ທຸກມື້",
    "km": "ការិយាល័យដីធ្លីប្រើឧបករណ៍នេះរាល់ថ្ងៃ សតិសម្បជញ្ញៈ",
    "my": "ကျေးရွာသမဝါယမသည် ဤစနစ်ကို နေ့တိုင်း အသုံးပြုသည် ဂုဏ်သိက္ခာ",
    "vi": "Đơn vị sử dụng hệ thống này mỗi ngày",
}
PLACE = Place(
    names={"en": "Sample Land Office", "zh-Hans": "示例土地局"}, country={"en": "Lao PDR", "zh-Hans": "老挝"}
)


@pytest.fixture(scope="module", autouse=True)
def _fonts() -> None:
    if lacking := missing_fonts(list(FONTS)):
        pytest.skip(f"as root: apt-get install -y {lacking.params['packages']}")


def drawn(*said: Statement) -> dict[str, Any]:
    """A case in which its owner says this."""
    return case.report(
        Case(
            number="P-1", challenge="C-1", title={"en": "Reading handwritten papers", "zh-Hans": "手写公文识别"},
            on="2027-03-01", owner=PLACE, lead=PLACE, need=(), needed_on="2026-01-01", validated_on="2027-01-01", days=365,
            sha256="a" * 64, shown=(), rows=(), statements=said, copies=(), gains=(), uses=(),
        ),
        make.guangxi(),
    )  # fmt: skip


def said(lang: str, text: str) -> Statement:
    return Statement(label={"en": "Statement"}, versions=[Version(lang=lang, text=text)])


def paper(document: dict[str, Any]) -> bytes:
    return report_pdf(document, sha256=canonical.digest(document))


@pytest.mark.parametrize("lang", WORDS)
def test_a_script_has_its_own_font_in_the_paper_and_its_words_are_found_again(lang: str) -> None:
    document = drawn(said(lang, WORDS[lang]))
    made = paper(document)
    family = FONTS.get(lang.split("-")[0], ("Noto Sans", ""))[0].replace(" ", "").replace("SC", "sc")
    assert f"{family}-Regular" in paper_text.fonts(made)
    text = "".join(paper_text.words(made)).replace(" ", "")
    assert text.count(WORDS[lang].replace(" ", "")) == 1
    assert made == paper(document)


@pytest.mark.parametrize("twice", ["ซ้ำซ้ำที่ที่", "ທີ່ທີ່ຊ້າຊ້າ", "ដីដីរាល់រាល់ថ្ងៃថ្ងៃ", "နေ့နေ့စို့စို့"])
def test_what_somebody_wrote_twice_stays_twice(twice: str) -> None:
    assert twice in "".join(paper_text.words(paper(drawn(said("en", twice)))))


def test_a_paper_looks_the_same_as_typst_set_it(monkeypatch: Any) -> None:
    document = drawn(said("km", WORDS["km"]))
    made = paper(document)
    monkeypatch.setattr("jiebang.adapters.papers.pdf.copyable", lambda paper: paper)
    assert paper_text.strokes(made) == paper_text.strokes(paper(document))
    assert paper_text.words(made) != paper_text.words(paper(document)), (
        "once typst does it itself, ours can go"
    )


def test_a_script_nobody_announced_is_seen_in_the_text_and_its_font_asked_for(monkeypatch: Any) -> None:
    document = drawn(said("shn", "ၵႂၢမ်းတႆး"))
    assert scripts(document) == {"zh", "my"}
    monkeypatch.setattr("jiebang.adapters.papers.pdf._families", lambda: frozenset({"Noto Sans CJK SC"}))
    assert missing_fonts(document["languages"]) is None
    lacking = missing_fonts(document["languages"], document)
    assert lacking is not None
    assert lacking.params["packages"] == "fonts-noto-core"


def test_every_page_says_day_hash_and_its_number() -> None:
    document = drawn(*(said(lang, f"{WORDS[lang]} " * 60) for lang in WORDS))
    pages = paper_text.words(paper(document))
    assert len(pages) == 4
    for place, text in enumerate(pages, 1):
        assert f"P-1 · 2027-03-01SHA-256 {canonical.digest(document)}{place}/4" in text


def test_a_paper_of_one_page_has_one() -> None:
    assert len(paper_text.words(paper(drawn()))) == 1


def test_the_name_of_a_party_in_its_own_script_is_found_in_an_agreement_too() -> None:
    names = {"en": "Sample Farm", "th": "สหกรณ์ผู้เลี้ยงกุ้งตัวอย่าง", "my": "နမူနာ သမဝါယမ"}
    for tag in ("th", "my"):
        side = Side(slug="owner", role="owner", names={tag: names[tag]})
        document = draw(Terms(number="P-1", version=1, challenge={"en": "A"}, sides=[side]), make.guangxi())
        made = agreement_pdf(document, sha256="b" * 64, drawn=datetime(2026, 6, 1, tzinfo=UTC))
        assert names[tag] in "".join(paper_text.words(made))
