"""Reading packages and protocols from files, with every fault at its place."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiebang.cli.faults import Malformed
from jiebang.rules.faults import Fault
from jiebang.rules.reasons import Param, Reason, render
from jiebang.trust import package_zip, packages
from jiebang.trust.chain import is_hash
from jiebang.trust.packages import Manifest, PackageFault

PROTOCOL_FORMAT = "jiebang-protocol/1"


@dataclass(frozen=True)
class Read:
    """A package as it was found."""

    path: Path
    manifest: Manifest
    digest: str
    package: Mapping[str, bytes]


def read_package(path: Path, *, key: str | None = None) -> tuple[Read | None, list[Fault]]:
    """A zip or a folder, and everything wrong with it."""
    try:
        if path.is_dir():
            found = {
                item.relative_to(path).as_posix(): item.read_bytes()
                for item in path.rglob("*")
                if item.is_file()
            }
            faults = packages.verify(found, key=key)
        else:
            found, faults = package_zip.opened(path.read_bytes(), key=key)
    except OSError as error:
        raise Malformed([Fault(str(path), None, "file", f"cannot be read: {error.strerror}")]) from None
    if faults:
        return None, located(path, faults)
    data = found[packages.MANIFEST]
    return Read(path, packages.read(data), packages.digest(data), found), []


def read_protocol(path: Path) -> dict[str, Any]:
    """`protocol.json` of the pilot's page."""
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Malformed([Fault(str(path), None, "protocol", f"cannot be read: {error.strerror}")]) from None
    except (ValueError, RecursionError) as error:
        raise Malformed([Fault(str(path), None, "protocol", f"this is not JSON: {error}")]) from None
    if not _is_protocol(told):
        said_so = f"this is no protocol of the format {PROTOCOL_FORMAT}; load it from the pilot's page"
        raise Malformed([Fault(str(path), None, "protocol", said_so)])
    return dict(told)


def located(path: Path, faults: Iterable[PackageFault]) -> list[Fault]:
    """Faults with the package and the file in it."""
    where = ((f"{path}:{item.path}" if item.path else str(path), item) for item in faults)
    return [Fault(place, None, item.code, said(item.code, **item.params)) for place, item in where]


def said(code: str, /, **params: Param) -> str:
    """The sentence of a code."""
    return render(Reason(code, params), lang="en")


def _is_protocol(told: object) -> bool:
    if not isinstance(told, dict) or told.get("format") != PROTOCOL_FORMAT or not is_hash(told.get("sha256")):
        return False
    indicators = told.get("indicators")
    listed = isinstance(indicators, list) and all(
        isinstance(item, dict) and {"id", "unit"} <= item.keys() for item in indicators
    )
    return listed and isinstance(told.get("project"), str) and told.get("measured_by") in packages.SIDES
