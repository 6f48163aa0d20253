"""The file of a backup: what goes into it, and every check before anything comes out."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import zlib
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jiebang import __version__
from jiebang.cli.faults import Malformed
from jiebang.rules.faults import Fault
from jiebang.trust.chain import verify_chain

FORMAT = "jiebang-backup/1"
MANIFEST, SQLITE, DUMP, JOURNAL = "manifest.json", "jiebang.sqlite3", "database.dump", "journal.jsonl"
PLAIN = ("settings.yaml", "secret.key")
LINES = "SELECT line FROM journal_journalentry ORDER BY seq"
HEAD = "SELECT seq, leaf FROM journal_head"
OTHER = "holds another journal than the one beside it"
SAME = """
DO $$ BEGIN
  IF (SELECT leaf FROM public.journal_head) IS DISTINCT FROM '{head}' OR (
    SELECT encode(sha256(convert_to(coalesce(string_agg(line || chr(10), '' ORDER BY seq), ''), 'UTF8')), 'hex')
    FROM public.journal_journalentry
  ) IS DISTINCT FROM '{lines}' THEN RAISE EXCEPTION '{said}'; END IF;
END $$;
"""


def gather(home: Path, work: Path) -> dict[str, Any]:
    """Copy the instance into `work`; answers the manifest, which is written there too."""
    url = os.environ.get("DATABASE_URL", "")
    seq, leaf = _postgres(work, url) if url.startswith("postgres") else _sqlite(work)
    if (home / "files").exists():
        shutil.copytree(home / "files", work / "files")
    for name in PLAIN:
        if (home / name).exists():
            shutil.copy2(home / name, work / name)
    manifest = {
        "format": FORMAT, "version": __version__, "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "journal": {"entries": seq, "head": leaf}, "members": _hashes(work),
    }  # fmt: skip
    (work / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return manifest


def pack(work: Path, out: Path) -> None:
    """Write the folder as one file that only its owner reads; it appears whole or not at all."""
    part = out.with_name(f".{out.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as packed:
            packed.add(work / MANIFEST, MANIFEST)
            for name in sorted(_hashes(work)):
                if name != MANIFEST:
                    packed.add(work / name, name)
        file.flush()
        os.fsync(file.fileno())
    part.replace(out)


def unpack(file: Path, work: Path) -> dict[str, Any]:
    """Unpack into `work` and check everything; raises Malformed with every fault."""
    try:
        with tarfile.open(file) as packed:
            _extract(packed, work)
        manifest: dict[str, Any] = json.loads((work / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, EOFError, ValueError, tarfile.TarError, zlib.error) as error:
        raise Malformed([Fault(str(file), None, "archive", f"cannot be read: {error}")]) from None
    (work / MANIFEST).unlink()
    if faults := list(_faults(manifest, work)):
        raise Malformed(Fault(str(file), None, where, said) for where, said in faults)
    for name in ("files", "static"):
        (work / name).mkdir(exist_ok=True)
    work.chmod(0o700)
    return manifest


def _extract(packed: tarfile.TarFile, work: Path) -> None:
    """Write plain files and folders below `work`, nothing else (Debian 12's Python has no extraction filters yet)."""
    for member in packed:
        target = (work / member.name).resolve()
        if not target.is_relative_to(work.resolve()) or not (member.isfile() or member.isdir()):
            raise tarfile.TarError(f"{member.name} is no plain file of a backup")
        if member.isdir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        source = packed.extractfile(member)
        assert source is not None
        target.parent.mkdir(parents=True, exist_ok=True)
        with source, target.open("wb") as file:
            shutil.copyfileobj(source, file)
        target.chmod(member.mode & 0o700)


def put_database(work: Path, manifest: dict[str, Any]) -> None:
    """Fill PostgreSQL where the backup came from there; SQLite is in place already. Takes the journal's file away."""
    if DUMP in manifest["members"]:
        url = os.environ.get("DATABASE_URL", "")
        if not url.startswith("postgres"):
            said = "this backup is of PostgreSQL: set DATABASE_URL to an empty database"
            raise Malformed([Fault(MANIFEST, None, "database", said)])
        _fill(work, url, head=manifest["journal"]["head"])
        (work / DUMP).unlink()


def _fill(work: Path, url: str, *, head: str) -> None:
    """Fill an empty PostgreSQL in one transaction, which holds only if its journal is the one beside the dump."""
    script = work / "restore.sql"
    _run("pg_restore", "--no-owner", "-f", str(script), str(work / DUMP))
    with script.open("a", encoding="utf-8") as file:
        file.write(SAME.format(head=head, lines=_file(work / JOURNAL), said=OTHER))
    try:
        _run(
            "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-d", url, "-f", str(script)
        )
    except RuntimeError as error:
        if OTHER not in str(error):
            raise
        raise Malformed([Fault(DUMP, None, "journal", OTHER)]) from None
    finally:
        script.unlink()


def _faults(manifest: dict[str, Any], work: Path) -> Iterable[tuple[str, str]]:
    if manifest.get("format") != FORMAT:
        yield "format", f"is {manifest.get('format')}, this version reads {FORMAT}"
        return
    changed = list(_members(_hashes(work), manifest["members"]))
    yield from changed
    if changed:
        return  # what is not what was backed up is not looked into
    head = manifest["journal"]["head"]
    with (work / JOURNAL).open("rb") as lines:
        for fault in verify_chain(lines, head=head):
            yield JOURNAL, f"entry {fault.line}: {fault.code}"
    if (work / SQLITE).exists():
        yield from _database_faults(work, head)


def _members(stands: Mapping[str, str], told: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for name in sorted(told.keys() | stands.keys()):
        if name not in stands:
            yield name, "is missing"
        elif name not in told:
            yield name, "does not belong to this backup"
        elif stands[name] != told[name]:
            yield name, "was changed after the backup was made"


def _database_faults(work: Path, head: str) -> Iterable[tuple[str, str]]:
    """The database holds, and its journal is the one beside it."""
    try:
        yield from _against_journal(work, head)
    except sqlite3.DatabaseError as error:
        yield SQLITE, f"is damaged: {error}"


def _against_journal(work: Path, head: str) -> Iterable[tuple[str, str]]:
    with closing(sqlite3.connect(f"file:{work / SQLITE}?mode=ro", uri=True)) as database:
        answer = database.execute("PRAGMA integrity_check").fetchone()[0]
        if answer != "ok":
            yield SQLITE, f"is damaged: {answer}"
        elif (database.execute(HEAD).fetchone() or (0, ""))[1] != head:
            yield SQLITE, "ends at another journal entry than the journal"
        elif _digest(row[0].encode() + b"\n" for row in database.execute(LINES)) != _file(work / JOURNAL):
            yield SQLITE, OTHER


def _sqlite(work: Path) -> tuple[int, str]:
    from django.db import connection

    source = str(connection.settings_dict["NAME"])
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(work / SQLITE)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        with (work / JOURNAL).open("wb") as file:
            file.writelines(row[0].encode() + b"\n" for row in copy.execute(LINES))
        seq, leaf = copy.execute(HEAD).fetchone()
    return int(seq), str(leaf)


def _postgres(work: Path, url: str) -> tuple[int, str]:
    """Dump and journal of one snapshot, so that they agree while others write."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = str(cursor.fetchone()[0])
        _run("pg_dump", "-Fc", f"--snapshot={snapshot}", "-f", str(work / DUMP), url)
        cursor.execute(LINES)
        with (work / JOURNAL).open("wb") as file:
            file.writelines(row[0].encode() + b"\n" for row in cursor)
        cursor.execute(HEAD)
        seq, leaf = cursor.fetchone()
    return int(seq), str(leaf)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()}")


def _hashes(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): _file(path) for path in paths}


def _file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(parts: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
    return whole.hexdigest()
