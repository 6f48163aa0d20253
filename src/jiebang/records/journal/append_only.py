"""Triggers by which the database refuses to change or remove a journal entry, whoever asks."""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "journal_journalentry"

# An INSERT OR REPLACE removes the old row without calling delete triggers, hence the third.
_SQLITE = {
    "journal_no_update": "BEFORE UPDATE ON {table} BEGIN {refuse} END",
    "journal_no_delete": "BEFORE DELETE ON {table} BEGIN {refuse} END",
    "journal_no_replace": (
        "BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE seq = NEW.seq) BEGIN {refuse} END"
    ),
}
_POSTGRES = {
    "journal_no_change": "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
    "journal_no_truncate": "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()",
}
_REFUSE = "SELECT RAISE(ABORT, 'the journal is append-only');"
_FUNCTION = """CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$"""


def after_migrate(*, using: str, **_: Any) -> None:
    """Django's signal: install where the table exists (a partial migration may not have it yet)."""
    connection = connections[using]
    if TABLE in connection.introspection.table_names():
        install(connection)


def install(connection: BaseDatabaseWrapper, /) -> None:
    """Put the triggers in place, anew if they are there."""
    lift(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for name, rule in _triggers(connection).items():
            cursor.execute(f"CREATE TRIGGER {name} {rule.format(table=TABLE, refuse=_REFUSE)}")


def lift(connection: BaseDatabaseWrapper, /) -> None:
    """Take the triggers away, so that they can be put in place anew."""
    place = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _triggers(connection):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{place}")


def _triggers(connection: BaseDatabaseWrapper) -> dict[str, str]:
    return _POSTGRES if connection.vendor == "postgresql" else _SQLITE
