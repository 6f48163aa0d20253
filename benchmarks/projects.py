"""The portfolio of 2,000 projects: how long the officer's list takes, with how many queries, bare, narrowed and as a file.

    python benchmarks/projects.py [--projects N]

Loads the projects with their milestones, checks, instalments, rows of money, measured values, disputes, protocols,
follow-ups and journal into a scratch home and asks for pages that nobody asked for before.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from _report import Figure, report

ROOT = Path(__file__).resolve().parent.parent
PAGE = "/office/projects/"
ASKED = (
    "",
    "?warning=slipping",
    "?sort=-paid&page=7",
    "?country=VN&severity=serious",
    "?mine=yes",
    "?text=rice",
)
QUERIES, SECONDS, FILE_SECONDS = 15, 1.0, 5.0


def main() -> int:
    """Measure; 0 when no page needs more than 15 queries and every page lists what it should."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--projects", type=int, default=2000)
    count = options.parse_args().projects
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"JIEBANG_HOME": folder, "DJANGO_SETTINGS_MODULE": "jiebang.config.settings"}
        sys.path.insert(0, str(ROOT / "src"))
        client = prepare(Path(folder), count)
        costs = [cost(client, f"{PAGE}{asked}") for asked in ASKED]
        rows, file_seconds = written(client)
        from django.db import connection

        connection.close()
    return report(
        Figure(name="projects listed", value=rows, limit=count, least=True, decides=True),
        Figure(
            name="queries of a page", value=max(queries for queries, _ in costs), limit=QUERIES, decides=True
        ),
        Figure(name="seconds, the whole list", value=costs[0][1], limit=SECONDS),
        Figure(name="seconds, the slowest page", value=max(seconds for _, seconds in costs), limit=SECONDS),
        Figure(name="seconds, all as CSV", value=file_seconds, limit=FILE_SECONDS),
    )


def prepare(home: Path, count: int):  # type: ignore[no-untyped-def]
    """Make the home and its projects; a browser with the officer signed in."""
    from jiebang.config.home import make

    make(home)
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from jiebang.demo.bulk import OFFICER
    from jiebang.demo.bulk_projects import load_projects
    from jiebang.records.people.models import User

    call_command("migrate", verbosity=0)
    load_projects(projects=count)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(email=OFFICER))
    client.get("/office/bids/")  # whatever is loaded once
    return client


def cost(client, address: str) -> tuple[int, float]:  # type: ignore[no-untyped-def]
    """Queries and seconds of a page that nobody asked for before."""
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cache.clear()
    start = time.perf_counter()
    answer = client.get(address)
    seconds = time.perf_counter() - start
    cache.clear()
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    if answer.status_code != 200:
        sys.exit(f"{address}: {answer.status_code}")
    print(f"{address:48} {len(seen):3} queries {seconds:7.3f} s")
    return len(seen), seconds


def written(client) -> tuple[int, float]:  # type: ignore[no-untyped-def]
    """Rows and seconds of the whole list as a file."""
    start = time.perf_counter()
    text = client.get(f"{PAGE}?format=csv").content.decode("utf-8-sig")
    return text.count("BP-"), time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
