"""A result package as one file: a zip without compression that has one spelling, so that no byte of it is idle.

What stands between the files (names, dates, checksums) is written the same by everybody: an archive is held against
the one that its content would make, and the first byte that differs is named.
"""

import struct
import zipfile
from collections.abc import Iterator
from io import BytesIO

from jiebang.trust.packages import FOLDER, MANIFEST, SIGNATURE, Files, PackageFault, verify

MOST_BYTES = 25_000_000
_DATE = (2000, 1, 1, 0, 0, 0)
_LOCAL = 30  # bytes of a local header before the name


def pack(package: Files) -> bytes:
    """The archive: the manifest first, its signature, then the files by name."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for path in _ordered(package):
            entry = zipfile.ZipInfo(path, date_time=_DATE)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, package[path])
    return made.getvalue()


def opened(data: bytes, *, key: str | None = None) -> tuple[dict[str, bytes], list[PackageFault]]:
    """What an archive holds and every fault of it: of its files first, then of the archive around them."""
    found, faults = unpack(data)
    faults = faults or verify(found, key=key)
    around = None if faults else spelling_fault(data, found)
    return found, [around] if around else faults


def unpack(data: bytes) -> tuple[dict[str, bytes], list[PackageFault]]:
    """What an archive holds, and what is wrong with the archive itself. Nothing is held where it cannot be read."""
    try:
        found = dict(_entries(data))
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        struct.error,
        ValueError,
        OverflowError,
        EOFError,
    ) as problem:
        said = {"problem": str(problem) or "it is cut off"}
        return {}, [PackageFault("", "trust.package_zip", said)]
    if sum(map(len, found.values())) > len(data):
        return {}, [PackageFault("", "trust.package_zip", {"problem": "its files overlap"})]
    return found, []


def spelling_fault(data: bytes, package: Files) -> PackageFault | None:
    """The first byte of an archive that is not as `pack` writes it, and the file beside it; None where all are."""
    right = pack(package)
    if right == data:
        return None
    pairs = zip(data, right, strict=False)
    at = next((place for place, (one, other) in enumerate(pairs) if one != other), min(len(data), len(right)))
    return PackageFault(_near(right, at), "trust.package_zip_byte", {"byte": at})


def _entries(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The stored bytes themselves: a checksum that does not fit is found where it says more than `bad checksum`."""
    if len(data) > MOST_BYTES:
        raise ValueError(f"it is larger than {MOST_BYTES} bytes")
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for entry in archive.infolist():
            if entry.is_dir():
                continue
            if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1:
                raise ValueError("it is compressed; unpack it and name the folder")
            start = entry.header_offset
            lengths = struct.unpack("<HH", data[start + 26 : start + _LOCAL])
            begin = start + _LOCAL + sum(lengths)
            content = data[begin : begin + entry.file_size]
            if len(content) != entry.file_size:
                raise ValueError("it is cut off")
            yield entry.filename, content


def _ordered(package: Files) -> list[str]:
    first = [path for path in (MANIFEST, SIGNATURE) if path in package]
    return (
        first
        + sorted(path for path in package if path.startswith(FOLDER))
        + sorted(
            path for path in package if path not in (MANIFEST, SIGNATURE) and not path.startswith(FOLDER)
        )
    )


def _near(archive: bytes, at: int) -> str:
    """The file whose header or content a byte of an archive belongs to; "" in the table at its end."""
    with zipfile.ZipFile(BytesIO(archive)) as found:
        rows = sorted((entry.header_offset, entry.filename) for entry in found.infolist())
        if at >= found.start_dir:
            return ""
    return next((name for offset, name in reversed(rows) if offset <= at), "")
