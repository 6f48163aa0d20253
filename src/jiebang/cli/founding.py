"""`jiebang init`: a real instance from any rulebook file, with its office and first administrator."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from jiebang.cli.faults import Malformed
from jiebang.cli.opening import migrate, refuse, set_up
from jiebang.cli.options import AsJson
from jiebang.cli.output import print_json
from jiebang.cli.rulebook import sources
from jiebang.config import home as homes
from jiebang.rules.faults import Fault
from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook

PASSWORD = "JIEBANG_ADMIN_PASSWORD"  # noqa: S105 - the name of a variable
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the instance.")]
Book = Annotated[str, typer.Option("--rulebook", help="A rulebook file, or the id of a shipped one.")]
Email = Annotated[str, typer.Option(help="The first administrator's address; asked for on a terminal.")]
Name = Annotated[str, typer.Option(help="The first administrator's name.")]
Stdin = Annotated[bool, typer.Option("--password-stdin", help=f"Read the password; else {PASSWORD}.")]
ADVICE = "in a terminal it is asked for; else give --admin-email, and --password-stdin or " + PASSWORD


@dataclass(frozen=True, slots=True)
class Admin:
    """The first administrator, as asked for."""

    email: str
    name: str
    password: SecretStr


def init(
    folder: Folder,
    rulebook: Book = "guangxi-asean-2026",
    admin_email: Email = "",
    admin_name: Name = "",
    password_stdin: Stdin = False,
    as_json: AsJson = False,
) -> int:
    """Make an instance: home, secret, database, rulebook, a first call, the office and its administrator.

    On an instance that is there it brings the database up to date and changes nothing else; one whose making broke off
    is made to its end.

    Example: jiebang init /srv/jiebang --rulebook my-region.yaml --admin-email admin@example.org
    """
    home = folder.resolve()
    again = (home / "settings.yaml").exists()
    if again and _is_founded(home):
        _say(home, {"home": str(home), "up_to_date": True}, as_json)
        return 0
    if not again and home.exists() and any(home.iterdir()):
        raise refuse(home, "this folder is not empty; name a new one")
    text, parents, book = _read(rulebook)
    admin = _ask(admin_email, admin_name, stdin=password_stdin)
    if not again:
        homes.make(home)
        home.chmod(0o700)
        set_up(home)
    _check(home, admin, fresh=not again)
    migrate()
    call = _found(book, admin, text=text, parents=parents)
    _say(home, {"home": str(home), "rulebook": book.id, "call": call, "administrator": admin.email}, as_json)
    return 0


def _is_founded(home: Path) -> bool:
    """Whether the home, brought up to date, has its office: all that founding writes is there with it."""
    set_up(home)
    migrate()
    from jiebang.records.programme.queries import instance

    return instance().office_id is not None


def _read(name: str) -> tuple[str, Mapping[str, str], Rulebook]:
    text, parents, wrong = sources(name)
    found = wrong or load(text, name=name, parents=parents)
    if not isinstance(found, Rulebook):
        raise Malformed(found)
    return text, parents, found


def _ask(email: str, name: str, *, stdin: bool) -> Admin:
    """From options, environment or standard input; on a terminal by asking."""
    terminal = sys.stdin.isatty() and sys.stderr.isatty()
    if not email and terminal:
        email = typer.prompt("Address of the first administrator", err=True)
        name = name or typer.prompt("Name", err=True)
    password = sys.stdin.readline().rstrip("\n") if stdin else os.environ.get(PASSWORD, "")
    if not password and terminal:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    missing = [what for what, value in (("--admin-email", email), ("password", password)) if not value]
    if missing:
        raise Malformed(Fault("init", None, what, f"is missing; {ADVICE}") for what in missing)
    return Admin(email, name or email.partition("@")[0], SecretStr(password))


def _check(home: Path, admin: Admin, *, fresh: bool) -> None:
    """Faults of address and password, before anything is in the database; a new folder goes again."""
    import shutil

    from jiebang.operations.founding import faults_of
    from jiebang.rules.reasons import render

    if found := faults_of(email=admin.email, name=admin.name, password=admin.password):
        if fresh:
            shutil.rmtree(home)
        said = [(str(item.params.get("field", "admin")), render(item, lang="en")) for item in found]
        raise Malformed(Fault("init", None, field, text) for field, text in said)


def _found(book: Rulebook, admin: Admin, *, text: str, parents: Mapping[str, str]) -> str:
    """Office, administrator, rulebook and a first call, all or nothing; answers the call's number."""
    from django.db import transaction
    from django.utils import timezone

    from jiebang.adapters.calendars import for_rulebook
    from jiebang.operations.founding import found_instance
    from jiebang.operations.registry import Done, perform

    now = timezone.now()
    number = f"{book.numbering}-{now.year}"
    calendars = for_rulebook(book, year=now.year).as_data()
    call = {"number": number, "title": book.title, "rulebook": book.id, "calendars": calendars}
    steps = (("install_rulebook", {"text": text, "parents": dict(parents)}), ("open_call", call))
    with transaction.atomic():
        found = found_instance(
            now=now, office=book.office, slug="office", country="", email=admin.email, name=admin.name,
            password=admin.password,
        )  # fmt: skip
        for name, params in steps:
            outcome = perform(name, by=found, now=now, key=f"init/{name}", params=params)
            if not isinstance(outcome, Done):
                raise RuntimeError(f"{name}: {[item.code for item in outcome.reasons]}")
    return number


def _say(home: Path, answer: dict[str, object], as_json: bool) -> None:
    if as_json:
        print_json(answer)
        return
    print("\n".join(f"{key.replace('_', ' ')}: {value}" for key, value in answer.items()))
    print(f"Next: jiebang doctor --home {home} && jiebang serve --home {home}; jiebang worker --home {home}")
