"""A paper whose text is found once when it is searched or copied.

Where a mark stands higher or lower than its letter (Thai, Lao, Khmer, Burmese), typst draws it apart and says the whole
syllable again; the second time is given the empty text (ActualText, ISO 32000-1, 14.9.4). What is seen stays as it is.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Matrix = tuple[float, float, float, float, float, float]
Part = tuple[bytes, str]  # a glyph or a shift as it is written, and the text of the glyph

_SAME = 0.001  # points: two heights that differ by less are one
_CODES = re.compile(rb"<([0-9A-Fa-f]+)>")
_SIGN = rb"\\[\s\S]|[^\\()]"  # brackets stand bare in a string where they are in pairs
_STRING = rb"\((?:" + _SIGN + rb"|\((?:" + _SIGN + rb"|\((?:" + _SIGN + rb")*\))*\))*\)"
_SIX = rb"(?:[-\d.]+\s+){6}"
_OPERATION = re.compile(
    rb"(?P<show>\[(?:" + _STRING + rb"|<[0-9A-Fa-f]*>|[-\d.\s])*\]\s*TJ|" + _STRING + rb"\s*Tj)"
    rb"|/(?P<font>\w+)\s+[\d.]+\s+Tf\b"
    rb"|(?P<at>" + _SIX + rb")Tm\b"
    rb"|(?P<move>" + _SIX + rb")cm\b"
    rb"|(?P<begin>/\w+\s*(?:<<(?:" + _STRING + rb"|<[0-9A-Fa-f]*>|[^<>()])*>>|/\w+)?\s*B[DM]C\b)"
    rb"|\b(?P<word>EMC|q|Q)\b"
)  # fmt: skip
_ACTUAL = re.compile(rb"/ActualText\s*(?:<FEFF([0-9A-Fa-f]*)>|(" + _STRING + rb"))")
_PIECE = re.compile(rb"(?P<text>" + _STRING + rb")|<(?P<hex>[0-9A-Fa-f]*)>|(?P<shift>[-\d.]+)")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|[\s\S])")
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b""}
_SILENT = b"/Span<</ActualText<FEFF>>>BDC "


def copyable(paper: bytes) -> bytes:
    """The same paper, each syllable said once."""
    from pypdf import PdfWriter
    from pypdf.generic import StreamObject

    writer = PdfWriter(clone_from=io.BytesIO(paper))
    for page in writer.pages:
        content: Any = page["/Contents"].get_object()
        stream = StreamObject()
        stream.set_data(_Page(page).told(content.get_data()))
        writer._replace_object(page.raw_get("/Contents"), stream.flate_encode())
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
        self._tables = {str(name)[1:].encode(): texts(font.get_object()) for name, font in fonts.items()}
        self._table: Mapping[int, str] = {}
        self._ctm: Matrix = (1, 0, 0, 1, 0, 0)
        self._stack: list[Matrix] = []
        self._tm: Matrix = self._ctm
        self._spans: list[
            tuple[str, int] | None
        ] = []  # the text of each open span and where its beginning stands in `_out`
        self._out: list[bytes] = []
        self._last = _Said("", 0.0, b"")
        self._apart = False  # whether a part of the last syllable was drawn apart

    def told(self, data: bytes) -> bytes:
        """The content of the page, with empty texts around what was said already; all else stays byte for byte."""
        done = 0
        for found in _OPERATION.finditer(data):
            self._out.append(data[done : found.start()])
            done = found.end()
            if found["show"]:
                self._out += self._show(found["show"])
            else:
                self._out.append(found[0])
                self._follow(found)
        return b"".join([*self._out, data[done:]])

    def _follow(self, found: re.Match[bytes]) -> None:
        if found["at"]:
            self._tm = _matrix(found["at"])
        elif found["move"]:
            self._ctm = _times(_matrix(found["move"]), self._ctm)
        elif found["font"]:
            self._table = self._tables.get(found["font"], {})
        elif found["begin"]:
            text = _actual(found["begin"])
            self._spans.append(None if text is None else (text, len(self._out) - 1))
        elif found["word"] == b"q":
            self._stack.append(self._ctm)
        elif found["word"] == b"Q" and self._stack:
            self._ctm = self._stack.pop()
        elif found["word"] == b"EMC" and self._spans:
            self._spans.pop()

    def _show(self, raw: bytes) -> Iterator[bytes]:
        height = _times(self._tm, self._ctm)[5]
        span = next((item for item in self._spans if item is not None), None)
        parts = list(self._parts(raw))
        first, said = next(((glyph, text) for glyph, text in parts if text), (b"", ""))
        if span is not None:
            self._in_span(*span, height, next((part for part, _ in parts if part[:1] == b"<"), b""))
            yield raw
            return
        again = 0
        if self._repeated(_Said(said, height, first)):
            again = next((at for at, (_, text) in enumerate(parts) if text and text != said), len(parts))
        if told := [(text, glyph) for glyph, text in parts[again:] if text]:
            self._last, self._apart = _Said(told[-1][0], height, told[-1][1]), False
        yield raw if not again else _SILENT + _shown(parts[:again]) + b" EMC "
        if again and parts[again:]:
            yield _shown(parts[again:])

    def _in_span(self, text: str, begins: int, height: float, glyph: bytes) -> None:
        told = _Said(text, height, glyph)
        if self._repeated(told):
            self._out[begins] = _SILENT
        elif text:
            self._last, self._apart = told, False

    def _repeated(self, told: _Said) -> bool:
        """The last syllable again: at another height, or back on the line with another sign than it began with."""
        last = self._last
        if not told.text or told.text != last.text:
            return False
        apart = abs(told.height - last.height) > _SAME
        if not apart and not (self._apart and told.glyph != last.glyph):
            return False
        self._apart = True
        return True

    def _parts(self, raw: bytes) -> Iterator[Part]:
        """Each glyph with its text; a shift has none."""
        for piece in _PIECE.finditer(raw):
            if piece["shift"]:
                yield piece["shift"], ""
                continue
            codes = _plain(piece["text"]) if piece["text"] else bytes.fromhex(piece["hex"].decode())
            for at in range(0, len(codes), 2):
                code = codes[at : at + 2]
                yield b"<" + code.hex().encode() + b">", self._table.get(int.from_bytes(code), "")


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


def _shown(parts: list[Part]) -> bytes:
    return b"[" + b" ".join(part for part, _ in parts) + b"]TJ"


def _actual(begin: bytes) -> str | None:
    """The text that a span gives for what stands in it; None where it gives none."""
    found = _ACTUAL.search(begin)
    if found is None:
        return None
    return (
        _plain(found[2]).decode("latin-1")
        if found[2]
        else bytes.fromhex(found[1].decode()).decode("utf-16-be")
    )


def _plain(string: bytes) -> bytes:
    """The bytes of a literal string."""
    return _ESCAPE.sub(_unescaped, string[1:-1]) if b"\\" in string else string[1:-1]


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8) & 255]) if sign[:1] in b"01234567" else _NAMED.get(sign, sign)


def _matrix(six: bytes) -> Matrix:
    a, b, c, d, e, f = map(float, six.split())
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
