"""Serving an instance: refuse what could lose or leak, gather the static files, start granian."""

import os
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer

from jiebang.cli.faults import THEIRS
from jiebang.cli.opening import open_home, refuse
from jiebang.cli.options import AsJson, Home
from jiebang.cli.output import print_json
from jiebang.config.home import PORT

Bind = Annotated[str, typer.Option(help="HOST:PORT to listen on.")]
Workers = Annotated[int, typer.Option(min=1, help="Processes that answer.")]
THREADS = 32  # of a worker: a request that comes in slowly holds one of them
TARGET = "jiebang.config.wsgi:application"


def serve(home: Home = None, bind: Bind = "127.0.0.1:8000", workers: Workers = 2) -> int:
    """Serve an instance. Refuses to start (exit 2) with settings that could lose or leak what people entrust.

    Example: jiebang serve --home /srv/jiebang --bind 127.0.0.1:8000
    """
    host, port = parse(bind)
    if unsafe(open_home(home)):
        return THEIRS
    gather()
    listen(host, port, workers=workers)
    return 0


def doctor(home: Home = None, as_json: AsJson = False) -> int:
    """Check settings, durability, clock, journal, mail, disk, fonts, workers, and say what to do.

    Exit 0 when nothing is unsafe (there may be warnings), 2 otherwise.

    Example: jiebang doctor --home /srv/jiebang
    """
    from jiebang.cli import checks

    folder = open_home(home)
    found = checks.everything(folder)
    bad = [item for item in found if item.state == "unsafe"]
    if as_json:
        print_json({"ok": not bad, "home": str(folder), "checks": [item.as_data() for item in found]})
    else:
        for item in found:
            print(f"{item.state:8} {item.check:11} {item.found}")
            if item.do:
                print(f"{'':20} -> {item.do}")
    return THEIRS if bad else 0


def unsafe(folder: Path) -> bool:
    """Whether an instance must not run as it is; says why and what to do."""
    from jiebang.cli import checks

    found = checks.unsafe(folder)
    for item in found:
        print(f"{folder}: {item.check}: {item.found}; {item.do}", file=sys.stderr)
    return bool(found)


def parse(bind: str) -> tuple[str, int]:
    """HOST:PORT, free to listen on; ends the command otherwise. Call it before settings are read: links in letters name it."""
    host, _, port = bind.rpartition(":")
    host = (host or "127.0.0.1").strip("[]")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise refuse("--bind", f"“{bind}” is not HOST:PORT, such as 127.0.0.1:8000")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            raise refuse(
                "--bind", f"cannot listen on {bind} ({error.strerror}); choose another port"
            ) from None
    os.environ[PORT] = port
    return host, int(port)


def gather() -> None:
    """Copy style sheets and scripts to where whitenoise serves them from."""
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)


def listen(host: str, port: int, *, workers: int) -> None:
    """Answer requests until stopped."""
    from django.db import connections
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    print(f"Serving on http://{host}:{port} - stop with Ctrl-C", file=sys.stderr)
    connections.close_all()  # a database connection must not cross into another process
    Server(
        TARGET, address=host, port=port, interface=Interfaces.WSGI, workers=workers, blocking_threads=THREADS,
        log_level=LogLevels.warning, respawn_failed_workers=True,
    ).serve()  # fmt: skip
