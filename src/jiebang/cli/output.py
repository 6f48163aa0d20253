"""What a command prints: data on standard output, progress on standard error and only for a person."""

import errno
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from jiebang.cli.faults import Malformed
from jiebang.rules.faults import Fault

if TYPE_CHECKING:
    from rich.progress import Progress

T = TypeVar("T")
_NOT_THEIRS = (errno.ENOSPC, errno.EDQUOT, errno.EIO)  # a full or failing disk is nobody's wrong argument


def print_json(data: Any, /) -> None:
    """One JSON document on one line of standard output, in readable UTF-8."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


@contextmanager
def writing(out: Path, /) -> Iterator[None]:
    """Where what is written cannot stand where the caller asked for it, a fault of `--out`."""
    try:
        yield
    except OSError as error:
        if error.errno in _NOT_THEIRS:
            raise
        said = f"{out} cannot be written ({error.strerror}); name a place that you may write to"
        raise Malformed([Fault("--out", None, "out", said)]) from None


def apart(out: Path, given: Path, /) -> None:
    """Refuse to write over the very file that was read."""
    if out.exists() and given.exists() and out.samefile(given):
        raise Malformed([Fault("--out", None, "out", f"{out} is the file that was read; name another")])


@contextmanager
def progress_bar() -> Iterator["Progress"]:
    """A rich progress display on standard error; silent unless that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True
    ) as bar:
        yield bar


def track(items: Iterable[T], /, *, label: str, total: int | None = None) -> Iterator[T]:
    """The same items, with a progress bar while they are consumed; `total` counts them if they cannot."""
    if not sys.stderr.isatty():
        yield from items
        return
    with progress_bar() as bar:
        yield from bar.track(items, total=total, description=label)
