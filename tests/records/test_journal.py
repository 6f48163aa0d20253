"""The journal grows by whole entries, refuses every change, and forgets a person without breaking."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

import jiebang
from jiebang.config.home import make
from jiebang.records.journal import queries
from jiebang.records.journal.models import AppendOnlyError, Head, JournalEntry, PrivateValue
from jiebang.records.journal.write import append, erase
from jiebang.trust.canonical import NotCanonicalError
from jiebang.trust.chain import GENESIS, verify_chain, walk_chain
from jiebang.trust.receipts import verify_receipt
from unlocked import lifted

NOW = datetime(2026, 4, 8, 1, 2, 3, tzinfo=UTC)


def write(number: int = 1, **changes: Any) -> JournalEntry:
    with transaction.atomic():
        return append(
            **{
                "at": NOW + timedelta(days=number),
                "event": "bid:submitted",
                "actor": f"p-{number}",
                "subject": f"bid/{number}",
                "rulebook": "ab" * 32,
                "body": {"amount": Decimal("1.50"), "round": number},
                "private": {"name": f"Canary Person {number}"},
            }
            | changes
        )


def verified() -> bool:
    return verify_chain(queries.export_lines(), head=queries.head()[1]) == []


@pytest.mark.django_db
def test_entries_form_a_chain_that_an_outsider_verifies() -> None:
    assert queries.head() == (0, GENESIS)
    rows = [write(number) for number in range(1, 6)]
    assert [row.seq for row in rows] == [1, 2, 3, 4, 5]
    assert queries.head() == (5, rows[-1].leaf)
    assert verified()
    entry = queries.entry_of(rows[1])
    assert (entry.previous, entry.body) == (rows[0].leaf, {"amount": "1.50", "round": 2})


@pytest.mark.django_db
def test_the_public_lines_hold_no_private_value() -> None:
    write()
    assert b"Canary" not in b"".join(queries.export_lines())
    assert PrivateValue.objects.get().value == "Canary Person 1"


@pytest.mark.django_db
def test_equal_values_have_unequal_commitments() -> None:
    first, second = (queries.entry_of(write(n, private={"name": "same"})) for n in (1, 2))
    assert first.private["name"] != second.private["name"]


@pytest.mark.django_db(transaction=True)
def test_an_entry_needs_the_transaction_of_its_deed() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        append(at=NOW, event="a:b", actor="p", subject="s", rulebook=None, body={})
    assert JournalEntry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_deed_undone_leaves_no_entry_and_no_gap() -> None:
    write(1)
    with contextlib.suppress(RuntimeError), transaction.atomic():
        write(2)
        raise RuntimeError
    write(3)
    assert list(JournalEntry.objects.order_by("seq").values_list("seq", "subject")) == [
        (1, "bid/1"),
        (2, "bid/3"),
    ]
    assert PrivateValue.objects.count() == 2
    assert verified()


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_stand_in_line() -> None:
    def work(number: int) -> None:
        for step in range(5):
            write(number * 10 + step)
        connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert queries.head()[0] == 20
    assert verified()


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"actor": ""}, {"body": {"x": 1e300}}, {"rulebook": "x"}, {"at": "now"}])
def test_what_would_not_verify_is_not_written(wrong: dict[str, Any]) -> None:
    with pytest.raises((NotCanonicalError, AttributeError)):
        write(**wrong)
    assert JournalEntry.objects.count() == 0


@pytest.mark.django_db
def test_models_refuse_changes() -> None:
    row = write()
    for attempt in (
        row.save,
        row.delete,
        JournalEntry.objects.all().delete,
        lambda: JournalEntry.objects.update(actor="x"),
        lambda: JournalEntry.objects.bulk_update([row], ["actor"]),
    ):
        with pytest.raises(AppendOnlyError), transaction.atomic():
            attempt()
    with pytest.raises(DatabaseError), transaction.atomic():
        JournalEntry(seq=1, at=NOW, event="x", actor="x", subject="x", line="x", leaf="y").save()
    assert verified()


TAMPERING = [
    "UPDATE journal_journalentry SET actor = 'x' WHERE seq = 2",
    "UPDATE journal_journalentry SET line = line",
    "DELETE FROM journal_journalentry WHERE seq = 3",
    "DELETE FROM journal_journalentry",
]
SQLITE = (
    "INSERT OR REPLACE INTO journal_journalentry SELECT seq, at, event, 'x', subject, rulebook, line, leaf"
)
ONLY = {
    "sqlite": [f"{SQLITE} FROM journal_journalentry WHERE seq = 2"],
    "postgresql": ["TRUNCATE journal_journalentry CASCADE"],
}


@pytest.mark.django_db
def test_the_database_refuses_changes() -> None:
    for number in range(1, 4):
        write(number, private={})
    before = list(queries.export_lines())
    for statement in TAMPERING + ONLY[connection.vendor]:
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert list(queries.export_lines()) == before


@pytest.mark.django_db(transaction=True)
def test_with_the_triggers_lifted_tampering_is_still_seen() -> None:
    for number in range(1, 4):
        write(number, private={})
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE journal_journalentry SET line = replace(line, 'p-2', 'p-9') WHERE seq = 2")
    assert not verified()
    assert [(fault.line, fault.code) for fault in queries.faults()] == [
        (2, "trust.wrong_column"),
        (2, "trust.wrong_column"),
        (3, "trust.broken_link"),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE journal_journalentry SET actor = 'x' WHERE seq = 2", "trust.wrong_column"),
        ("DELETE FROM journal_journalentry WHERE seq = 3", "trust.other_head"),
        ("DELETE FROM journal_journalentry", "trust.other_head"),
        ("UPDATE journal_journalentry SET line = '{}' WHERE seq = 3", "trust.unreadable"),
    ],
)
def test_what_somebody_changed_in_the_database_is_found(change: str, code: str) -> None:
    for number in range(1, 4):
        write(number, private={})
    assert queries.faults() == []
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute(change)
    assert code in [fault.code for fault in queries.faults()]


@pytest.mark.django_db
def test_an_export_ends_where_it_is_told() -> None:
    assert queries.faults() == []
    first, _ = write(1), write(2)
    assert verify_chain(queries.export_lines(upto=1), head=first.leaf) == []


WRITER = """
import os, sys, django
django.setup()
from datetime import UTC, datetime
from django.db import transaction
from jiebang.records.journal.write import append
while True:
    with transaction.atomic():
        row = append(at=datetime.now(UTC), event="a:b", actor="p", subject="s", rulebook=None, body={})
    os.write(1, f"{row.seq} {row.leaf}\\n".encode())
