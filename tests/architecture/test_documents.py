"""Documents that fail when they lie: commands, dependencies, the licence, the rulebooks we ship."""

import contextlib
import io
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from jiebang.cli.app import COMMANDS, run
from source import PACKAGE, ROOT, documents, modules

README = (ROOT / "README.md").read_text(encoding="utf-8")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
SHELL_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
MAKE_COMMAND = re.compile(r"make [a-z-]+(?: ARGS=\"[^\"]*\")?")
MODULE_OF = {
    "argon2-cffi": "argon2",
    "chinesecalendar": "chinese_calendar",
    "common-expression-language": "cel",
    "django-ninja": "ninja",
    "markdown-it-py": "markdown_it",
    "pyyaml": "yaml",
}
USED_BY = {"tzdata": "zoneinfo, where the system has no zones", "defusedxml": "openpyxl, when it is there"}
SERVES = "make demo"  # it never ends; CI runs the form that does


def pyproject() -> Any:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def make_commands_of_the_readme() -> set[str]:
    blocks = "\n".join(SHELL_BLOCK.findall(README))
    return {line.strip() for line in blocks.splitlines() if line.startswith("make ")}


def test_ci_runs_the_readmes_own_commands_and_no_others() -> None:
    assert set(MAKE_COMMAND.findall(CI)) == make_commands_of_the_readme() - {SERVES}


def test_every_make_command_in_a_document_exists() -> None:
    said = set(re.findall(r"`make ([a-z-]+)", "\n".join(path.read_text("utf-8") for path in documents())))
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert said - targets == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_documented(command: str) -> None:
    group, _, last = command.rpartition(" ")
    texts = [line for path in documents() for line in path.read_text("utf-8").splitlines()]
    assert any(
        f"jiebang {command}" in line or (group and f"jiebang {group} " in line and f"`{last}`" in line)
        for line in texts
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_a_commands_help_has_an_example(command: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert run([*command.split(), "--help"]) == 0
    assert said.getvalue().count(f"jiebang {command}") >= 2  # the usage line, and an example


def test_every_dependency_has_its_reason_and_is_pinned() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    pinned = (ROOT / "requirements" / "core.txt").read_text(encoding="utf-8").lower()
    names = [re.split(r"[\[<>=]", item)[0].lower() for item in pyproject()["dependencies"]]
    assert [name for name in names if f"| {name}" not in reasons] == []
    assert [name for name in names if f"\n{name}==" not in f"\n{pinned}"] == []


def test_every_dependency_is_used() -> None:
    said = "\n".join(path.read_text(encoding="utf-8") for path in modules()).lower()
    names = [re.split(r"[\[<>=]", item)[0].lower() for item in pyproject()["dependencies"]]
    modules_of = {name: MODULE_OF.get(name, name.replace("-", "_")) for name in names if name not in USED_BY}
    assert [name for name, module in modules_of.items() if module not in said] == []


def test_pinned_files_have_hashes_and_no_address() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        packages = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
        assert packages
        assert [item.split()[0] for item in packages if "--hash=sha256:" not in item] == []
        assert re.search(r"://|--index|--find-links|# via|\.whl", text) is None


def test_the_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert pyproject()["license"] == "Apache-2.0"


def test_there_is_a_rulebook_to_ship() -> None:
    assert list((PACKAGE / "rulebooks").glob("*.yaml"))


RULEBOOKS = [*PACKAGE.glob("rulebooks/*.yaml"), *ROOT.glob("examples/*/rulebook.yaml")]


@pytest.mark.parametrize("path", RULEBOOKS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_rulebook_we_ship_has_no_fault(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rulebook", "check", str(path)]) == 0, capsys.readouterr().err
