"""`jiebang rates`: enter a sheet of exchange rates from the terminal, as the office does on its page."""

import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jiebang.cli.faults import Malformed
from jiebang.cli.opening import open_home
from jiebang.cli.options import AsJson, Home
from jiebang.cli.output import print_json
from jiebang.rules.faults import Fault

if TYPE_CHECKING:
    from jiebang.rules.reasons import Reason


def rates(
    file: Annotated[Path, typer.Argument(help="A .csv in UTF-8: day, base, quote, rate, source.")],
    person: Annotated[str, typer.Option("--as", help="E-mail address of the officer who enters them.")],
    home: Home = None,
    why: Annotated[str, typer.Option(help="Why rates that were entered before are corrected.")] = "",
    json: AsJson = False,
) -> int:
    """Enter a sheet of exchange rates, all of them or none; every fault is told with its line.

    Example: jiebang rates september.csv --as officer@example.org --home DIR
    """
    open_home(home)
    from jiebang.adapters.rate_sheets import read_rates
    from jiebang.operations.registry import Done, perform
    from jiebang.records.people.queries import person_by_email
    from jiebang.records.programme.queries import now

    read = read_rates(_bytes(file), name=file.name)
    if faults := [item for item in read if isinstance(item, Fault)]:
        raise Malformed(faults)
    who = person_by_email(person)
    if who is None:
        raise Malformed([Fault("command", None, "--as", f"nobody here has the address {person}")])
    params = {"rates": read, "why": why}
    outcome = perform("put_rates", by=who, now=now(), key=str(uuid.uuid4()), params=params)
    if not isinstance(outcome, Done):
        raise Malformed(_told(file.name, item) for item in outcome.reasons)
    if json:
        print_json({"done": True, **outcome.answer})
    else:
        print(f"{file.name}: {outcome.answer['count']} rates were entered")
    return 0


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Malformed([Fault(file.name, None, "file", f"cannot be read: {error.strerror}")]) from error


def _told(name: str, item: "Reason") -> Fault:
    """A reason at its line: the first row stands in the second line of the file."""
    found = re.fullmatch(r"rates\.(\d+)\.(\w+)", str(item.params.get("field", "")))
    line, field = (int(found[1]) + 2, found[2]) if found else (None, "rates")
    return Fault(name, line, field, str(item))
