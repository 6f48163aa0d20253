"""What every test has: Django's settings for tests, and a PostgreSQL server: the one that is there, or one
started for the tests, or a loud skip."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import hypothesis
import pytest

from jiebang.config.home import make as make_home

if "JIEBANG_HOME" not in os.environ:  # settings are read from a home; workers of xdist inherit this one
    os.environ["JIEBANG_HOME"] = tempfile.mkdtemp(prefix="jiebang-tests-")
    make_home(Path(os.environ["JIEBANG_HOME"]))
    atexit.register(shutil.rmtree, os.environ["JIEBANG_HOME"], ignore_errors=True)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiebang.config.settings")

HOW_TO = "no PostgreSQL server or program on this machine; as root: apt-get install -y postgresql"
RUNNING = "postgresql://postgres@127.0.0.1:5432/postgres"


def pytest_configure() -> None:
    """pytest-django looked for settings before this file named them, so Django is set up here.

    Examples have no deadline: on a busy machine it fails tests that are right.
    """
    django.setup()
    from django.conf import settings

    settings.CACHES["shared"]["LOCATION"] += os.environ.get("PYTEST_XDIST_WORKER", "")
    hypothesis.settings.register_profile("jiebang", deadline=None)
    hypothesis.settings.load_profile("jiebang")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys share one played demo, so one worker walks them all; the longest work begins first."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.xdist_group("journeys"))
    items.sort(key=lambda item: not {"journeys", "postgres"} & {*item.path.parts})


@pytest.fixture(scope="session", autouse=True)
def _tests_may_empty_the_journal() -> Iterator[None]:
    """A test that commits empties the tables afterwards; the journal's triggers would refuse that."""
    from django.db import connection
    from django.test import TransactionTestCase

    from unlocked import lifted

    empty = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        with lifted(connection):
            empty(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


def answers(url: str, /) -> bool:
    """Whether a server at that address lets us in."""
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def programs() -> Path | None:
    """The folder of `initdb`, in the path or where Debian keeps it."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address of a server that may create databases; JIEBANG_TEST_POSTGRES names one's own."""
    url = os.environ.get("JIEBANG_TEST_POSTGRES", RUNNING)
    folder = programs()
    if answers(url):
        yield url
    elif folder:
        with tempfile.TemporaryDirectory(prefix="jiebang-postgres-") as base:
            yield from _started(folder, Path(base))
    else:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(HOW_TO)


def _started(folder: Path, base: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = base / "data"
    data.mkdir()
    if os.geteuid() == 0:  # the server refuses to run as root; Debian's package made this user
        shutil.chown(data, "postgres")
        base.chmod(0o711)
    _as_postgres(str(folder / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8")
    options = f"-p {port} -k {data} -c listen_addresses=127.0.0.1"
    control = str(folder / "pg_ctl")
    _as_postgres(control, "-D", str(data), "-w", "-l", str(data / "log"), "-o", options, "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        _as_postgres(control, "-D", str(data), "-m", "immediate", "stop")


def _as_postgres(*command: str) -> None:
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*prefix, *command], cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
