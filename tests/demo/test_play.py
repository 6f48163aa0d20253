"""The sample round plays from end to end, gives the numbers of the contract, and by the rules alone."""

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from jiebang.decisions.bundle_kept import from_plain
from jiebang.decisions.bundle_text import digest
from jiebang.decisions.round import run
from jiebang.demo.afterwards import with_afterwards
from jiebang.demo.content import load
from jiebang.demo.course import PLAYERS
from jiebang.rules.schema import Rulebook
from jiebang.trust.chain import verify_chain
from played import Played, jiebang


@pytest.fixture(scope="module")
def database(played: Played) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{played.home / 'jiebang.sqlite3'}?mode=ro", uri=True)) as opened:
        yield opened


def rows(database: sqlite3.Connection, query: str, *values: object) -> list[Any]:
    return database.execute(query, values).fetchall()


def test_the_numbers_of_the_contract(played: Played) -> None:
    said = played.said
    assert 10 <= said["needs"] <= 12
    assert said["challenges"] >= 8
    assert said["bids"] >= 18
    assert said["experts"] == 12
    assert said["awarded"] >= 5
    assert said["racing"] == said["relisted"] == said["no_award"] == said["terminated"] == 1
    assert said["validated"] == said["handed_over"] == 2
    assert said["protocols"] == 3
    assert said["packages"] == said["runs"] == 5
    assert said["incidents"] == 3
    assert said["replicated"] == 1
    assert said["deliverables"] == 3
    assert said["trainees"] == 48 + 41 + 14, "what waits does not count"
    assert said["objections"] >= 1
    assert said["journal_entries"] > 1000


def test_every_reviewed_bid_has_three_experts(played: Played, database: sqlite3.Connection) -> None:
    pairs = rows(
        database,
        "SELECT b.number, count(*) FROM reviews_assignment a JOIN bids_bid b ON b.id = a.bid_id "
        "WHERE a.status != 'recused' GROUP BY b.number",
    )
    assert {count for _, count in pairs} == {3}
    assert played.said["reviews"] == 3 * len(pairs)
    never = rows(database, "SELECT number FROM bids_bid WHERE stage = 'eligible'")
    assert {number for (number,) in never} <= {number for number, _ in pairs}


def test_the_journal_verifies_and_ends_where_the_demo_said(
    played: Played, database: sqlite3.Connection
) -> None:
    lines = [
        line.encode() for (line,) in rows(database, "SELECT line FROM journal_journalentry ORDER BY seq")
    ]
    assert verify_chain(lines, head=played.said["journal_head"]) == []
    assert len(lines) == played.said["journal_entries"]


@pytest.mark.parametrize(
    ("rule", "lead"),
    [
        ("consortium.max_partners", "gx-fengyu"),
        ("lead_age", "gx-sprout"),
        ("consortium.one_bid_per_lead", "gx-cane"),
        ("lead_network", "gx-resin"),
    ],
)
def test_what_breaks_a_rule_is_ineligible_by_that_rule(
    database: sqlite3.Connection, rule: str, lead: str
) -> None:
    failed = rows(
        database,
        "SELECT b.stage, v.rule FROM awards_verdict v JOIN bids_bid b ON b.id = v.bid_id "
        "JOIN bids_consortium c ON c.party_id = b.consortium_id JOIN people_party p ON p.id = c.lead_id "
        "WHERE v.current AND v.outcome = 'fail' AND p.slug = ?",
        lead,
    )
    assert ("ineligible", rule) in failed
    assert {found for _, found in failed} == {rule}


def test_the_tie_of_the_racing_pair_is_the_tie_of_their_scores(database: sqlite3.Connection) -> None:
    found = rows(
        database,
        "SELECT d.score, d.outcome FROM awards_decision d JOIN challenges_challenge c ON c.id = d.challenge_id "
        "WHERE c.max_leads = 2 AND d.current AND d.score IS NOT NULL ORDER BY d.rank",
    )
    assert [outcome for _, outcome in found[:2]] == ["awarded", "awarded"]
    assert found[0][0] == found[1][0] == pytest.approx(82)
    assert all(outcome != "awarded" for _, outcome in found[2:])


def test_every_act_of_the_course_is_played() -> None:
    content, _ = with_afterwards(load())
    assert {event.act for event in content.course.events} <= PLAYERS.keys()


def test_work_is_left_for_every_part_of_the_office(database: sqlite3.Connection) -> None:
    stages = Counter(stage for (stage,) in rows(database, "SELECT stage FROM challenges_challenge"))
    assert stages["open"] == stages["reviewing"] == stages["publicity"] == 1
    waiting = "SELECT count(*) FROM {} WHERE {}"
    for table, what in (
        ("awards_proposal", "status = 'open'"), ("awards_objection", "status = 'open'"),
        ("bids_invitation", "status = 'invited'"), ("challenges_question", "answered_at IS NULL"),
        ("challenges_need", "stage = 'draft'"), ("projects_project", "stage = 'validation'"),
    ):  # fmt: skip
        assert rows(database, waiting.format(table, what))[0][0] > 0, table
    experts = rows(
        database,
        "SELECT count(DISTINCT expert_id) FROM reviews_assignment WHERE status NOT IN ('signed', 'recused')",
    )
    assert experts[0][0] == 12


