"""What can be wrong with an instance, each with what to do about it. Needs Django set up on the home."""

import importlib.util
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from jiebang.config.home import SECRET_LENGTH, is_plain

State = Literal["ok", "warning", "unsafe"]
LONG_AGO = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its state, what was found, and, unless all is well, what to do."""

    check: str
    state: State
    found: str
    do: str = ""

    def as_data(self) -> dict[str, str]:
        """For --json."""
        return asdict(self)


def unsafe(home: Path) -> list[Finding]:
    """What `serve` refuses to start with."""
    found = [*settings(home), *durability(), *migrations()]
    return [item for item in found if item.state == "unsafe"]


def everything(home: Path) -> list[Finding]:
    """All checks of `doctor`."""
    return [item for check in CHECKS for item in _try(check, home)]


def settings(home: Path) -> Iterator[Finding]:
    """Debugging off, a secret of one's own, and https where others than this machine can reach it."""
    from django.conf import settings as active

    from jiebang.records.programme.queries import snapshot

    if active.DEMO and not snapshot().demo:
        found = "demo is on in an instance that `demo` did not make: anybody could sign in as anyone"
        yield Finding("settings", "unsafe", found, "take `demo: true` out of settings.yaml")
    if active.DEBUG:
        yield Finding("settings", "unsafe", "DEBUG is on", "take DEBUG out of the settings in use")
    if len(active.SECRET_KEY) < SECRET_LENGTH or is_plain(active.SECRET_KEY):
        do = f"remove {home / 'secret.key'}; init again"
        if "JIEBANG_SECRET" in os.environ:
            do = "set a JIEBANG_SECRET made by chance, such as `openssl rand -base64 48` makes"
        yield Finding("settings", "unsafe", "the secret is short or plain", do)
    outside = [host for host in active.ALLOWED_HOSTS if host not in ("127.0.0.1", "localhost", "[::1]")]
    if "*" in outside:
        yield Finding(
            "settings", "unsafe", "hosts holds *", "name the instance's own host names in settings.yaml"
        )
    elif outside and active.HTTPS and not active.PROXIES:
        found = "https by a proxy, but proxies is 0: the limit on sign-in counts everybody behind it as one source"
        yield Finding("settings", "warning", found, "set proxies: 1, or the number of proxies in front")
    elif outside and not active.HTTPS:
        yield Finding("settings", "warning", "served beyond this machine without https", "set https: true")
    else:
        yield Finding("settings", "ok", "debugging off, secret of one's own")


def durability() -> Iterator[Finding]:
    """What is acknowledged is on the disk: asked of the database itself, not read from the settings."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            yield from _sqlite(cursor)
            return
        cursor.execute("SHOW synchronous_commit")
        mode = str(cursor.fetchone()[0])
        cursor.execute("SHOW fsync")
        flushing = str(cursor.fetchone()[0])
    if mode == "off" or flushing == "off":
        do = "set synchronous_commit = on and fsync = on on the PostgreSQL server"
        yield Finding("durability", "unsafe", f"synchronous_commit {mode}, fsync {flushing}", do)
    else:
        yield Finding("durability", "ok", f"PostgreSQL, synchronous_commit {mode}, fsync on")


def _sqlite(cursor: object) -> Iterator[Finding]:
    cursor.execute("PRAGMA synchronous")  # type: ignore[attr-defined]
    level = int(cursor.fetchone()[0])  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode")  # type: ignore[attr-defined]
    mode = str(cursor.fetchone()[0])  # type: ignore[attr-defined]
    if level < 2:
        do = "remove what overrides `PRAGMA synchronous=FULL` (an older setting, DATABASE_URL options)"
        yield Finding("durability", "unsafe", f"SQLite synchronous is {level}, a power cut loses bids", do)
    if mode != "wal":
        do = "put the home on a local disk: a network or read-only file system cannot keep a write-ahead log"
        yield Finding("durability", "unsafe", f"SQLite journal mode is {mode}, not wal", do)
    if level >= 2 and mode == "wal":
        yield Finding("durability", "ok", f"SQLite {sqlite3.sqlite_version}, wal, synchronous FULL")


def migrations() -> Iterator[Finding]:
    """The database is the one this version expects."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        do = "back it up, then run `jiebang init` on this home again"
        yield Finding("migrations", "unsafe", f"{waiting} changes of the database wait", do)
    else:
        yield Finding("migrations", "ok", "complete")


def clock() -> Iterator[Finding]:
    """The machine's clock was set, and does not stand before the last journal entry."""
    from jiebang.records.journal.queries import entries
    from jiebang.records.programme.queries import now

    last = entries().values_list("at", flat=True).first()
    do = "set the machine's clock (timedatectl set-ntp true): deadlines are counted on it"
    if datetime.now(UTC).year < 2026:
        yield Finding("clock", "unsafe", "the machine's clock was never set", do)
    elif last and last > now() + timedelta(seconds=5):
        yield Finding(
            "clock", "unsafe", f"it stands before the journal's last entry of {last:%Y-%m-%d %H:%M}", do
        )
    else:
        yield Finding("clock", "ok", f"{now():%Y-%m-%d %H:%M} UTC")


