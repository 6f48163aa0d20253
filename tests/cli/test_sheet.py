"""`jiebang sheet`: in, out, templates; faults with their lines; a round trip between two instances; the public registers."""

import csv
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import factories as f
from jiebang.cli.app import run
from jiebang.records.challenges.models import Need
from jiebang.records.journal.models import JournalEntry
from jiebang.records.people.models import Organisation, Party
from jiebang.records.projects.models import Milestone, Project

ROOT = Path(__file__).parents[2]
REGISTRY = ROOT.parent / "shared" / "data" / "registry"
EXAMPLES = ROOT / "examples" / "registry"
OFFICER = "officer@people.example"
pytestmark = pytest.mark.django_db


def sheet(*arguments: object, officer: bool = True) -> int:
    return run(["sheet", *map(str, arguments), *(["--as", OFFICER] if officer else [])])


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_faults_have_line_and_heading_and_nothing_is_saved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    f.board()
    path = tmp_path / "单位.csv"
    path.write_text(
        "单位名称,类型,国家,注册日期\n流明,高校,老挝,2015年2月30日\n=1+1,马戏团,CN,\n,高校,LA,,9\n",
        encoding="utf-8",
    )
    assert sheet("import", "organisations", path) == 2
    said = capsys.readouterr().err.splitlines()
    assert [line.removeprefix(f"{path}:").split(": ")[:2] for line in said] == [
        ["2", "id"], ["2", "注册日期"], ["3", "id"], ["3", "单位名称"], ["3", "类型"], ["4", "id"], ["4", "row"],
        ["4", "单位名称"],
    ]  # fmt: skip
    assert not JournalEntry.objects.exists()
    assert sheet("import", "organisations", path, "--json") == 2
    answer = json.loads(capsys.readouterr().out)
    assert answer["done"] is False
    assert {"file", "line", "field", "message"} == set(answer["faults"][0])


def test_a_dry_run_saves_nothing_and_says_what_it_would(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    f.board()
    path = tmp_path / "o.csv"
    path.write_text("id,name,type,country,Mascot\nlumen,Lumen,高校,LA,cat\n", encoding="utf-8")
    assert sheet("import", "organisations", path, "--dry-run", "--json") == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == {
        "done": True, "table": "organisations", "dry_run": True, "not_read": ["Mascot"], "count": 1, "skipped": 0,
    }  # fmt: skip
    assert "Mascot: is no column of this sheet" in said.err
    assert not Party.objects.filter(slug="lumen").exists()
    assert sheet("import", "organisations", path) == 0
    assert Party.objects.filter(slug="lumen").exists()
    assert sheet("import", "organisations", path) == 2
    assert sheet("import", "organisations", path, "--skip-known") == 0
    assert "0 organisations were imported, 1 known already" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["import", "bids", "x.csv"], ["import", "needs", "absent.csv"], ["import", "needs", "README.md"],
        ["export", "needs", "--out", "x.pdf"], ["export", "secrets", "--out", "x.csv"],
        ["export", "needs", "--out", "x.csv", "--lang", "fr"],
        ["export", "needs", "--out", "/nowhere/x.csv"], ["export", "needs", "--out", "x.csv", "--call", "none"],
        ["import", "needs", "x.csv", "--text-lang", "中文"],
    ],
)  # fmt: skip
def test_wrong_arguments_end_with_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    f.board()
    assert sheet(*arguments) == 2
    assert capsys.readouterr().err


