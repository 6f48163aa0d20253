"""A paper whose text is found once when it is searched or copied.

Where a mark stands higher or lower than its letter (Thai, Lao, Khmer, Burmese), typst draws it apart and says the whole
syllable again; the second time is given the empty text (ActualText, ISO 32000-1, 14.9.4). What is seen stays as it is.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_CODES = re.compile(rb"<([0-9A-Fa-f]+)>")
_SAME = 0.001  # points: two heights that differ by less are one

Matrix = tuple[float, float, float, float, float, float]
Operation = tuple[Any, bytes]


def copyable(paper: bytes) -> bytes:
    """The same paper, each syllable said once."""
    from pypdf import PdfWriter
    from pypdf.generic import ContentStream

    writer = PdfWriter(clone_from=io.BytesIO(paper))
    for page in writer.pages:
        stream = ContentStream(page.get_contents(), writer)
        stream.operations = list(_Page(page).told(stream.operations))
        page.replace_contents(stream)
        page.compress_content_streams()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Said:
    """A syllable that was said, at which height, beginning with which glyph."""

    text: str
    height: float
    glyph: bytes


class _Page:
    """Where text is on a page, and what was said last at which height."""

    def __init__(self, page: Any) -> None:
        fonts = page["/Resources"].get("/Font", {})
        self._tables = {name: texts(font.get_object()) for name, font in fonts.items()}
        self._table: dict[int, str] = {}
        self._ctm: Matrix = (1, 0, 0, 1, 0, 0)
        self._stack: list[Matrix] = []
        self._tm: Matrix = self._ctm
        self._spans: list[Any] = []
        self._last = _Said("", 0.0, b"")
        self._apart = False  # whether a part of the last syllable was drawn apart

    def told(self, operations: Any) -> Iterator[Operation]:
        """The operations, with empty texts around what was said already."""
        for operands, operator in operations:
            self._follow(operands, operator)
            if operator == b"Tj":
                yield from self._show([operands[0]])
            elif operator == b"TJ":
                yield from self._show(operands[0])
            else:
                yield operands, operator

    def _follow(self, operands: Any, operator: bytes) -> None:
        if operator == b"q":
            self._stack.append(self._ctm)
        elif operator == b"Q" and self._stack:
            self._ctm = self._stack.pop()
        elif operator == b"cm":
            self._ctm = _times(_matrix(operands), self._ctm)
        elif operator == b"Tm":
            self._tm = _matrix(operands)
        elif operator == b"Tf":
            self._table = self._tables.get(operands[0], {})
        elif operator in (b"BDC", b"BMC"):
            self._spans.append(operands[1] if operator == b"BDC" and "/ActualText" in operands[1] else None)
        elif operator == b"EMC" and self._spans:
            self._spans.pop()

    def _show(self, pieces: Any) -> Iterator[Operation]:
        height = _times(self._tm, self._ctm)[5]
        span = next((item for item in self._spans if item is not None), None)
        parts = list(self._parts(pieces))
        if span is not None:
            self._in_span(span, height, next((piece for piece, _ in parts if isinstance(piece, bytes)), b""))
            yield [_array(list(pieces))], b"TJ"
            return
        first, said = next(((piece, text) for piece, text in parts if text), (b"", ""))
        again = 0
        if self._repeated(_Said(said, height, first)):
            again = next((at for at, (_, text) in enumerate(parts) if text and text != said), len(parts))
        if again:
            yield from _silent([piece for piece, _ in parts[:again]])
        if rest := [piece for piece, _ in parts[again:]]:
            yield [_array(rest)], b"TJ"
        if told := [(text, piece) for piece, text in parts[again:] if text]:
            self._last, self._apart = _Said(told[-1][0], height, told[-1][1]), False

    def _in_span(self, span: Any, height: float, glyph: bytes) -> None:
        from pypdf.generic import NameObject, TextStringObject

        told = _Said(str(span["/ActualText"]), height, glyph)
        if self._repeated(told):
            span[NameObject("/ActualText")] = TextStringObject("")
        elif told.text:
            self._last, self._apart = told, False

    def _repeated(self, told: "_Said") -> bool:
        """The last syllable again: at another height, or back on the line with another sign than it began with."""
        last = self._last
        if not told.text or told.text != last.text:
            return False
        apart = abs(told.height - last.height) > _SAME
        if not apart and not (self._apart and told.glyph != last.glyph):
            return False
        self._apart = True
        return True

    def _parts(self, pieces: Any) -> Iterator[tuple[Any, str]]:
        """Each glyph with its text; a shift has none."""
        from pypdf.generic import ByteStringObject

        for piece in pieces:
            if isinstance(piece, int | float):
                yield piece, ""
                continue
            raw = getattr(piece, "original_bytes", piece)
            for at in range(0, len(raw), 2):
                code = raw[at : at + 2]
                yield ByteStringObject(code), self._table.get(int.from_bytes(code), "")


def texts(font: Any) -> dict[int, str]:
    """Glyph -> text, as the ToUnicode map of a font says."""
    found: dict[int, str] = {}
    kind = b""
    for line in font["/ToUnicode"].get_data().splitlines():
        if b"beginbf" in line:
            kind = line.split()[-1]
        parts = [bytes.fromhex(item.decode()) for item in _CODES.findall(line)]
        if kind == b"beginbfchar" and len(parts) == 2:
            found[int.from_bytes(parts[0])] = parts[1].decode("utf-16-be")
        elif kind == b"beginbfrange" and len(parts) == 3:
            first, last, start = (int.from_bytes(part) for part in parts)
            found |= {glyph: chr(start + glyph - first) for glyph in range(first, last + 1)}
    return found


def _silent(pieces: list[Any]) -> Iterator[Operation]:
    from pypdf.generic import DictionaryObject, NameObject, TextStringObject

    empty = DictionaryObject({NameObject("/ActualText"): TextStringObject("")})
    yield [NameObject("/Span"), empty], b"BDC"
    yield [_array(pieces)], b"TJ"
    yield [], b"EMC"


def _array(pieces: list[Any]) -> Any:
    from pypdf.generic import ArrayObject

    return ArrayObject(pieces)


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(item) for item in operands)
    return a, b, c, d, e, f


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    k, m, n, p, q, r = other
    return (
        a * k + b * n,
        a * m + b * p,
        c * k + d * n,
        c * m + d * p,
        e * k + f * n + q,
        e * m + f * p + r,
    )