def journal() -> Iterator[Finding]:
    """The journal holds from its first entry to its head."""
    from jiebang.records.journal.queries import faults, head

    wrong, (entries, leaf) = faults(), head()
    if wrong:
        do = "stop serving; compare with a backup and with heads that others noted; then `jiebang restore`"
        yield Finding("journal", "unsafe", f"{len(wrong)} faults, the first at entry {wrong[0].line}", do)
    else:
        yield Finding("journal", "ok", f"{entries} entries, head {leaf[:16]}")


def bids() -> Iterator[Finding]:
    """Contents, stages and signed reviews of bids still say what the journal says."""
    from jiebang.records.altered import altered_bids
    from jiebang.records.challenges.models import Challenge

    wrong = [number for challenge in Challenge.objects.all() for number in altered_bids(challenge)]
    if wrong:
        do = "stop serving; compare with a backup who changed the database; then `jiebang restore`"
        found = f"content, stage, signatures or scores are not those of the journal: {', '.join(wrong[:20])}"
        yield Finding("bids", "unsafe", found, do)
    else:
        yield Finding(
            "bids",
            "ok",
            "sent contents, stages, which reviews are signed and their scores: all as the journal says",
        )


def mail() -> Iterator[Finding]:
    """Messages leave; those given up wait for a person."""
    from django.conf import settings as active

    from jiebang.records.outbox.queries import stuck

    if given_up := stuck().count():
        yield Finding(
            "mail", "warning", f"{given_up} messages were given up", "correct mail_host or the addresses"
        )
    elif active.EMAIL_BACKEND.endswith(("filebased.EmailBackend", "console.EmailBackend")):
        do = "set mail_backend, mail_host and mail_from in settings.yaml so that people get mail"
        yield Finding("mail", "warning", "mail is written into files, not sent", do)
    else:
        yield Finding("mail", "ok", f"by {active.EMAIL_HOST}")


def workers() -> Iterator[Finding]:
    """Somebody sends what is due."""
    from jiebang.records.outbox.queries import due
    from jiebang.records.programme.queries import now

    late = due(now=now()).filter(due_at__lt=now() - LONG_AGO).count()
    if late:
        yield Finding("workers", "warning", f"{late} messages wait for over an hour", "run `jiebang worker`")
    else:
        yield Finding("workers", "ok", "nothing waits")


def disk(home: Path) -> Iterator[Finding]:
    """There is room."""
    from jiebang.adapters.files import LEAST_FREE

    free = shutil.disk_usage(home).free
    do = "make room: an instance without room refuses every bid"
    state: State = "ok" if free >= LEAST_FREE else "unsafe"
    yield Finding("disk", state, f"{free // 1_000_000} MB free", "" if state == "ok" else do)


def files(home: Path) -> Iterator[Finding]:
    """The folder of files can be written, and nobody else reads the home."""
    if not os.access(home / "files", os.W_OK):
        yield Finding("files", "unsafe", "the folder files cannot be written", f"chown it to {os.getuid()}")
    elif home.stat().st_mode & 0o007:
        yield Finding("files", "warning", "others on this machine can read the home", f"chmod 700 {home}")
    else:
        yield Finding("files", "ok", "writable, for its owner only")


def fonts() -> Iterator[Finding]:
    """Papers are set as PDF on this machine; pages are drawn by the reader's browser, with fonts of its own."""
    from jiebang.adapters.papers.pdf import FONTS, missing_fonts

    lacking = missing_fonts(list(FONTS))
    if lacking is None:
        yield Finding("fonts", "ok", "fonts for Chinese, Thai, Lao, Khmer and Burmese are here, for PDF")
        return
    do = f"apt-get install {lacking.params['packages']}"
    said = "fonts are missing: no paper in their scripts can be set as PDF; pages do not need them"
    yield Finding("fonts", "warning", said, do)


def driver() -> Iterator[Finding]:
    """PostgreSQL needs its driver."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres") and not importlib.util.find_spec("psycopg"):
        yield Finding("driver", "unsafe", "no PostgreSQL driver", "pip install 'jiebang[postgres]'")


CHECKS: tuple[Callable[..., Iterator[Finding]], ...] = (
    settings, driver, durability, migrations, clock, journal, bids, files, disk, mail, workers, fonts,
)  # fmt: skip
_WITH_HOME = (settings, files, disk)


def _try(check: Callable[..., Iterator[Finding]], home: Path) -> list[Finding]:
    try:
        return list(check(home) if check in _WITH_HOME else check())
    except Exception as error:  # whatever is wrong is the finding
        return [
            Finding(check.__name__, "unsafe", f"{type(error).__name__}: {error}", "see the log, ask for help")
        ]
