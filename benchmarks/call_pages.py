"""An officer's round through page and database: a call of 200 bids on 10 challenges, and 60 experts.

    python benchmarks/call_pages.py

The page that proposes experts for the whole call, and (every review signed) the page of its results and the ranking of
one of its challenges, each with all reasons, asked as an officer; seconds are medians of one processor's time, nothing
is cached. Queries are counted against those of a call of a tenth the size. Nothing leaves the machine.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from _report import Figure, report

ROOT = Path(__file__).resolve().parent.parent
RUNS, SECONDS = 5, 2.0
WHOLE, TENTH = {"challenges": 10, "bids": 200, "experts": 60}, {"challenges": 2, "bids": 20, "experts": 16}
PAGES = {
    "experts": "/office/calls/BULK-1/experts/proposal/",
    "results": "/office/calls/BULK-1/award/",
    "ranking": "/office/challenges/BX-2026-0001/scores/",
}
SAID = {
    "experts": ("fits no better", "proven"),
    "results": ("Of one sector", "Held by:"),
    "ranking": ("Ranking", "Of single weights"),
}


def main() -> int:
    """Measure; 0 when every page told its reasons and a larger call took no more queries."""
    if len(sys.argv) > 1:
        print(json.dumps(measured(json.loads(sys.argv[1]))))
        return 0
    figures = []
    whole, tenth = apart(WHOLE), apart(TENTH)
    for name in PAGES:
        seconds, queries, kept = whole[name]
        more = queries - tenth[name][1]
        figures += [
            Figure(name=f"{name} page, seconds", value=seconds, limit=SECONDS),
            Figure(name=f"{name} page, queries", value=queries, limit=queries - more, decides=True),
            Figure(name=f"{name} page, reasons told", value=kept, limit=1, least=True, decides=True),
        ]
    return report(*figures)


def apart(size: dict[str, int]) -> dict[str, Any]:
    """The measurement of a call of a size, in a process and a home of its own."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, __file__, json.dumps(size)], env=env, check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measured(size: dict[str, int]) -> dict[str, tuple[float, int, float]]:
    """Of each page: seconds, queries, and whether it told its reasons."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"JIEBANG_HOME": folder, "DJANGO_SETTINGS_MODULE": "jiebang.config.settings"}
        from jiebang.config.home import make

        make(Path(folder))
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from jiebang.demo.bulk_call import load_call, review

        call = load_call(**size)
        found = {"experts": asked("experts")}
        review(call)
        return {**found, **{name: asked(name) for name in ("results", "ranking")}}


def asked(name: str) -> tuple[float, int, float]:
    """One page as the officer gets it."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from jiebang.demo.bulk import OFFICER
    from jiebang.records.people.models import User

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(email=OFFICER))
    page, times = client.get(PAGES[name]).content.decode(), []
    for _ in range(RUNS):
        cache.clear()
        start = time.process_time()
        client.get(PAGES[name])
        times.append(time.process_time() - start)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(PAGES[name])
    kept = answer.status_code == 200 and all(text in page for text in SAID[name])
    return statistics.median(times), len(seen), float(kept)


if __name__ == "__main__":
    sys.exit(main())
