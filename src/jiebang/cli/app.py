"""The `jiebang` command. Each command's module is imported when the command is asked for, not before,
so that `jiebang round run` never loads Django.
"""

import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from jiebang import __version__
from jiebang.cli.faults import OURS, Malformed, report_malformed, report_unexpected

Command = Any  # typer ships its own copy of click and names no public type for a command
INTERRUPTED = 130

COMMANDS: dict[str, str] = {
    "demo": "jiebang.cli.demo:demo",
    "init": "jiebang.cli.founding:init",
    "serve": "jiebang.cli.serving:serve",
    "worker": "jiebang.cli.working:worker",
    "doctor": "jiebang.cli.serving:doctor",
    "backup": "jiebang.cli.keeping:backup",
    "restore": "jiebang.cli.keeping:restore",
    "verify": "jiebang.cli.verify:verify",
    "package key": "jiebang.cli.package:key",
    "package make": "jiebang.cli.package:make",
    "package verify": "jiebang.cli.package:verify",
    "package import": "jiebang.cli.package_import:import_",
    "draw": "jiebang.cli.draw:draw",
    "do": "jiebang.cli.operate:do",
    "rulebook show": "jiebang.cli.rulebook:show",
    "rulebook check": "jiebang.cli.rulebook:check",
    "rulebook explain": "jiebang.cli.rulebook:explain",
    "rulebook diff": "jiebang.cli.rulebook:diff",
    "rulebook diagram": "jiebang.cli.rulebook:diagram",
    "rulebook schema": "jiebang.cli.rulebook:schema",
    "team": "jiebang.cli.team:team",
    "round check": "jiebang.cli.round:check",
    "round run": "jiebang.cli.round:run",
    "round export": "jiebang.cli.round_export:export",
    "assign": "jiebang.cli.assign:assign",
    "rates": "jiebang.cli.rates:rates",
    "sheet import": "jiebang.cli.sheet:import_",
    "sheet export": "jiebang.cli.sheet:export",
    "sheet template": "jiebang.cli.sheet:template",
}
GROUPS: dict[str, str] = {
    "": "An open challenge programme, from a stated need to a validated application. Try: jiebang demo",
    "package": "Signed result packages: made at the owner's site, verified anywhere, taken into an instance.",
    "rulebook": "Show, check, explain, compare and draw a programme's rulebook.",
    "round": "Run a round from files, without a server: the same decisions as on the web.",
    "sheet": "The office's spreadsheets: needs, organisations and results, in and out.",
}


def load(path: str, /) -> Callable[..., Any]:
    """The function behind `module:function`."""
    module, _, function = path.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found


def command_of(function: Callable[..., Any], /, *, name: str) -> Command:
    """A function with Typer annotations as a command of that name."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name)(function)
    return get_command(app)


class LazyGroup(TyperGroup):
    """A group that imports a command's module only when that command is resolved or listed."""

    prefix = ""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as the group is asked
        """The names in the order of the table."""
        inside = [name.removeprefix(self.prefix) for name in COMMANDS if name.startswith(self.prefix)]
        return list(dict.fromkeys(name.split(" ")[0] for name in inside))

    def get_command(self, ctx: Any, cmd_name: str) -> Command:  # noqa: ARG002
        """The command or subgroup of that name, or None."""
        full = f"{self.prefix}{cmd_name}"
        if full in GROUPS:
            return make_group(full)
        return command_of(load(COMMANDS[full]), name=cmd_name) if full in COMMANDS else None


def make_group(name: str, /) -> Any:
    """The lazy group of the commands that begin with this word (all of them for the empty word)."""
    cls = type("Group", (LazyGroup,), {"prefix": f"{name} " if name else ""})
    app = typer.Typer(
        name=name or "jiebang",
        cls=cls,
        help=GROUPS[name],
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    app.callback()(_root if not name else _nothing)
    return get_command(app)


def _nothing() -> None: ...


def _show_version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


def _root(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Show the version."
    ),
) -> None: ...


def run(arguments: Sequence[str] | None = None, /) -> int:
    """Run one command line and answer its exit code: 0 done, 1 our fault, 2 malformed input."""
    try:
        answer = make_group("").main(args=arguments, prog_name="jiebang", standalone_mode=False)
    except Malformed as problem:
        return report_malformed(problem)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except Exception as error:
        return _report(error)
    return answer if type(answer) is int else 0


def _report(error: Exception, /) -> int:
    show = getattr(error, "show", None)  # a wrong option or argument: typer's own click words it
    if show is not None:
        show()
        return int(getattr(error, "exit_code", OURS))
    return report_unexpected(error)


def main() -> None:
    """Entry point of the console script. A terminal that cannot show a character gets its code instead."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    code = run()
    try:
        if sys.stdout is not None:  # None when it was closed before the start (`jiebang ... >&-`)
            sys.stdout.flush()
    except (
        BrokenPipeError
    ):  # the reader has left (`jiebang ... | head`): the rest goes nowhere, without a word
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(code)
