"""The lists under load: requests a second, queries and bytes, as ratios to their limits and to a trivial page.

    python benchmarks/web_pages.py [--seconds N]

Loads 200 challenges and 5,000 bids into a scratch home, serves it with two workers, and asks 50 different addresses
(page x filter x language) of the public board, the officer's list as an officer, and `/healthz`, from a small
keep-alive client on the same machine. Nothing leaves the machine.
"""

import argparse
import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from _report import Figure, report

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 5.0
CLIENTS = 4
BOARD_RATE, BOARD_QUERIES, BYTES = 200.0, 10, 30_000
OFFICE_RATE, OFFICE_QUERIES = 30.0, 15
OFFICE = "/office/challenges/"
COUNTRIES = ("VN", "LA", "TH", "KH", "MM", "MY", "SG", "ID")
SECTORS = ("agriculture", "fishery", "language", "translation", "health")


def main() -> int:
    """Measure; 0 when every limit that can be counted is kept and every page was served."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=SECONDS)
    seconds = options.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"JIEBANG_HOME": folder, "DJANGO_SETTINGS_MODULE": "jiebang.config.settings"}
        sys.path.insert(0, str(ROOT / "src"))
        cookie = prepare(Path(folder))
        public, office = addresses(), office_addresses()
        costs = {"board": cost(public, ""), "office": cost(office, cookie)}
        port, server = serve()
        try:
            rates = {
                "trivial": rate(port, ["/healthz"], "", seconds),
                "board": rate(port, public, "", seconds),
                "office": rate(port, office, cookie, seconds),
            }
        finally:
            server.terminate()
            server.wait()
    return told(rates, costs)


def addresses() -> list[str]:
    """50 addresses of the board: pages and filters, half of them in Chinese."""
    found = [f"/challenges/?page={page}" for page in (1, 2, 3, 4)]
    found += [f"/challenges/?country={code}" for code in COUNTRIES]
    found += [f"/challenges/?sector={name}&sort=newest" for name in SECTORS]
    found += [
        f"/challenges/?stage={name}&sort=budget" for name in ("open", "reviewing", "decided", "publicity")
    ]
    found += [
        "/challenges/?q=rice",
        "/challenges/?q=river",
        "/challenges/?mode=collaborative_rd",
        "/challenges/?sort=number",
    ]
    return [f"{address}&lang={lang}" for address in found for lang in ("en", "zh-hans")]


def office_addresses() -> list[str]:
    """50 addresses of the officer's list: pages, sorts, stages and words, half of them in Chinese."""
    found = [
        f"{OFFICE}?page={page}&sort={name}"
        for page in (1, 2, 3, 4)
        for name in ("number", "-budget", "due_at")
    ]
    found += [f"{OFFICE}?stage={name}" for name in ("open", "reviewing", "decided", "publicity")]
    found += [f"{OFFICE}?country={code}" for code in COUNTRIES]
    found += [f"{OFFICE}?text=rice"]
    return [f"{address}&lang={lang}" for address in found for lang in ("en", "zh-hans")]


def prepare(home: Path) -> str:
    """Make the home and its board; the cookie of a signed-in officer."""
    from jiebang.config.home import make

    make(home)
    import django

    django.setup()
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    from jiebang.demo.bulk import OFFICER, load_board
    from jiebang.records.people.models import User

    call_command("migrate", verbosity=0)
    load_board()
    officer = User.objects.get(email=OFFICER)
    session = SessionStore()
    session["_auth_user_id"] = str(officer.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.AllowAllUsersModelBackend"
    session["_auth_user_hash"] = officer.get_session_auth_hash()
    session.create()
    return f"sessionid={session.session_key}"


def cost(pages: Sequence[str], cookie: str) -> tuple[int, int, int]:
    """Most queries and most bytes of a page that nobody asked for before, and the most cards or rows on it."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1", headers={"cookie": cookie} if cookie else {})
    client.get(pages[0])
    queries = size = rows = 0
    for page in pages:
        cache.clear()
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(page)
        if answer.status_code != 200:
            return 0, 0, 0
        html = answer.content.decode()
        queries, size = max(queries, len(seen)), max(size, len(answer.content))
        rows = max(rows, html.count("<article"), len(re.findall("<tr>", html)) - 1)
    connection.close()
    return queries, size, rows


def serve() -> tuple[int, "subprocess.Popen[bytes]"]:
    """Two granian workers on a free port, once they answer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--host", "127.0.0.1",
               "--port", str(port), "--log-level", "error", "jiebang.config.wsgi:application"]  # fmt: skip
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    server = subprocess.Popen(command, env=env)
    for _ in range(200):
        try:
            if ask(port, ["/healthz"], "", 1) == 1:
                return port, server
        except OSError:
            time.sleep(0.1)
    server.kill()
    sys.exit("the server did not start")


def rate(port: int, pages: Sequence[str], cookie: str, seconds: float) -> float:
    """Requests a second over `seconds`, after every worker has met every page."""
    try:
        for _ in range(4):
            ask(port, pages, cookie, len(pages))
    except RuntimeError:
        return 0.0
    done: list[int] = []
    until = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=lambda n=n: done.append(_until(port, pages[n:] + pages[:n], cookie, until)))
        for n in range(CLIENTS)
    ]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - start)


def _until(port: int, pages: Sequence[str], cookie: str, until: float) -> int:
    count = 0
    while time.perf_counter() < until:
        count += ask(port, pages, cookie, len(pages), until)
    return count


def ask(port: int, pages: Sequence[str], cookie: str, count: int, until: float = float("inf")) -> int:
    """Up to `count` pages over one connection; how many came. RuntimeError for an answer that is no page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    came = 0
    try:
        while came < count and time.perf_counter() < until:
            connection.request("GET", pages[came % len(pages)], headers={"Cookie": cookie} if cookie else {})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{pages[came % len(pages)]}: {answer.status}")
            came += 1
    finally:
        connection.close()
    return came


def told(rates: dict[str, float], costs: dict[str, tuple[int, int, int]]) -> int:
    """Print each figure with its limit and ratio; 0 when all that can be counted are kept."""
    queries, size, rows = costs["board"]
    failed = report(
        Figure(name="board requests/s", value=rates["board"], limit=BOARD_RATE, least=True),
        Figure(name="board queries", value=queries, limit=BOARD_QUERIES, decides=True),
        Figure(name="board bytes", value=size, limit=BYTES, decides=True),
        Figure(name="board rows", value=rows, limit=50, least=True, decides=True),
        Figure(name="office requests/s", value=rates["office"], limit=OFFICE_RATE, least=True),
        Figure(name="office queries", value=costs["office"][0], limit=OFFICE_QUERIES, decides=True),
        Figure(name="office rows", value=costs["office"][2], limit=50, least=True, decides=True),
    )
    print(f"beside a trivial page of {rates['trivial']:.0f} requests/s in the same run:")
    for name in ("board", "office"):
        print(f"{name + ' / trivial':28} {rates[name] / rates['trivial']:14.2f}")
    return failed or int(0 in rates.values())


if __name__ == "__main__":
    sys.exit(main())
