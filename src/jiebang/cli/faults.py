"""How a command ends badly: malformed input (exit 2), told apart from our own failure (exit 1)."""

import os
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable
from pathlib import Path

from jiebang.rules.faults import Fault

OURS = 1
THEIRS = 2


class Malformed(Exception):
    """The input cannot be read as it is. Carries every fault at once; raise it before anything is written."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(f"{len(self.faults)} faults")


def report_malformed(problem: Malformed, /) -> int:
    """Print each fault on its own line on standard error; answers the exit code."""
    for fault in problem.faults:
        print(fault, file=sys.stderr)
    return THEIRS


def report_unexpected(error: BaseException, /) -> int:
    """Print one plain line and keep the traceback in a file; answers the exit code."""
    path = write_log(error)
    summary = " ".join(f"{type(error).__name__}: {error}".split())
    print(f"jiebang could not finish: {summary}", file=sys.stderr)
    print(f"The details are in {path}", file=sys.stderr)
    return OURS


def write_log(error: BaseException, /) -> Path:
    """Write the traceback (never the values of variables) where the user may read it."""
    name = f"jiebang-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
    text = "".join(traceback.format_exception(error))
    for folder in (_state_folder(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
            return folder / name
        except OSError:
            continue
    return Path(os.devnull)


def _state_folder() -> Path:
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path("~/.local/state").expanduser()) / "jiebang"
