"""The commands of an instance: founding, refusing what is unsafe, watching, backing up, restoring, dying."""

import gzip
import io
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from jiebang.config.home import Unsafe, secret_key
from jiebang.trust.chain import verify_chain
from played import OWN, Played, jiebang

PASSWORD = {"JIEBANG_ADMIN_PASSWORD": "a quiet river in spring"}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance of the second region, made from its rulebook file alone. Read only."""
    home = tmp_path_factory.mktemp("init") / "home"
    done = jiebang(
        "init", home, "--rulebook", "ring-sea-2027", "--admin-email", "first@example.org", **PASSWORD
    )
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def copied(played: Played, tmp_path: Path) -> Path:
    return played.copy(tmp_path / "home")


def entries(home: Path) -> list[bytes]:
    with closing(sqlite3.connect(home / "jiebang.sqlite3")) as database:
        found = database.execute("SELECT line FROM journal_journalentry ORDER BY seq")
        return [line.encode() for (line,) in found]


def test_init_opens_a_call_of_another_region_from_its_file(fresh: Path) -> None:
    with closing(sqlite3.connect(fresh / "jiebang.sqlite3")) as database:
        call, slug = database.execute(
            "SELECT c.number, r.slug FROM programme_call c JOIN programme_rulebookversion r ON r.digest = c.rulebook_id"
        ).fetchone()
        role = database.execute("SELECT role FROM people_engagement").fetchall()
        demo = database.execute("SELECT demo FROM programme_instance").fetchall()
    assert slug == "ring-sea-2027"
    assert not call.startswith("GX")
    assert role == [("administrator",)]
    assert demo == [(0,)]
    assert (fresh / "secret.key").stat().st_mode & 0o077 == 0
    assert verify_chain(entries(fresh)) == []


def test_init_again_changes_nothing(fresh: Path) -> None:
    before = entries(fresh)
    assert jiebang("init", fresh, "--json").returncode == 0
    assert entries(fresh) == before


def test_init_finishes_what_broke_off(tmp_path: Path) -> None:
    home = tmp_path / "home"
    nowhere = {"DATABASE_URL": "postgresql://postgres@127.0.0.1:1/nothing"}
    assert jiebang("init", home, "--admin-email", "first@example.org", **PASSWORD, **nowhere).returncode == 1
    assert (home / "settings.yaml").exists()
    done = jiebang("init", home, "--admin-email", "first@example.org", "--json", **PASSWORD)
    assert json.loads(done.stdout)["administrator"] == "first@example.org", done.stderr
    with closing(sqlite3.connect(home / "jiebang.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM people_user").fetchone() == (1,)


def test_init_tells_every_fault_of_the_administrator_and_leaves_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = jiebang("init", home, "--admin-email", "nobody", "--password-stdin", given="short\n")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 2
    assert not home.exists()


def test_init_refuses_a_broken_rulebook_with_its_lines(tmp_path: Path) -> None:
    book = tmp_path / "book.yaml"
    book.write_text("format: jiebang-rulebook/1\nid: broken\nclocks: nonsense\n")
    home = tmp_path / "home"
    done = jiebang("init", home, "--rulebook", book, "--admin-email", "first@example.org", **PASSWORD)
    assert done.returncode == 2
    assert f"{book}:" in done.stderr
    assert not home.exists()


def test_demo_never_touches_a_real_instance(fresh: Path) -> None:
    before = entries(fresh)
    done = jiebang("demo", "--home", fresh, "--no-serve")
    assert done.returncode == 2
    assert entries(fresh) == before


def test_serve_refuses_a_readable_or_short_secret_and_no_instance(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = copied / "secret.key"
    secret.chmod(0o644)
    assert "chmod 600" in refused(copied)
    secret.chmod(0o600)
    secret.write_text("short")
    assert "has 5 characters, shorter than the 40" in refused(copied)
    assert "jiebang init" in refused(tmp_path / "nowhere")
    monkeypatch.setenv("JIEBANG_SECRET", "short too")
    with pytest.raises(
        Unsafe, match=r"in JIEBANG_SECRET has 9 characters, shorter than the 40 .* set a longer one"
    ):
        secret_key(copied)


def test_neither_serve_nor_worker_starts_with_a_plain_secret(copied: Path) -> None:
    (copied / "secret.key").write_text("a" * 60)
    assert "short or plain" in refused(copied)
    worker = jiebang("worker", "--home", copied, "--once")
    assert worker.returncode == 2
    assert "short or plain" in worker.stderr


def test_serve_refuses_a_database_that_could_lose_a_bid(copied: Path) -> None:
    """A setting that turns synchronous off is found by asking the database."""
    weak = copied / "weak.py"
    weak.write_text(
        "from jiebang.config.settings import *\n"
        "DATABASES['default']['OPTIONS']['init_command'] = 'PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;'\n"
        "DEBUG = True\n"
    )
    code = (
        "from pathlib import Path; from jiebang.cli import opening, checks; opening.SETTINGS = 'weak'; "
        f"home = opening.open_home(Path({str(copied)!r})); print([item.check for item in checks.unsafe(home)])"
    )
    clean = {key: value for key, value in os.environ.items() if key not in OWN}
    done = subprocess.run(
        [sys.executable, "-c", code], env=clean | {"PYTHONPATH": f"{copied}:{':'.join(sys.path)}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "'settings'" in done.stdout, done.stderr
    assert "'durability'" in done.stdout


def refused(home: Path) -> str:
    done = jiebang("serve", "--home", home, "--bind", f"127.0.0.1:{free_port()}")
    assert done.returncode == 2
    return done.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_doctor_finds_a_changed_journal(copied: Path) -> None:
    good = json.loads(jiebang("doctor", "--home", copied, "--json").stdout)
    assert good["ok"]
    assert {item["check"] for item in good["checks"]} >= {
        "durability",
        "clock",
        "journal",
        "mail",
        "disk",
        "fonts",
        "workers",
    }
    told = next(item for item in good["checks"] if item["check"] == "fonts")
    assert "PDF" in told["found"]
    with closing(sqlite3.connect(copied / "jiebang.sqlite3")) as database, database:
        database.execute("DROP TRIGGER journal_no_update")
        database.execute(
            "UPDATE journal_journalentry SET line = replace(line, 'officer', 'officer2') WHERE seq = 500"
        )
        database.execute("UPDATE journal_journalentry SET line = line || ' ' WHERE seq = 501")
    done = jiebang("doctor", "--home", copied, "--json")
    assert done.returncode == 2
    assert [item["check"] for item in json.loads(done.stdout)["checks"] if item["state"] == "unsafe"] == [
        "journal"
    ]


def test_a_backup_never_takes_the_place_of_another(copied: Path, tmp_path: Path) -> None:
    out = tmp_path / "backup.tar.gz"
    out.write_text("an older one")
    assert jiebang("backup", "--home", copied, "--out", out).returncode == 2
    assert out.read_text() == "an older one"


def test_the_worker_sends_and_stops(copied: Path) -> None:
    done = jiebang("worker", "--home", copied, "--once", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sent"] > 0
    assert list((copied / "mail").iterdir())


def test_a_backup_comes_back_as_it_was(copied: Path, tmp_path: Path) -> None:
    (copied / "files" / "ab").mkdir()
    (copied / "files" / "ab" / "evidence.txt").write_text("a proof")
    out, again = tmp_path / "backup.tar.gz", tmp_path / "again"
    made = json.loads(jiebang("backup", "--home", copied, "--out", out, "--json").stdout)
    assert out.stat().st_mode & 0o077 == 0
    back = json.loads(jiebang("restore", out, "--home", again, "--json").stdout)
    assert made["head"] == back["head"]
    assert dump(copied) == dump(again)
    assert (again / "files" / "ab" / "evidence.txt").read_text() == "a proof"
    assert (again / "secret.key").read_text() == (copied / "secret.key").read_text()
    assert json.loads(jiebang("doctor", "--home", again, "--json").stdout)["ok"]


def dump(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "jiebang.sqlite3")) as database:
        return list(database.iterdump())


@pytest.mark.parametrize("member", ["journal.jsonl", "jiebang.sqlite3", "settings.yaml"])
def test_a_spoiled_backup_is_refused_and_leaves_nothing(copied: Path, tmp_path: Path, member: str) -> None:
    out, home = tmp_path / "backup.tar.gz", tmp_path / "again"
    jiebang("backup", "--home", copied, "--out", out)
    spoil(out, member)
    done = jiebang("restore", out, "--home", home)
    assert done.returncode == 2
    assert member in done.stderr
    assert not home.exists()
    assert not list(tmp_path.glob(".restore-*"))


def test_half_a_backup_is_refused(copied: Path, tmp_path: Path) -> None:
    out = tmp_path / "backup.tar.gz"
    jiebang("backup", "--home", copied, "--out", out)
    whole = out.read_bytes()
    out.write_bytes(whole[: len(whole) // 2])
    assert jiebang("restore", out, "--home", tmp_path / "again").returncode == 2


def test_one_changed_byte_anywhere_in_a_backup_is_refused(copied: Path, tmp_path: Path) -> None:
    out = tmp_path / "backup.tar.gz"
    jiebang("backup", "--home", copied, "--out", out)
    whole = out.read_bytes()
    for place in (700, len(whole) // 3, len(whole) - 400):
        out.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        done = jiebang("restore", out, "--home", tmp_path / "again")
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), (place, done.stderr)
        assert not (tmp_path / "again").exists()


def spoil(archive: Path, member: str) -> None:
    """Change one byte inside one member and leave the rest as it was."""
    changed = io.BytesIO()
    with tarfile.open(archive) as old, tarfile.open(fileobj=changed, mode="w") as new:
        for item in old:
            opened = old.extractfile(item)
            data = bytearray(opened.read() if opened else b"")
            if item.name == member:
                data[len(data) // 2] ^= 1
            new.addfile(item, io.BytesIO(bytes(data)))
    archive.write_bytes(gzip.compress(changed.getvalue()))


ACKNOWLEDGED = """
import sys
from pathlib import Path
from jiebang.cli.opening import open_home
open_home(Path(sys.argv[1]))
from jiebang.operations.registry import Done, perform
from jiebang.records.people.queries import person_by_email
from jiebang.records.programme.queries import now
who = person_by_email('officer@people.example')
place = 0
while True:
    place += 1
    name = f'Killed Organisation {place}'
    outcome = perform('register_organisation', by=who, now=now(), key=f'kill/{place}',
                      params={'names': {'en': name}, 'type': 'other', 'country': 'LA', 'slug': f'killed-{place}'})
    assert isinstance(outcome, Done), outcome
    print(f'killed-{place} {outcome.entry}', flush=True)
