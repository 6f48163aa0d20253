"""`jiebang do` and `jiebang round export` on a real home, in processes of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SEED = """
import sys
from pathlib import Path
from jiebang.config import home
folder = Path(sys.argv[1])
home.make(folder, demo=True)
from jiebang.cli.opening import migrate, set_up
set_up(folder)
migrate()
import acting, factories
course = acting.Round().published()
factories.challenge(call=course.board.call)
from jiebang.records.awards.models import Decision
row = Decision.objects.get(current=True)
print(course.board.call.number, row.challenge.number, row.bid.number, row.outcome)
"""


def python(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    own = {"JIEBANG_HOME", "JIEBANG_SECRET", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    environment = {key: value for key, value in os.environ.items() if key not in own}
    environment["PYTHONPATH"] = f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}"
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, env=environment, input=stdin, capture_output=True, text=True, check=False, cwd=ROOT
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A home in which one challenge is decided and one is open; its call, and challenge, bid and outcome as stored."""
    home = tmp_path_factory.mktemp("instance") / "home"
    done = python("-c", SEED, str(home))
    assert done.returncode == 0, done.stderr
    return home, done.stdout.split()


def do(home: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return python("-m", "jiebang", "do", *arguments, "--home", str(home), stdin=stdin)


def test_the_list_of_operations_needs_no_instance(tmp_path: Path) -> None:
    said = do(tmp_path / "nothing")
    assert said.returncode == 0, said.stderr
    assert "ask_question challenge text [lang]" in said.stdout
    described = json.loads(do(tmp_path / "nothing", "--json").stdout)
    assert described["ask_question"]["params"]["required"] == ["challenge", "text"]
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("way", ["text", "file", "stdin"])
def test_an_operation_runs_as_a_person_and_once_a_key(
    played: tuple[Path, list[str]], tmp_path: Path, way: str
) -> None:
    home, _ = played
    body = json.dumps({"name": f"by {way}"})
    (tmp_path / "params.json").write_text(body, encoding="utf-8-sig")
    given = {"text": body, "file": f"@{tmp_path / 'params.json'}", "stdin": "-"}[way]
    call = ("create_token", "--as", "lead@people.example", "--key", f"key-{way}", "--params", given, "--json")
    answers = [do(home, *call, stdin=body) for _ in range(2)]
    assert [answer.returncode for answer in answers] == [0, 0], answers[0].stderr
    first, again = (json.loads(answer.stdout)["answer"] for answer in answers)
    assert first.pop("secret").startswith("jb_")
    assert first == again


def test_a_receipt_is_given_that_verify_accepts(played: tuple[Path, list[str]], tmp_path: Path) -> None:
    home, _ = played
    file = tmp_path / "receipt.json"
    call = (
        "create_token",
        "--as",
        "lead@people.example",
        "--params",
        '{"name": "for its receipt"}',
        "--json",
    )
    done = do(home, *call, "--receipt", str(file))
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["receipt"]["entry"]["seq"] == answer["entry"]
    assert json.loads(file.read_text(encoding="utf-8")) == answer["receipt"]
    checked = python("-m", "jiebang", "verify", "--receipt", str(file))
    assert checked.returncode == 0, checked.stderr
    file.write_text(file.read_text(encoding="utf-8").replace("token", "taken"), encoding="utf-8")
    assert python("-m", "jiebang", "verify", "--receipt", str(file)).returncode == 2
    nowhere = do(home, *call, "--receipt", str(tmp_path / "no" / "receipt.json"))
    assert (nowhere.returncode, "--receipt" in nowhere.stderr) == (2, True)


@pytest.mark.parametrize(("arguments", "says"), [
    (("ask_nothing",), "no operation"),
    (("create_token", "--as", "nobody@people.example"), "nobody here has the address"),
    (("create_token", "--params", "{"), "not JSON"),
    (("create_token", "--params", "[]"), "not an object"),
    (("create_token", "--params", "@missing.json"), "cannot be read"),
    (("create_token", "--params", '{"name": "x"}'), "Sign in first"),
    (("create_token", "--as", "lead@people.example", "--params", '{"days": "many", "more": 1}'), "more"),
])  # fmt: skip
def test_what_is_malformed_or_refused_ends_with_2_and_in_words(
    played: tuple[Path, list[str]], arguments: tuple[str, ...], says: str
) -> None:
    said = do(played[0], *arguments)
    assert said.returncode == 2
    assert says in said.stderr
    assert "Traceback" not in said.stderr


def test_a_home_that_is_none_is_said_so(tmp_path: Path) -> None:
    said = do(tmp_path / "none", "create_token", "--params", "{}")
    assert said.returncode == 2
    assert "no instance here" in said.stderr


@pytest.mark.parametrize("name", ["folder", "round.zip", "round.xlsx"])
def test_an_exported_round_gives_the_decisions_the_web_stored(
    played: tuple[Path, list[str]], tmp_path: Path, name: str
) -> None:
    home, (call, *stored) = played
    out, result = tmp_path / name, tmp_path / "result"
    made = python(
        "-m", "jiebang", "round", "export", "--home", str(home), "--call", call, "--out", str(out), "--json"
    )
    assert made.returncode == 0, made.stderr
    said: dict[str, Any] = json.loads(made.stdout)
    assert (said["challenges"], said["bids"], len(said["sealed"])) == (1, 1, 1)
    rulebook = ROOT / "src/jiebang/rulebooks/guangxi-asean-2026.yaml"
    ran = python("-m", "jiebang", "round", "run", str(rulebook), str(out), "--out", str(result))
    assert ran.returncode == 0, ran.stderr
    decided = (result / "decisions.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",")[:3] for line in decided] == [stored]
    assert stored[2] == "awarded"
    verdicts = {
        line.split(",")[2] for line in (result / "verdicts.csv").read_text(encoding="utf-8").splitlines()[1:]
    }
    assert verdicts == {"pass"}


def test_the_same_records_give_the_same_bytes(played: tuple[Path, list[str]], tmp_path: Path) -> None:
    home, (call, *_) = played
    for name in ("a.zip", "b.zip"):
        python(
            "-m",
            "jiebang",
            "round",
            "export",
            "--home",
            str(home),
            "--call",
            call,
            "--out",
            str(tmp_path / name),
        )
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_an_unknown_call_or_a_wrong_place_is_said_so(played: tuple[Path, list[str]], tmp_path: Path) -> None:
    home, (call, *_) = played
    export = ("-m", "jiebang", "round", "export", "--home", str(home))
    wrong = python(*export, "--call", "nothing", "--out", str(tmp_path / "x"))
    assert (wrong.returncode, call in wrong.stderr) == (2, True)
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    assert python(*export, "--call", call, "--out", str(tmp_path / "taken")).returncode == 2
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "x"
