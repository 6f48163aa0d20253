"""The agreement as PDF, and what a scan of it says."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from jiebang.adapters.papers.pdf import pdf
from jiebang.decisions.agreement import CODE, Scan, language, shown_code
from jiebang.rules.reasons import Reason, reason, render
from jiebang.rules.texts import pick

_FOOT = re.compile(r"\b([0-9a-f]{4})\s?([0-9a-f]{4})\b\s*(\d+)\s*/\s*(\d+)")


def agreement_pdf(
    document: Mapping[str, Any], *, sha256: str, signatures: Sequence[Mapping[str, str]] = ()
) -> bytes:
    """The paper of a drawn document; `signatures` ({slug, line}) given in the product are printed where the seals go."""
    languages = document["languages"]
    words = {
        name: _words(f"agreement.{name}", languages) for name in ("parties", "pledge", "sign_here", "date")
    }
    prevails = {
        tag: render(
            reason("agreement.prevails", language=language(document["prevailing"], lang=tag)), lang=tag
        )
        for tag in languages
    }
    about = {
        tag: render(reason("agreement.about", title=pick(document["challenge"], lang=tag)), lang=tag)
        for tag in languages
    }
    return pdf("agreement", {
        **document, "code": shown_code(sha256), "words": words, "prevails": prevails, "about": about,
        "signatures": list(signatures),
    })  # fmt: skip


def pages_of(paper: bytes) -> int:
    """How many pages a PDF of ours has."""
    import io

    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(paper)).pages)


def read_scan(file: BinaryIO, *, printed: int) -> Scan | Reason:
    """What a scan says of itself: its pages; where it has a text layer also page numbers and codes. A Reason if it is no PDF."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = PdfReader(file).pages
        found = [match for page in pages for match in _FOOT.findall(page.extract_text() or "")]
        count = len(pages)
    except (PyPdfError, ValueError, KeyError, RecursionError, AttributeError, TypeError):
        return reason("agreement.no_pdf", field="scan")
    numbers = [int(number) for _, _, number, _ in found]
    codes = {f"{first}{second}" for first, second, _, _ in found}
    return Scan(
        pages=count, printed=printed, numbers=numbers, codes={code for code in codes if len(code) == CODE}
    )


def _words(code: str, languages: Sequence[str]) -> dict[str, str]:
    return {tag: render(reason(code), lang=tag) for tag in languages}