def test_only_an_officer_imports_and_only_the_office_reads_the_register(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    board = f.board()
    path = tmp_path / "o.csv"
    path.write_text("id,name,type,country\nlumen,Lumen,高校,LA\n", encoding="utf-8")
    assert run(["sheet", "import", "organisations", str(path), "--as", board.lead_person.email]) == 2
    assert "role" in capsys.readouterr().err
    assert run(["sheet", "import", "organisations", str(path), "--as", "nobody@people.example"]) == 2
    assert sheet("export", "organisations", "--out", path, officer=False) == 2


def test_exports_pass_the_disclosure_policy(tmp_path: Path) -> None:
    board = f.board()
    posted = f.challenge(call=board.call, number="GX-2026-001", stage="open")
    f.bid(posted)
    f.need(call=board.call)
    out = tmp_path / "x.csv"
    for table in ("needs", "bids", "results", "projects"):
        assert sheet("export", table, "--out", out, officer=False) == 0
        assert rows_of(out) == [], table
    assert sheet("export", "bids", "--out", out) == 0
    assert rows_of(out) == [], "sealed until they are opened, for the office too"
    assert sheet("export", "needs", "--out", out) == 0
    assert len(rows_of(out)) == 2


def test_the_roster_of_awards(tmp_path: Path) -> None:
    board = f.board()
    posted = f.challenge(call=board.call, number="GX-2026-001", stage="decided")
    lead = f.guangxi_organisation("=Lead", names={"en": "=Lead", "zh-Hans": "南岭智算"})
    winner = f.bid(
        posted, lead=lead, lead_person=f.person(name="韦明", name_latin="Wei Ming"), stage="awarded"
    )
    f.decision(winner)
    f.decision(f.bid(posted, stage="not_awarded"), outcome="not_awarded", rank=2)
    project = f.project(winner, number="P-1")
    Milestone.objects.create(project=project, order=1, due_on="2027-04-30")
    out = tmp_path / "r.csv"
    assert sheet("export", "results", "--out", out, "--lang", "zh-Hans") == 0
    assert rows_of(out) == [{
        "编号": "GX-2026-001", "榜题": "手写公文识别", "牵头单位": "南岭智算", "负责人": "韦明", "金额": "900000.00",
        "币种": "CNY",         "起止时间": "2026-05-30 – 2027-04-30",
    }]  # fmt: skip
    assert sheet("export", "results", "--out", out, "--lang", "en") == 0
    assert (rows_of(out)[0]["Lead"], rows_of(out)[0]["Lead person"]) == ("'=Lead", "Wei Ming")
    Milestone.objects.all().delete()
    Project.objects.update(ended_at=datetime(2027, 4, 29, 20, tzinfo=UTC))
    assert sheet("export", "results", "--out", out, "--lang", "en") == 0
    assert rows_of(out)[0]["From – to"] == "2026-05-30 – 2027-04-30", "it was morning already in Nanning"
    book = tmp_path / "p.xlsx"
    assert sheet("export", "projects", "--out", book, "--lang", "en") == 0
    active = load_workbook(book).active
    assert active is not None
    assert [cell.value for cell in active[2]][:2] == ["P-1", "GX-2026-001"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_needs_come_back_equal(tmp_path: Path, kind: str, lang: str) -> None:
    board = f.board()
    odd = {
        "title": {"en": "Two", "zh-Hans": "二"},
        "problem": "=cmd|' /C calc'!A0",
        "importance": '{"not": "json"',
        "budget": 12.5,
    }
    tight = {
        "title": {**f.statement("A|B [en] c"), "prevails": "en", "translations": {}},
        "present_practice": "[x] bracket",
    }
    f.need(
        call=board.call,
        number="N-1",
        stage="draft",
        content=f.content(budget={"amount": "125000.5", "currency": "CNY"}),
    )
    f.need(call=board.call, number="N-2", stage="draft", content=odd)
    f.need(call=board.call, number="N-3", stage="draft", content=tight)
    before = {need.number: (need.content, need.owner_id) for need in Need.objects.all()}
    out = tmp_path / f"needs.{kind}"
    assert sheet("export", "needs", "--out", out, "--lang", lang) == 0
    Need.objects.all().delete()
    assert sheet("import", "needs", out) == 0
    after = {need.number: (need.content, need.owner_id) for need in Need.objects.all()}
    assert after.keys() == before.keys()
    for number, (content, owner) in before.items():
        assert after[number][1] == owner
        assert _stated(after[number][0]) == _stated(content)


def _stated(content: dict[str, Any]) -> dict[str, Any]:
    """Content without what goes without saying; amounts by value."""
    plain = dict(content)
    for name, value in content.items():
        if isinstance(value, dict) and "text" in value:
            plain[name] = {
                k: v
                for k, v in value.items()
                if (k, v) not in (("translations", {}), ("prevails", value["lang"]))
            }
    if "budget" in content:
        amount = content["budget"]
        plain["budget"] = float(amount["amount"] if isinstance(amount, dict) else amount)
    return plain


def test_a_filled_template_comes_in(tmp_path: Path) -> None:
    board = f.board()
    path = tmp_path / "t.xlsx"
    assert sheet("template", "needs", "--lang", "zh-Hans", "--out", path, officer=False) == 0
    book = load_workbook(path)
    active = book["needs"]
    place = {cell.value: cell.column for cell in active[1]}
    for heading, value in {
        "需求单位": board.owner.party.slug,
        "标题": "鱼病识别",
        "领域": "渔业",
        "预期经费": 125000,
    }.items():
        active.cell(3, place[heading], value)
    book.save(path)
    assert sheet("import", "needs", path, "--text-lang", "zh-Hans") == 0
    need = Need.objects.get()
    assert need.content["title"] == {"lang": "zh-Hans", "text": "鱼病识别"}
    assert (need.sector, need.content["budget"]) == ("fishery", {"amount": "125000", "currency": "CNY"})
    assert (
        sheet("template", "organisations", "--lang", "en", "--out", tmp_path / "o.xlsx", officer=False) == 0
    )
    assert sheet("template", "needs", "--out", tmp_path / "o.csv", officer=False) == 2


def command(home: Path, *arguments: str) -> str:
    """Run one command of another instance, in a process of its own."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("JIEBANG_", "DJANGO_", "DATABASE_"))}
    clean |= {"JIEBANG_HOME": str(home), "JIEBANG_ADMIN_PASSWORD": f.PASSWORD}
    given = [sys.executable, "-m", "jiebang", *arguments]
    done = subprocess.run(given, capture_output=True, text=True, env=clean, cwd=home.parent, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_from_this_instance_into_another(tmp_path: Path) -> None:
    """What one home exports stands equal in another home, by commands alone."""
    board = f.board()
    f.need(call=board.call, number="N-7", stage="draft", owner=board.owner.party)
    register, needs, again = tmp_path / "register.xlsx", tmp_path / "needs.csv", tmp_path / "again.csv"
    Party.objects.filter(slug="office").update(slug="first-office")
    assert sheet("export", "organisations", "--out", register) == 0
    assert sheet("export", "needs", "--out", needs) == 0
    home, admin = tmp_path / "two", ("--as", "admin@people.example")
    command(home, "init", str(home), "--admin-email", admin[1])
    officer = json.dumps({"person": admin[1], "organisation": "office", "role": "officer"})
    command(home, "do", "appoint", *admin, "--params", officer)
    command(home, "sheet", "import", "organisations", str(register), *admin)
    command(home, "sheet", "import", "needs", str(needs), *admin)
    command(home, "sheet", "export", "needs", "--out", str(again), *admin)
    assert len(rows_of(needs)) == 1
    assert rows_of(again) == rows_of(needs)


@pytest.mark.skipif(
    not REGISTRY.is_dir(), reason="the registers are not beside the repository (../shared/data)"
)
def test_the_public_registers_come_in_within_seconds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    f.board()
    before, began = Organisation.objects.count(), time.perf_counter()
    assert (
        sheet(
            "import",
            "organisations",
            REGISTRY / "universities_cn_asean.csv",
            "--mapping",
            EXAMPLES / "universities.yaml",
        )
        == 0
    )
    assert (
        sheet("import", "organisations", REGISTRY / "lei_cn_asean.csv", "--mapping", EXAMPLES / "lei.yaml")
        == 0
    )
    took = time.perf_counter() - began
    with capsys.disabled():
        print(f"\n2,235 universities and 5,329 companies in {took:.1f} s")
    assert Organisation.objects.count() - before == 2235 + 5329
    assert Organisation.objects.filter(type="university").count() == 2235
    assert Organisation.objects.get(party__slug="ispsc-edu-ph").names == {"en": "ispsc.edu.ph"}
    assert Organisation.objects.exclude(lei="").count() == 5329
    assert JournalEntry.objects.filter(event="organisation:imported").count() == 2
    assert took < 60
    out = tmp_path / "all.xlsx"
    assert sheet("export", "organisations", "--out", out, "--lang", "en") == 0
    assert f"{out}: {2235 + 5329 + before} organisations" in capsys.readouterr().out
