"""Files under their hash: written once, read by anybody who knows the hash and was let through by a page.

The port is two functions. `keep` streams an upload to disk, hashes it on the way and checks size and kind by its
first bytes, not by its name; `opened` reads it again. The folder is the home's `files/`.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from jiebang.rules.reasons import Reason, reason

# First bytes -> kind. A name that claims otherwise is refused.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"), (b"PK\x03\x04", "application/zip"),
)  # fmt: skip
_BY_NAME = {
    ".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
    ".zip": "application/zip", ".docx": "application/zip", ".xlsx": "application/zip", ".pptx": "application/zip",
    ".odt": "application/zip", ".ods": "application/zip", ".txt": "text/plain", ".csv": "text/plain", ".md": "text/plain",
    ".json": "text/plain",
}  # fmt: skip
ACCEPTED = ",".join(_BY_NAME)
LEAST_FREE = 200_000_000  # bytes: room for a day of files and the write-ahead log


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on disk: `size` in bytes, `media_type` as its first bytes say."""

    sha256: str
    size: int
    media_type: str


def keep(chunks: Iterable[bytes], *, name: str, most: int | None = None) -> Kept | tuple[Reason, ...]:
    """Write an upload under its hash; the reasons against it when it is empty, too large or of another kind."""
    limit = most if most is not None else int(settings.MAX_FILE_BYTES)
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    digest, size, first = hashlib.sha256(), 0, b""
    if shutil.disk_usage(folder).free < LEAST_FREE + limit:
        return (reason("file.no_room"),)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        written = Path(file.name)
        try:
            for chunk in chunks:
                first, size = first or chunk[:512], size + len(chunk)
                if size > limit:
                    break
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        except OSError:  # half a file would keep a full disk full
            written.unlink()
            raise
    if found := _faults(name, first, size, limit):
        written.unlink()
        return found
    _settle(written, digest.hexdigest())
    return Kept(digest.hexdigest(), size, _kind(first))


def opened(sha256: str) -> BinaryIO | None:
    """The bytes under a hash; None when there are none."""
    place = _place(sha256)
    return place.open("rb") if place is not None and place.is_file() else None


def unchanged(sha256: str) -> bool:
    """Whether the bytes under a hash still have it; false where they are gone."""
    file = opened(sha256)
    if file is None:
        return False
    with file:
        digest = hashlib.sha256()
        for chunk in iter(lambda: file.read(1 << 20), b""):
            digest.update(chunk)
    return digest.hexdigest() == sha256


def _faults(name: str, first: bytes, size: int, limit: int) -> tuple[Reason, ...]:
    wanted = _BY_NAME.get(Path(name).suffix.lower())
    if size == 0:
        return (reason("file.empty", name=name[:100]),)
    if size > limit:
        return (reason("file.too_large", name=name[:100], megabytes=limit // 1_000_000),)
    if wanted is None:
        return (reason("file.kind", name=name[:100], known=" ".join(sorted(_BY_NAME))),)
    return () if wanted == _kind(first) else (reason("file.not_what_it_says", name=name[:100]),)


def _kind(first: bytes) -> str:
    for start, kind in _MAGIC:
        if first.startswith(start):
            return kind
    return "application/octet-stream" if b"\x00" in first else "text/plain"


def _place(sha256: str) -> Path | None:
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        return None
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def _settle(written: Path, sha256: str) -> None:
    place = _place(sha256)
    assert place is not None
    place.parent.mkdir(exist_ok=True)
    written.chmod(0o640)
    written.replace(place)
