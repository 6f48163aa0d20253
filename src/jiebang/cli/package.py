"""`jiebang package`: what an owner's site measured, signed there and checked anywhere; no server, no Django but to import."""

import os
import re
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from jiebang.cli.faults import THEIRS, Malformed
from jiebang.cli.options import AsJson
from jiebang.cli.output import print_json, writing
from jiebang.cli.package_reading import Read, located, read_package, read_protocol, said
from jiebang.rules.faults import Fault
from jiebang.trust import package_zip, packages, signing
from jiebang.trust.packages import Manifest, Value

VALUE = re.compile(r"(?P<indicator>[^=]+)=\s*(?P<value>[-+]?[0-9.]+)\s*(?P<unit>.*)")
Protocol = Annotated[
    Path, typer.Option(help="protocol.json, from the pilot's page: project, hash, indicators with units.")
]
KeyFile = Annotated[Path, typer.Option(help="The site's private key, as `jiebang package key` wrote it.")]
Measured = Annotated[
    list[Path], typer.Argument(help="What was measured: logs, tables, pictures. May be none.")
]
Previous = Annotated[Path | None, typer.Option(help="The package made before this one; none for the first.")]
Values = Annotated[
    list[str], typer.Option("--value", help='A measured value with its unit: "I1=2.4 %"; once for each.')
]


