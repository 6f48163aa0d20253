"""The command line as a whole: lazy, plain about what is wrong, and never a traceback."""

import json
import os
import subprocess
import sys
import types
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer

from jiebang.cli import app
from jiebang.cli.faults import Malformed
from jiebang.cli.output import print_json
from jiebang.rules.faults import Fault

SRC = str(Path(__file__).parents[2] / "src")
TABLE = dict(app.COMMANDS)


def good(name: Annotated[str, typer.Argument(help="Whom to greet.")]) -> None:
    """Greet somebody."""
    print_json({"hello": name})


def malformed() -> None:
    """Refuse an input."""
    raise Malformed(
        [Fault("a.yaml", 3, "parties", "unknown\n word"), Fault("b.csv", None, "id", "is missing")]
    )


def broken() -> None:
    """Fail."""
    raise RuntimeError("the disk\nis gone")


@pytest.fixture(autouse=True)
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module = types.ModuleType("greetings")
    vars(module).update(good=good, malformed=malformed, broken=broken)
    monkeypatch.setitem(sys.modules, "greetings", module)
    table = {"hello": "greetings:good", "round greet": "greetings:good", "bad": "greetings:malformed"}
    table |= {"broken": "greetings:broken"}
    monkeypatch.setattr(app, "COMMANDS", table)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_a_command_runs_alone_and_in_a_group(capsys: Any) -> None:
    assert app.run(["hello", "苏丹"]) == 0
    assert app.run(["round", "greet", "b"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert json.loads(first) == {"hello": "苏丹"}
    assert "苏丹" in first
    assert json.loads(second) == {"hello": "b"}


def test_help_lists_the_table_and_nothing_else(capsys: Any) -> None:
    assert app.run(["--help"]) == 0
    out = capsys.readouterr().out
    assert "hello" in out
    assert "round" in out
    assert "rulebook" not in out
    assert app.run(["gone"]) == 2
    assert app.run(["round", "gone"]) == 2


def test_a_command_imports_its_own_module_alone() -> None:
    code = "import sys\nfrom jiebang.cli.app import run\nrun(['backup', '--help'])\n"
    code += "print([name for name in ('demo', 'founding', 'serving', 'working') if f'jiebang.cli.{name}' in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("path", TABLE.values())
def test_every_command_is_there(path: str) -> None:
    assert callable(app.load(path))


def test_every_fault_is_one_line_and_the_exit_is_2(capsys: Any) -> None:
    assert app.run(["bad"]) == 2
    expected = ["a.yaml:3: parties: unknown word", "b.csv:1: id: is missing"]
    assert capsys.readouterr().err.splitlines() == expected


def test_our_own_failure_is_plain_and_the_traceback_is_in_a_log(capsys: Any, tmp_path: Path) -> None:
    assert app.run(["broken"]) == 1
    err = capsys.readouterr().err
    assert "RuntimeError: the disk is gone" in err
    assert "Traceback" not in err
    (log,) = (tmp_path / "jiebang").iterdir()
    assert str(log) in err
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_a_wrong_option_is_malformed_input(capsys: Any) -> None:
    assert app.run(["hello", "--loud"]) == 2
    assert "--loud" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["round", "run", "--help"], ["rulebook", "--help"]])
def test_help_and_the_headless_round_never_load_django(arguments: list[str]) -> None:
    code = f"import sys\nfrom jiebang.cli.app import run\nrun({arguments!r})\nprint('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


def test_a_terminal_without_chinese_gets_codes_and_no_failure() -> None:
    code = "from jiebang.cli import app\napp.run = lambda: print('\u63ed\u699c') or 0\napp.main()"
    environment = os.environ | {"PYTHONIOENCODING": "ascii:strict"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "\\u63ed\\u699c\n", "")


@pytest.mark.parametrize("arguments", ["--help", "--version"])
def test_a_reader_that_leaves_early_hears_nothing(arguments: str) -> None:
    command = f"{sys.executable} -m jiebang {arguments} | true"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_a_closed_standard_output_is_no_traceback() -> None:
    """As a process, since `main` itself fails where Python found no standard output."""
    command = f"{sys.executable} -m jiebang --version >&-"
    env = {**os.environ, "PYTHONPATH": SRC}
    done = subprocess.run(["sh", "-c", command], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
