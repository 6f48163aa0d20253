"""The agreement as PDF, and what is read of it when it comes back: all pages, a page short, another version, no PDF."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

import factories as make
from jiebang.adapters.papers.agreement import agreement_pdf, pages_of, read_scan
from jiebang.adapters.papers.pdf import missing_fonts
from jiebang.decisions.agreement import Scan, Side, Table, Terms, draw, scan_faults
from jiebang.rules.reasons import Reason
from jiebang.trust import canonical

AT = datetime(2026, 6, 1, tzinfo=UTC)
NAMES = {"en": "Sample Land Office", "zh-Hans": "示例土地局", "lo": "ຫ້ອງການທີ່ດິນຕົວຢ່າງ"}


@pytest.fixture(scope="module", autouse=True)
def _fonts() -> None:
    if lacking := missing_fonts(["zh-Hans", "lo"]):
        pytest.skip(f"as root: apt-get install -y {lacking.params['packages']}")


def drawn(version: int = 1) -> dict[str, Any]:
    """An agreement of three pages with its parties in three scripts."""
    sides = [
        Side(slug="lead", role="lead", names={"en": "Sample Lead"}),
        Side(slug="owner", role="owner", names=NAMES),
    ]
    rows = [[str(place), {"en": "A step", "zh-Hans": "一步"}, "2026-10-01"] for place in range(60)]
    codes = [f"agreement.{name}" for name in ("number", "milestone", "due")]
    annex = Table(title="agreement.milestones", columns=codes, rows=rows)
    terms = Terms(
        number="P-1",
        version=version,
        challenge=NAMES,
        sides=sides,
        modes={"collaborative_rd"},
        annexes=[annex],
    )
    return draw(terms, make.guangxi())


def paper(document: dict[str, Any]) -> bytes:
    return agreement_pdf(document, sha256=canonical.digest(document), drawn=AT)


def without(pdf: bytes, *, page: int) -> io.BytesIO:
    """The same without one of its pages."""
    reader, writer, out = PdfReader(io.BytesIO(pdf)), PdfWriter(), io.BytesIO()
    for place, leaf in enumerate(reader.pages, start=1):
        if place != page:
            writer.add_page(leaf)
    writer.write(out)
    out.seek(0)
    return out


def faults(scan: Scan | Reason, document: dict[str, Any]) -> list[str]:
    assert isinstance(scan, Scan)
    code = canonical.digest(document)
    return [item.code for item in scan_faults(scan, code=code, typed=code[:8])]


def test_the_same_document_is_the_same_paper_in_every_script() -> None:
    document = drawn()
    pdf = paper(document)
    assert pdf == paper(document)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    for said in ("Agreement on a challenge", "示例土地局", "Sample Lead", "The text in Chinese governs."):
        assert said in text
    assert "Licence" not in text, "the bid has no such mode"


def test_a_whole_copy_passes_and_one_without_a_page_names_it() -> None:
    document = drawn()
    pdf = paper(document)
    pages = pages_of(pdf)
    assert pages >= 3
    assert faults(read_scan(io.BytesIO(pdf), printed=pages), document) == []
    short = read_scan(without(pdf, page=2), printed=pages)
    assert isinstance(short, Scan)
    found = scan_faults(short, code=canonical.digest(document), typed=canonical.digest(document)[:8])
    assert [(item.code, item.params["pages"]) for item in found] == [("agreement.pages_missing", "2")]


def test_a_copy_of_another_version_is_told_by_its_code() -> None:
    document, other = drawn(), paper(drawn(version=2))
    assert faults(read_scan(io.BytesIO(other), printed=pages_of(other)), document) == ["agreement.other_text"]


@pytest.mark.parametrize("bytes_", [b"", b"%PDF-1.7\nnothing follows", b"PK\x03\x04"])
def test_what_is_no_pdf_is_said_to_be_none(bytes_: bytes) -> None:
    read = read_scan(io.BytesIO(bytes_), printed=3)
    assert isinstance(read, Reason)
    assert read.code == "agreement.no_pdf"


def test_a_rulebook_without_an_agreement_says_of_no_text_that_it_governs() -> None:
    terms = Terms(number="P-1", version=1, challenge=NAMES, sides=[])
    document = draw(terms, make.ring_sea())
    assert document["prevailing"] == ""
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper(document))).pages)
    assert "governs" not in text
