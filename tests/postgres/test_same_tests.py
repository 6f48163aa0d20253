"""The tests of what remembers and what acts, once more, on PostgreSQL instead of SQLite."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

TESTS = Path(__file__).parents[1]
ROOMS = ("records", "operations")


def test_the_rooms_with_a_database_pass_on_postgresql(postgres_url: str) -> None:
    url = urlunsplit(
        urlsplit(postgres_url)._replace(path=f"/jiebang_{os.getpid()}")
    )  # Django makes and drops test_jiebang_…
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:xdist",
        "-p",
        "no:cacheprovider",
        "--create-db",
    ]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    done = subprocess.run(
        [*command, *(str(TESTS / room) for room in ROOMS)],
        env=environment | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