def key(
    out: Annotated[Path, typer.Argument(help="Where the private key is written; it never leaves the site.")],
    as_json: AsJson = False,
) -> int:
    """Make the site's key: the private one into a file for its reader alone, the public one on the screen to register.

    Example: jiebang package key site-key.pem
    """
    pem = signing.new_key(secrets.token_bytes(signing.SEED_BYTES))
    if out.exists():
        raise _wrong("out", f"{out} exists; a key is never written over, name another file")
    with writing(out), open(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
        file.write(pem)
    public = signing.public_key(pem)
    print_json({"public_key": public, "fingerprint": signing.fingerprint(public)}) if as_json else print(
        public
    )
    return 0


def make(
    files: Measured = [],  # noqa: B006
    *,
    protocol: Protocol,
    key: KeyFile,
    value: Values,
    began: Annotated[str, typer.Option(help="When the run began, with its zone: 2026-07-01T08:00+07:00.")],
    ended: Annotated[str, typer.Option(help="When it ended.")],
    place: Annotated[str, typer.Option(help="Where.")],
    measurer: Annotated[str, typer.Option(help="Who measured, by name.")],
    out: Annotated[Path, typer.Option(help="The package: one zip.")],
    previous: Previous = None,
    as_json: AsJson = False,
) -> int:
    """Make a signed result package of one run, on the owner's site, without a server.

    Example: jiebang package make log.csv --protocol protocol.json --key site-key.pem --value "I1=2.4 %"
    --began 2026-07-01T08:00+07:00 --ended 2026-07-02T17:00+07:00 --place "Room 3" --measurer "Nguyen" --out 1.zip
    """
    told = read_protocol(protocol)
    last = _previous(previous, told)
    manifest = Manifest(
        project=told["project"], protocol=told["sha256"], side=told["measured_by"], began=began, ended=ended, place=place,
        measurer=measurer, values=_values(value, told), number=last.manifest.number + 1 if last else 1,
        previous=last.digest if last else None,
    )  # fmt: skip
    try:
        made = packages.make(manifest, _contents(files), private_key=_bytes(key))
    except ValueError as problem:
        raise _wrong("make", str(problem)) from None
    with writing(out):
        out.write_bytes(package_zip.pack(made))
    digest = packages.digest(made[packages.MANIFEST])
    answer = {"package": str(out), "number": manifest.number, "sha256": digest}
    print_json(answer) if as_json else print(f"{out}: package {answer['number']}, {answer['sha256']}")
    return 0


def verify(
    package: Annotated[
        list[Path], typer.Argument(help="Packages in their order: zips, or folders of the same.")
    ],
    key: Annotated[str | None, typer.Option(help="The public key that must have signed them.")] = None,
    protocol: Annotated[
        Path | None, typer.Option(help="protocol.json: also that they were measured under it.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Verify packages offline: signature, every byte of every file, and that each follows the one before it.

    Exit 2 when anything does not hold: each fault on its own line, with the file and the bytes.

    Example: jiebang package verify 1.zip 2.zip --key 03a107bf...
    """
    told = read_protocol(protocol) if protocol else None
    read: list[Read] = []
    faults: list[Fault] = []
    for path in package:
        found, wrong = read_package(path, key=key)
        faults += wrong
        if found and not wrong:
            faults += _in_place(found, read[-1] if read else None, told)
            read.append(found)
    if as_json:
        print_json({"verified": not faults, "packages": [_described(item) for item in read], "faults": [
            {"file": item.file, "code": item.field, "message": item.message} for item in faults]})  # fmt: skip
        return THEIRS if faults else 0
    if faults:
        raise Malformed(faults)
    for item in read:
        print(said("trust.package_holds", **_described(item)))
    if key is None:
        print(said("trust.package_no_key"))
    return 0


def _in_place(found: Read, last: Read | None, protocol: Mapping[str, Any] | None) -> list[Fault]:
    """Its place after the package before it on the command line, and the protocol it names."""
    faults = []
    if last is not None:
        faults.append(packages.chain_fault(found.manifest, count=last.manifest.number, last=last.digest))
        if found.manifest.project != last.manifest.project:
            faults.append(_other("project", found.manifest.project, last.manifest.project))
    if protocol and found.manifest.protocol != protocol["sha256"]:
        faults.append(_other("protocol", found.manifest.protocol, protocol["sha256"]))
    return located(found.path, [item for item in faults if item])


def _other(what: str, found: str, expected: str) -> packages.PackageFault:
    code, names = f"trust.package_other_{what}", {"found": found, "expected": expected}
    return packages.PackageFault(packages.MANIFEST, code, names)


def _described(item: Read) -> dict[str, Any]:
    told = item.manifest
    return {
        "project": told.project,
        "number": told.number,
        "files": len(told.files),
        "key": told.key,
        "hash": item.digest,
    }


def _previous(path: Path | None, told: Mapping[str, Any]) -> Read | None:
    if path is None:
        return None
    found, faults = read_package(path)
    if faults or found is None:
        raise Malformed(faults)
    if found.manifest.project != told["project"]:
        fault = _other("project", found.manifest.project, str(told["project"]))
        raise Malformed(located(path, [fault]))
    return found


def _values(given: Sequence[str], told: Mapping[str, Any]) -> tuple[Value, ...]:
    """Each value with its unit; every one that the protocol does not know is named."""
    known = {str(item["id"]): str(item["unit"]) for item in told["indicators"]}
    found, faults = [], []
    for text in given:
        parts = VALUE.fullmatch(text.strip())
        if parts is None:
            raise _wrong("--value", f'{text} is no value; write such as "I1=2.4 %"')
        name, unit = parts["indicator"].strip(), parts["unit"].strip()
        if name not in known:
            faults.append(Fault("--value", None, name, said("trust.package_indicator", indicator=name)))
        elif unit != known[name]:
            text = said("trust.package_unit", indicator=name, expected=known[name], found=unit)
            faults.append(Fault("--value", None, name, text))
        found.append(Value(name, parts["value"], unit))
    if faults:
        raise Malformed(faults)
    return tuple(found)


def _contents(files: Sequence[Path]) -> dict[str, bytes]:
    names = [path.name for path in files]
    if twice := {name for name in names if names.count(name) > 1}:
        raise _wrong("files", f"two files are called {', '.join(sorted(twice))}; rename one")
    return {path.name: _bytes(path) for path in files}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _wrong(str(path), f"cannot be read ({error.strerror})") from None


def _wrong(where: str, message: str) -> Malformed:
    return Malformed([Fault("package", None, where, message)])
