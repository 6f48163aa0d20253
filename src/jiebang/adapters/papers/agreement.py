"""The agreement as PDF, and what a scan of it says."""

import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from jiebang.adapters.papers.pdf import pdf
from jiebang.decisions.agreement import Scan, language, said, shown_code
from jiebang.rules.reasons import Reason, reason, render
from jiebang.rules.texts import pick

_FOOT = re.compile(r"\b([0-9a-f]{4})\s?([0-9a-f]{4})\b\s*(\d+)\s*/\s*(\d+)")


def agreement_pdf(
    document: Mapping[str, Any], *, sha256: str, drawn: datetime, signatures: Sequence[Mapping[str, str]] = (),
    pledged: str = "",
) -> bytes:  # fmt: skip
    """The paper of a drawn document; `signatures` ({slug, line}) given in the product are printed where the seals go.

    `pledged` says who gave the pledge and when.
    """
    tags, prevailing = document["languages"], document["prevailing"]
    words = {name: said(f"agreement.{name}", tags) for name in ("parties", "pledge", "sign_here", "date")}
    governs = {
        tag: render(reason("agreement.prevails", language=language(prevailing, lang=tag)), lang=tag)
        for tag in tags
        if prevailing
    }
    about = {
        tag: render(reason("agreement.about", title=pick(document["challenge"], lang=tag)), lang=tag)
        for tag in tags
    }
    shown = {"code": shown_code(sha256), "words": words, "prevails": governs, "about": about}
    return pdf(
        "agreement", {**document, **shown, "signatures": list(signatures), "pledged": pledged}, made=drawn
    )


def pages_of(paper: bytes) -> int:
    """How many pages a PDF of ours has."""
    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(paper)).pages)


def read_scan(file: BinaryIO, *, printed: int) -> Scan | Reason:
    """What a scan says of itself: its pages; where it has a text layer also page numbers and codes. A Reason if it is no PDF.

    More pages than twice those printed are not read for text: they are too many already.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = PdfReader(file).pages
        count = len(pages)
        told = [page.extract_text() or "" for page in pages] if count <= 2 * printed else []
    except (PyPdfError, ValueError, KeyError, RecursionError, AttributeError, TypeError):
        return reason("agreement.no_pdf", field="scan")
    found = [match for text in told for match in _FOOT.findall(text)]
    codes = sorted({f"{first}{second}" for first, second, _, _ in found})
    return Scan(pages=count, printed=printed, numbers=[int(number) for _, _, number, _ in found], codes=codes)
