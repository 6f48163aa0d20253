"""The journal without the triggers that keep it append-only, for tests that empty it or tamper with it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

from jiebang.records.journal import append_only


@contextmanager
def lifted(connection: BaseDatabaseWrapper, /) -> Iterator[None]:
    """Without the triggers for a while."""
    append_only.lift(connection)
    try:
        yield
    finally:
        append_only.install(connection)
