"""Whether the process lives, and whether the instance can serve: for supervisors and the administrator's page."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from jiebang.adapters.files import LEAST_FREE
from jiebang.records.journal.queries import entries
from jiebang.records.programme.queries import snapshot

MOST_BEHIND = 5  # seconds that the clock may stand behind the last journal entry


def alive(request: HttpRequest) -> JsonResponse:
    """`/healthz`: this process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """`/readyz`: every check with its finding; 503 when one fails."""
    found = {name: finding(check) for name, check in CHECKS.items()}
    good = all(item["ok"] for item in found.values())
    body = {"status": "ready" if good else "not ready", "checks": found}
    return JsonResponse(body, status=200 if good else 503)


def database() -> str:
    """The database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.vendor


def migrations() -> str:
    """Every migration is applied."""
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        raise RuntimeError(f"{waiting} migrations wait: run `jiebang init` on this home again")
    return "complete"


def clock() -> str:
    """The clock does not stand before what the journal has already seen."""
    now = snapshot().now
    last = entries().values_list("at", flat=True).first()
    if last is not None and (last - now).total_seconds() > MOST_BEHIND:
        raise RuntimeError(f"the clock is behind the journal's last entry of {last.isoformat()}")
    if datetime.now(UTC).year < 2026:
        raise RuntimeError("the machine's clock was never set")
    return now.isoformat()


def disk() -> str:
    """There is room in the home."""
    free = shutil.disk_usage(settings.HOME).free
    if free < LEAST_FREE:
        raise RuntimeError(f"{free // 1_000_000} MB free, {LEAST_FREE // 1_000_000} MB needed")
    return f"{free // 1_000_000} MB free"


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "clock": clock,
    "disk": disk,
}


def finding(check: Callable[[], str]) -> dict[str, object]:
    """`ok` and `detail` of one check; whatever it raises is its finding."""
    try:
        return {"ok": True, "detail": check()}
    except Exception as error:  # whatever is wrong is the finding
        return {"ok": False, "detail": f"{type(error).__name__}: {error}"}