"""
READER = """
import sys, django
django.setup()
from jiebang.records.journal import queries
assert queries.faults() == []
sys.stdout.buffer.writelines(queries.export_lines())
"""


def test_a_kill_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    make(tmp_path)
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"JIEBANG_HOME": str(tmp_path), "PYTHONPATH": str(Path(jiebang.__file__).parents[1])}
    command = [sys.executable, "-m", "django", "migrate", "journal", "--skip-checks", "-v0"]
    subprocess.run(command, env=environment, check=True)
    acknowledged: list[str] = []
    for _ in range(3):
        program = [sys.executable, "-c", WRITER]
        with subprocess.Popen(program, env=environment, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout
            acknowledged += [writer.stdout.readline() for _ in range(40)]
            writer.kill()
            acknowledged += writer.stdout.readlines()
    read = subprocess.run([sys.executable, "-c", READER], env=environment, check=True, stdout=subprocess.PIPE)
    steps = list(walk_chain(read.stdout.splitlines()))
    assert [step for step in steps if step.faults] == []
    kept = {f"{step.line} {step.leaf}\n" for step in steps}
    assert {line for line in acknowledged if line.endswith("\n")} <= kept
    assert len(acknowledged) >= 120


@pytest.mark.django_db
def test_erasing_a_person_leaves_a_journal_that_verifies() -> None:
    for number in range(1, 101):
        write(number, actor="p-gone" if number % 2 else "p-stays")
    write(101, actor="office", person="p-gone", private={"note": "Canary note"})
    assert erase(person="p-gone", at=NOW) == 51
    assert erase(person="p-gone", at=NOW) == 0
    assert not PrivateValue.objects.filter(person="p-gone").exclude(salt="", value=None).exists()
    assert PrivateValue.objects.filter(person="p-stays", erased_at=None).count() == 50
    assert verified()


@pytest.mark.django_db
def test_a_receipt_verifies_offline_now_and_when_the_journal_has_grown() -> None:
    write(1)
    early = json.loads(json.dumps(queries.receipt_for(1)))
    later_rows = [write(number) for number in range(2, 6)]
    full = json.loads(queries.receipt_text(1, with_private=True))
    lines = list(queries.export_lines())
    assert early["head"] == {"seq": 1, "leaf": early["leaf"]}
    assert full["head"] == {"seq": 5, "leaf": later_rows[-1].leaf}
    assert full["openings"]["name"]["value"] == "Canary Person 1"
    for receipt in (early, full):
        assert verify_receipt(receipt) == []
        assert verify_receipt(receipt, journal=lines) == []
    full["openings"]["name"]["value"] = "Another"
    assert verify_receipt(full) != []


@pytest.mark.django_db
def test_after_erasing_a_receipt_opens_nothing_and_still_holds() -> None:
    write()
    erase(person="p-1", at=NOW)
    receipt = queries.receipt_for(1, with_private=True)
    assert "openings" not in receipt
    assert verify_receipt(receipt) == []


@pytest.mark.django_db
def test_there_is_no_receipt_for_what_did_not_happen() -> None:
    with pytest.raises(JournalEntry.DoesNotExist):
        queries.receipt_for(1)


@pytest.mark.django_db
def test_lists_are_newest_first_and_narrowed_by_what_is_asked() -> None:
    write(1)
    write(2, event="bid:withdrawn", subject="bid/1")
    write(3, event="review:signed", actor="p-1")

    def found(**asked: Any) -> list[int]:
        return [row.seq for row in queries.entries(**asked)]

    assert found() == [3, 2, 1]
    assert found(subject="bid/1") == [2, 1]
    assert found(event="bid:withdrawn") == [2]
    assert found(event="bid:") == [2, 1]
    assert found(actor="p-1") == [3, 1]
    assert found(since=NOW + timedelta(days=2)) == [3, 2]


@pytest.mark.django_db
def test_there_is_one_head() -> None:
    write()
    with pytest.raises(DatabaseError), transaction.atomic():
        Head.objects.create(id=2, seq=9, leaf=GENESIS)
