"""What a reader program finds in a PDF of ours: its words, as they are searched and copied, and the fonts that are in it.

Where signs are set in another order than they are written (Khmer, Burmese) a PDF says the text beside them (ActualText,
ISO 32000-1, 14.9.4); pypdf does not read it, so it is read here.
"""

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream

from jiebang.adapters.papers.copyable import texts


def words(paper: bytes) -> list[str]:
    """The text of each page, without line breaks."""
    reader = PdfReader(io.BytesIO(paper))
    return [_page(page, reader) for page in reader.pages]


def fonts(paper: bytes) -> set[str]:
    """The names of the fonts whose program is embedded, without the tag of the subset."""
    found = set()
    for page in PdfReader(io.BytesIO(paper)).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index,union-attr]
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            program = inner["/FontDescriptor"].get_object()
            if {"/FontFile2", "/FontFile3"} & set(program):
                found.add(str(inner["/BaseFont"]).lstrip("/").split("+")[-1])
    return found


def strokes(paper: bytes) -> list[list[tuple[bytes, str]]]:
    """What is drawn on each page, in its order: glyphs, places, colours; not what is said beside them."""
    reader = PdfReader(io.BytesIO(paper))
    return [list(_strokes(page, reader)) for page in reader.pages]


def _strokes(page: Any, reader: PdfReader) -> Iterator[tuple[bytes, str]]:
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in (b"Tj", b"TJ"):
            for piece in operands[0] if operator == b"TJ" else [operands[0]]:
                if isinstance(piece, int | float):
                    yield b"shift", str(float(piece))
                    continue
                raw = getattr(piece, "original_bytes", piece)
                for at in range(0, len(raw), 2):
                    yield b"glyph", raw[at : at + 2].hex()
        elif operator not in (b"BDC", b"BMC", b"EMC"):
            yield operator, str(operands)


def _page(page: Any, reader: PdfReader) -> str:
    tables = {name: texts(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
    text, table, said = [], {}, []
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator == b"Tf":
            table = tables[operands[0]]
        elif operator in (b"BDC", b"BMC"):
            about = operands[1] if operator == b"BDC" else {}
            said.append(str(about["/ActualText"]) if "/ActualText" in about else None)
            text.append(said[-1] or "")
        elif operator == b"EMC":
            said.pop()
        elif operator in (b"Tj", b"TJ") and not any(item is not None for item in said):
            shown = operands[0] if operator == b"TJ" else [operands[0]]
            text += [_decoded(piece, table) for piece in shown if not isinstance(piece, int | float)]
    return "".join(text)


def _decoded(piece: Any, table: dict[int, str]) -> str:
    raw = getattr(piece, "original_bytes", piece)
    return "".join(table.get(int.from_bytes(raw[at : at + 2]), "") for at in range(0, len(raw), 2))
