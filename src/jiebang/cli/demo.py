"""`jiebang demo`: play the sample round in a home of its own, then serve it."""

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from jiebang.cli.opening import refuse
from jiebang.cli.options import AsJson
from jiebang.cli.output import print_json, progress_bar
from jiebang.cli.serving import Bind, gather, listen, parse
from jiebang.config import home as homes

Home = Annotated[Path, typer.Option(help="Where to play; a demo that is there is played afresh.")]
Serve = Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it afterwards.")]
OWN = ("jiebang.sqlite3*", "files", "static", "mail", "cache", "secret.key", "settings.yaml")


def demo(
    home: Home = Path(".home/demo"),
    serve: Serve = True,
    as_json: AsJson = False,
    bind: Bind = "127.0.0.1:8000",
) -> int:
    """Play the sample round of the Guangxi programme on a simulated clock, then serve it.

    Everybody in it is fictional; anybody can sign in as any of them by a link.

    Example: jiebang demo --no-serve --json
    """
    host, port = parse(bind) if serve else ("", 0)
    folder = home.resolve()
    make_room(folder)
    os.environ.pop("DATABASE_URL", None)  # a demo is embedded; it never plays into somebody's server
    counts = _play(folder)
    if not as_json:
        _say(counts)
    if serve:
        _say_links(f"http://{host}:{port}")
        gather()
    if as_json:
        print_json(counts)
    if serve:
        listen(host, port, workers=1)
    return 0


def make_room(folder: Path) -> None:
    """Empty the folder of an earlier demo; ends the command when something else is there."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not homes.options(folder).get("demo"):
        raise refuse(folder, "this folder is not empty and no demo; choose another with --home")
    for pattern in OWN:
        for item in folder.glob(pattern):
            shutil.rmtree(item) if item.is_dir() else item.unlink()


def _play(folder: Path) -> dict[str, Any]:
    from jiebang.demo.play import play

    with progress_bar() as bar:
        task = bar.add_task("Making the database", total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, description="Playing the sample round")

        return dict(play(folder, progress=progress))


def _say(counts: dict[str, Any]) -> None:
    told = [f"{value} {key.replace('_', ' ')}" for key, value in counts.items() if isinstance(value, int)]
    print(f"Played in {counts['seconds']} s: {', '.join(told)}.")


def _say_links(address: str) -> None:
    """One sign-in link a role on standard error, so that standard output stays the answer."""
    from jiebang.records.people.queries import people_by_role
    from jiebang.records.programme.queries import now

    print(f"\nServing on {address} (Ctrl+C stops). Sign in as anybody: {address}/demo/\n", file=sys.stderr)
    for role, rows in people_by_role(at=now()):
        person = rows[0].person
        print(
            f"  {role.replace('_', ' '):16} {address}/demo/as/{person.email}/  {person.name}", file=sys.stderr
        )