"""


def test_what_was_acknowledged_survives_a_kill(copied: Path) -> None:
    """Killed three times in the middle of writing: every answer given is in the database and in the journal."""
    clean = {key: value for key, value in os.environ.items() if key not in OWN}
    clean["PYTHONPATH"] = ":".join(sys.path)
    command = [
        sys.executable,
        "-c",
        ACKNOWLEDGED.replace("place = 0", "place = int(sys.argv[2])"),
        str(copied),
    ]
    told: list[str] = []
    for turn in range(3):
        process = subprocess.Popen(
            [*command, str(turn * 100_000)], env=clean, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        assert process.stdout
        told += [process.stdout.readline().strip() for _ in range(15)]
        process.send_signal(signal.SIGKILL)
        told += [line.strip() for line in process.stdout if line.endswith("\n")]
        process.stdout.close()
        process.wait()
    with closing(sqlite3.connect(copied / "jiebang.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        slugs = {slug for (slug,) in database.execute("SELECT slug FROM people_party")}
        written = {seq for (seq,) in database.execute("SELECT seq FROM journal_journalentry")}
    assert len(told) >= 45
    assert {line.split()[0] for line in told} <= slugs
    assert {int(line.split()[1]) for line in told} <= written
    assert verify_chain(entries(copied)) == []


def test_it_serves(copied: Path) -> None:
    port, log = free_port(), copied / "log"
    clean = {key: value for key, value in os.environ.items() if key not in OWN}
    command = [sys.executable, "-m", "jiebang", "serve", "--home", str(copied), "--bind", f"127.0.0.1:{port}"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=clean, stdout=output, stderr=output)
        try:
            assert answer(f"http://127.0.0.1:{port}/readyz", process) == 200
            assert answer(f"http://127.0.0.1:{port}/demo/", process) == 200
            assert answer(f"http://127.0.0.1:{port}/static/web/app.css", process) == 200
        finally:
            process.terminate()
            assert process.wait(timeout=20) == 0, log.read_text()


def answer(url: str, process: subprocess.Popen[bytes]) -> int:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as said:
                return int(said.status)
        except urllib.error.HTTPError as error:
            return error.code
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return 0