def test_nobody_has_a_password_and_the_home_says_it_is_a_demo(
    played: Played, database: sqlite3.Connection
) -> None:
    assert all(word.startswith("!") for (word,) in rows(database, "SELECT password FROM people_user"))
    assert rows(database, "SELECT demo, office_id IS NOT NULL FROM programme_instance") == [(1, 1)]
    assert "demo: true" in (played.home / "settings.yaml").read_text()


DECISIONS = (
    "SELECT c.number, b.number, d.outcome, d.rank, d.score, d.code, d.rule, d.final_at FROM awards_decision d "
    "JOIN challenges_challenge c ON c.id = d.challenge_id LEFT JOIN bids_bid b ON b.id = d.bid_id ORDER BY d.id"
)
VERDICTS = "SELECT subject, rule, outcome, code, as_of FROM awards_verdict ORDER BY id"
BIDS = "SELECT number FROM bids_bid ORDER BY id"
PEOPLE = "SELECT pseudonym, email FROM people_user"


def story(home: Path) -> tuple[object, ...]:
    """What was decided and what the journal says in public, people by address, bids by order: their names are random."""
    with closing(sqlite3.connect(home / "jiebang.sqlite3")) as database:
        people = dict(rows(database, PEOPLE))
        bids = {number: f"bid {place}" for place, (number,) in enumerate(rows(database, BIDS))}
        entries = []
        for (line,) in rows(database, "SELECT line FROM journal_journalentry ORDER BY seq"):
            for random, said in {**people, **bids}.items():
                line = line.replace(random, said)
            entry = json.loads(line)
            entries.append((entry["at"], entry["event"], entry["actor"], entry["subject"], entry["body"]))
        told = [[bids.get(item, item) for item in row] for row in rows(database, DECISIONS)]
        ruled = [[bids.get(item, item) for item in row] for row in rows(database, VERDICTS)]
        return told, ruled, _plain(entries)


def _plain(entries: list[Any]) -> list[Any]:
    """`inputs` hashes what a decision read, `digest` a proposal of experts: pseudonyms and numbers are among it."""
    for entry in entries:
        entry[-1].pop("inputs", None)
        entry[-1].pop("digest", None)
    return entries


def test_playing_again_tells_the_same_story(played: Played, tmp_path: Path) -> None:
    again = tmp_path / "again"
    assert jiebang("demo", "--home", again, "--no-serve", "--json").returncode == 0
    assert story(again) == story(played.home)


SHAPE = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"


def test_the_demos_tables_are_those_of_the_migrations(database: sqlite3.Connection, tmp_path: Path) -> None:
    real = tmp_path / "real"
    done = jiebang(
        "init", real, "--admin-email", "first@example.org", JIEBANG_ADMIN_PASSWORD="a quiet river in spring"
    )
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(real / "jiebang.sqlite3")) as migrated:
        assert names(database) == names(migrated)
        for table in (name for kind, name in names(database) if kind == "table"):
            assert shape(database, table) == shape(migrated, table), table
        taken = "SELECT app, name FROM django_migrations ORDER BY app, name"
        assert rows(database, taken) == rows(migrated, taken)


def names(database: sqlite3.Connection) -> list[tuple[str, str]]:
    return [(kind, name) for kind, name, _ in rows(database, SHAPE)]


def shape(database: sqlite3.Connection, table: str) -> tuple[object, ...]:
    columns = sorted(tuple(map(str, row[1:])) for row in rows(database, f'PRAGMA table_info("{table}")'))
    keys = sorted(row[2:5] for row in rows(database, f'PRAGMA foreign_key_list("{table}")'))
    indexes = sorted(
        (row[2], tuple(sorted(str(part[2]) for part in rows(database, f'PRAGMA index_info("{row[1]}")'))))
        for row in rows(database, f'PRAGMA index_list("{table}")')
    )
    return columns, keys, indexes


def test_every_decision_keeps_what_it_read_and_gives_itself_again(database: sqlite3.Connection) -> None:
    texts = dict(rows(database, "SELECT digest, document FROM programme_rulebookversion"))
    found = rows(
        database,
        "SELECT d.inputs, d.rulebook, i.bundle, b.number, d.outcome FROM awards_decision d "
        "JOIN awards_inputs i ON i.sha256 = d.inputs LEFT JOIN bids_bid b ON b.id = d.bid_id",
    )
    assert len(found) == rows(database, "SELECT count(*) FROM awards_decision WHERE inputs <> ''")[0][0]
    again: dict[str, dict[str, str]] = {}
    for inputs, version, bundle, number, outcome in found:
        if inputs not in again:
            read = from_plain(json.loads(bundle))
            assert digest(read) == inputs
            book = Rulebook.model_validate(json.loads(texts[version]))
            again[inputs] = {item.bid: item.outcome.value for item in run(book, read).decisions}
        assert again[inputs][number or ""] == outcome


def test_no_page_leads_its_reader_where_the_reader_may_not_go(played: Played, tmp_path: Path) -> None:
    people = [
        "officer",
        "officer2",
        "handler",
        "auditor",
        "admin",
        "commerce",
        "external",
        "desk-la",
        "x07",
        "ganlu",
        "kongba",
        "thuha",
        "wulandari",
    ]
    home = played.copy(tmp_path / "home")
    walk = Path(__file__).with_name("walk.py")
    readers = ["", *(f"{name}@people.example" for name in people)]
    done = subprocess.run(
        [sys.executable, str(walk), str(home), *readers], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == []
