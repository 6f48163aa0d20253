"""Plays the sample round: every event of the course through the same operations as the pages, on a simulated clock."""

import gc
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jiebang.config import home as homes

Progress = Callable[[int, int], None]


def play(home: Path, *, progress: Progress | None = None) -> Mapping[str, Any]:
    """Make a demo home in the folder, play the whole course in it, and count what is in it then.

    `progress(done, all)` is called after every event. Raises `stage.Stuck` where rules and course disagree.
    """
    started = time.monotonic()
    homes.make(home, demo=True)
    prepare(home)
    from jiebang.demo.counts import count
    from jiebang.demo.course import play_course

    with unsynced():
        play_course(progress=progress)
    return {**count(), "seconds": round(time.monotonic() - started, 1)}


def prepare(home: Path) -> None:
    """Point Django at the fresh home and make its database."""
    os.environ["JIEBANG_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiebang.config.settings")
    import django

    django.setup()
    gc.set_threshold(100_000, 20, 20)  # a play makes much and drops it: collecting less often saves a tenth
    make_tables()


@contextmanager
def unsynced() -> Iterator[None]:
    """Do not wait for the disk at each of a thousand commits; at the end everything is written out at once.

    Nobody is told that anything was received before the play is over, and a play that breaks off is played afresh.
    Nobody else reads meanwhile. The served instance writes ahead with synchronous=FULL again.
    """
    from django.db import connection

    _set("synchronous=OFF", "locking_mode=EXCLUSIVE", "journal_mode=MEMORY")
    yield
    _set("synchronous=FULL", "locking_mode=NORMAL", "journal_mode=WAL", "wal_checkpoint(TRUNCATE)")
    connection.close()


def _set(*pragmas: str) -> None:
    from django.db import connection

    for pragma in pragmas:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {pragma}").fetchall()


def make_tables() -> None:
    """Today's tables at once instead of by every step of their history, which is noted as taken; a test compares both.

    Only for an empty database; it saves a fifth of the whole play.
    """
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder
    from django.test.utils import override_settings

    if connection.introspection.table_names():
        call_command("migrate", verbosity=0, interactive=False)
        return
    with override_settings(MIGRATION_MODULES=_Nowhere()):
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in MigrationLoader(connection).graph.nodes:
        recorder.record_applied(app, name)


class _Nowhere(dict[str, None]):
    """Says of every application that it has no migrations."""

    def __contains__(self, _: object) -> bool:
        return True

    def __getitem__(self, _: str) -> None:
        return None

    def get(self, *_: object) -> None:
        return None
