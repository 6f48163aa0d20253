"""Result packages: what was measured at the demand side, signed there, carried on a stick, checked anywhere.

A package is a set of files by path:

    manifest.json   canonical JSON, see `Manifest`; its SHA-256 is the package's own hash
    manifest.sig    the site's Ed25519 signature over SIGNS + manifest.json, 128 hex digits
    files/...       what was measured: logs, tables, pictures; they may stay on the site, the manifest alone proves them

Each manifest names the hash of the package before it, so that none can be left out, added or moved unseen.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from jiebang.trust.canonical import Json, NotCanonicalError, canonical_bytes
from jiebang.trust.chain import is_hash
from jiebang.trust.signing import is_key, public_key, sign, signed_by

FORMAT = "jiebang-package/1"
SIGNS = b"jiebang-package/1\n"  # so that a signature over a package can be taken for nothing else
MANIFEST, SIGNATURE, FOLDER = "manifest.json", "manifest.sig", "files/"
SIDES = ("owner", "lead", "third_party")
MOST_FILES, MOST_VALUES = 1000, 200
_LEAST_BLOCK, _MOST_MARKS, _MARK = 256, 256, 16

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Value:
    """One measured value of an indicator, as decimal text, with its unit."""

    indicator: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the site says of one run. Instants are RFC 3339 with a zone; `files` are as `described` makes them."""

    project: str
    protocol: str  # SHA-256 of the agreed protocol
    number: int  # from 1, without gaps
    previous: str | None  # hash of the package before it
    began: str
    ended: str
    place: str
    side: str  # who measured, one of SIDES
    measurer: str  # the person or organisation, by name
    values: tuple[Value, ...]
    files: tuple[Mapping[str, Json], ...] = ()
    key: str = ""  # the site's public key


@dataclass(frozen=True, slots=True)
class PackageFault:
    """What is wrong with a package, in which of its files; `code` and `params` render from the catalogue."""

    path: str
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


def make(manifest: Manifest, files: Files, *, private_key: bytes) -> dict[str, bytes]:
    """The whole package: files by path, the manifest completed with them and with the key, and the signature.

    `files` are named without `files/`. Raises ValueError where a name, a value or an instant is none.
    """
    kept = {FOLDER + name: data for name, data in files.items()}
    whole = {
        **_plain(manifest),
        "files": [described(path, kept[path]) for path in sorted(kept)],
        "key": public_key(private_key),
    }
    data = canonical_bytes(whole)
    read(data)
    return {MANIFEST: data, SIGNATURE: sign(private_key, SIGNS + data).encode(), **kept}


def described(path: str, data: bytes) -> dict[str, Json]:
    """A file as a manifest names it. `marks` are short hashes of its blocks: they tell where it was changed."""
    block = block_of(len(data))
    marks: list[Json] = [
        hashlib.sha256(data[at : at + block]).hexdigest()[:_MARK] for at in range(0, len(data), block)
    ]
    digest = hashlib.sha256(data).hexdigest()
    return {"path": path, "size": len(data), "sha256": digest, "marks": marks}


def block_of(size: int) -> int:
    """Bytes of a block: 256, doubled until 256 blocks hold the file."""
    block = _LEAST_BLOCK
    while block * _MOST_MARKS < size:
        block *= 2
    return block


def digest(manifest: bytes) -> str:
    """The package's own hash, which the next package names."""
    return hashlib.sha256(manifest).hexdigest()


