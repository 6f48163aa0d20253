"""Backup and restore of an instance on PostgreSQL."""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from played import jiebang

ADMIN = ("--admin-email", "first@example.org")


@pytest.fixture
def databases(postgres_url: str) -> Iterator[list[str]]:
    """Addresses of three empty databases, dropped afterwards."""
    names = [f"jiebang_backup_{os.getpid()}_{place}" for place in range(3)]
    with psycopg.connect(postgres_url, autocommit=True) as server:
        for name in names:
            server.execute(f'CREATE DATABASE "{name}"')
        yield [urlunsplit(urlsplit(postgres_url)._replace(path=f"/{name}")) for name in names]
        for name in names:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_backup_comes_back_and_one_with_another_journal_does_not(
    databases: list[str], tmp_path: Path
) -> None:
    first, second, target = databases
    out, other = tmp_path / "first.tar.gz", tmp_path / "second.tar.gz"
    for home, url, file in (("a", first, out), ("b", second, other)):
        made = {"DATABASE_URL": url, "JIEBANG_ADMIN_PASSWORD": "a quiet river in spring"}
        assert jiebang("init", tmp_path / home, *ADMIN, **made).returncode == 0
        assert jiebang("backup", "--home", tmp_path / home, "--out", file, DATABASE_URL=url).returncode == 0
    mixed = tmp_path / "mixed.tar.gz"
    with_dump_of(out, other, mixed)
    done = jiebang("restore", mixed, "--home", tmp_path / "c", DATABASE_URL=target)
    assert (done.returncode, "another journal" in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "c").exists()
    done = jiebang("restore", out, "--home", tmp_path / "c", "--json", DATABASE_URL=target)
    assert done.returncode == 0, done.stderr
    assert journal(target) == journal(first)
    assert json.loads(done.stdout)["entries"] == len(journal(first))


def journal(url: str) -> list[str]:
    with psycopg.connect(url) as database:
        return [line for (line,) in database.execute("SELECT line FROM journal_journalentry ORDER BY seq")]


def with_dump_of(archive: Path, other: Path, out: Path) -> None:
    """The archive with the database of another, and the hash that belongs to it."""
    with tarfile.open(other) as there:
        dump = there.extractfile("database.dump")
        assert dump is not None
        data = dump.read()
    with tarfile.open(archive) as old, tarfile.open(out, "w:gz") as new:
        for item in old:
            opened = old.extractfile(item)
            content = opened.read() if opened else b""
            if item.name == "manifest.json":
                manifest = json.loads(content)
                manifest["members"]["database.dump"] = hashlib.sha256(data).hexdigest()
                content = json.dumps(manifest).encode()
            content = data if item.name == "database.dump" else content
            item.size = len(content)
            new.addfile(item, io.BytesIO(content))