def read(data: bytes) -> Manifest:
    """The manifest of these bytes. Raises ValueError saying what is wrong: its form, a field, a value."""
    try:
        raw = json.loads(data)
        if canonical_bytes(raw) != data:
            raise ValueError("it is not in canonical form")
    except (NotCanonicalError, RecursionError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError("it is not JSON") from error
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise ValueError(f"it is no manifest of the format {FORMAT}")
    if raw.keys() != {"format", *Manifest.__dataclass_fields__}:
        raise ValueError("its fields are not those of a manifest")
    if wrong := [name for name, right in _checks(raw).items() if not right]:
        raise ValueError(f"wrong {', '.join(wrong)}")
    values = tuple(Value(**item) for item in raw["values"])
    given = {name: raw[name] for name in Manifest.__dataclass_fields__}
    return Manifest(**{**given, "values": values, "files": tuple(raw["files"])})


def verify(package: Files, *, key: str | None = None) -> list[PackageFault]:
    """Every fault of a package by itself; empty when it holds. `key`: also that this very site signed it."""
    if MANIFEST not in package:
        return [PackageFault(MANIFEST, "trust.package_missing")]
    data, signature = package[MANIFEST], package.get(SIGNATURE)
    if signature is None:
        return [PackageFault(SIGNATURE, "trust.package_missing")]
    if faults := signature_faults(data, signature.decode("ascii", "replace")):
        return faults
    found = read(data)
    other = key is not None and key != found.key
    named = [PackageFault(MANIFEST, "trust.package_key", {"found": found.key, "expected": str(key)})]
    return [*(named if other else []), *_file_faults(found, package)]


def signature_faults(manifest: bytes, signature: str) -> list[PackageFault]:
    """What is wrong with a manifest and its signature, without the files."""
    try:
        found = read(manifest)
    except ValueError as problem:
        return [PackageFault(MANIFEST, "trust.package_manifest", {"problem": str(problem)})]
    if not signed_by(found.key, SIGNS + manifest, signature):
        return [PackageFault(MANIFEST, "trust.package_signature", {"key": found.key})]
    return []


def chain_fault(manifest: Manifest, *, count: int, last: str | None) -> PackageFault | None:
    """What is wrong with its place after `count` packages of which the last has the hash `last`."""
    if manifest.number != count + 1:
        params: dict[str, str | int] = {"found": manifest.number, "expected": count + 1}
        return PackageFault(MANIFEST, "trust.package_order", params)
    if manifest.previous != last:
        names = {"found": manifest.previous or "-", "expected": last or "-"}
        return PackageFault(MANIFEST, "trust.package_link", names)
    return None


def _file_faults(manifest: Manifest, package: Files) -> Iterator[PackageFault]:
    named = {str(item["path"]): item for item in manifest.files}
    for path, item in named.items():
        if path not in package:
            yield PackageFault(path, "trust.package_missing")
        else:
            yield from _content_faults(path, item, package[path])
    for path in sorted(package.keys() - named.keys() - {MANIFEST, SIGNATURE}):
        yield PackageFault(path, "trust.package_extra")


def _content_faults(path: str, item: Mapping[str, Json], data: bytes) -> Iterator[PackageFault]:
    found = described(path, data)
    if found["size"] != item["size"]:
        sizes = {"found": len(data), "expected": int(str(item["size"]))}
        yield PackageFault(path, "trust.package_size", sizes)
    elif found["sha256"] != item["sha256"]:
        first, last = _where(found["marks"], item["marks"], size=len(data))
        yield PackageFault(path, "trust.package_bytes", {"first": first, "last": last})


def _where(found: Json, signed: Json, *, size: int) -> tuple[int, int]:
    """The first and last byte, from 0, of the blocks that differ; of the whole file where no mark does."""
    assert isinstance(found, list) and isinstance(signed, list)  # noqa: PT018 - the manifest was read
    wrong = [place for place, pair in enumerate(zip(found, signed, strict=False)) if pair[0] != pair[1]]
    block = block_of(size)
    if not wrong:
        return 0, size - 1
    return wrong[0] * block, min(size, (wrong[-1] + 1) * block) - 1


def _plain(manifest: Manifest) -> dict[str, object]:
    given: dict[str, object] = {name: getattr(manifest, name) for name in Manifest.__dataclass_fields__}
    values = [{"indicator": v.indicator, "value": v.value, "unit": v.unit} for v in manifest.values]
    return {**given, "format": FORMAT, "values": values}


def _checks(raw: Mapping[str, Json]) -> dict[str, bool]:
    texts = {name: isinstance(raw[name], str) and 0 < len(str(raw[name]).strip()) <= 500
             for name in ("project", "place", "measurer")}  # fmt: skip
    number, previous = raw["number"], raw["previous"]
    began, ended = instant(raw["began"]), instant(raw["ended"])
    return {
        **texts,
        "protocol": is_hash(raw["protocol"]),
        "number": type(number) is int and number >= 1,
        "previous": is_hash(previous) if number != 1 else previous is None,
        "began": began is not None,
        "ended": ended is not None and (began is None or ended >= began),
        "side": raw["side"] in SIDES,
        "values": _are_values(raw["values"]),
        "files": _are_files(raw["files"]),
        "key": is_key(raw["key"]),
    }


def instant(text: object) -> datetime | None:
    """The moment that a manifest names; None where it has no zone or is none."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _are_values(given: Json) -> bool:
    if not isinstance(given, list) or not 0 < len(given) <= MOST_VALUES:
        return False
    fields = set(Value.__dataclass_fields__)
    shaped = all(isinstance(item, dict) and item.keys() == fields for item in given)
    return shaped and all(_is_value(item) for item in given) and _once(given, "indicator")


def _is_value(item: Json) -> bool:
    assert isinstance(item, dict)
    if not all(isinstance(text, str) for text in item.values()) or not item["indicator"]:
        return False
    try:
        return Decimal(str(item["value"])).is_finite()
    except InvalidOperation:
        return False


def _are_files(given: Json) -> bool:
    if not isinstance(given, list) or len(given) > MOST_FILES:
        return False
    fields = {"path", "size", "sha256", "marks"}
    shaped = all(isinstance(item, dict) and item.keys() == fields for item in given)
    return shaped and all(_is_file(item) for item in given) and _once(given, "path")


def _is_file(item: Json) -> bool:
    assert isinstance(item, dict)
    size, marks = item["size"], item["marks"]
    if type(size) is not int or size < 0 or not isinstance(marks, list):
        return False
    wanted = -(-size // block_of(size))
    mark = re.compile(rf"[0-9a-f]{{{_MARK}}}\Z")
    told = len(marks) == wanted and all(isinstance(one, str) and mark.match(one) for one in marks)
    return told and is_hash(item["sha256"]) and is_path(item["path"])


def is_path(path: object) -> bool:
    """Whether a file may stand under this path: below `files/`, nowhere else, on any system."""
    if not isinstance(path, str) or not path.startswith(FOLDER) or len(path) > 300:
        return False
    parts = path.removeprefix(FOLDER).split("/")
    return all(part.strip() not in ("", ".", "..") for part in parts) and not re.search(
        r'[\\:*?"<>|\x00-\x1f]', path
    )


def _once(given: Sequence[Json], name: str) -> bool:
    seen = [item[name] for item in given if isinstance(item, dict)]
    return len(seen) == len(set(map(str, seen)))
