"""`jiebang worker`: the jobs beside the pages. It may be stopped, killed or missing: nothing is lost."""

import signal
import threading
from dataclasses import asdict
from typing import Annotated

import typer

from jiebang.cli.faults import THEIRS
from jiebang.cli.opening import open_home
from jiebang.cli.options import AsJson, Home
from jiebang.cli.output import print_json
from jiebang.cli.serving import unsafe

PAUSE = 10.0  # seconds without anything to do


def worker(
    home: Home = None,
    once: Annotated[bool, typer.Option(help="One round, then stop.")] = False,
    as_json: AsJson = False,
) -> int:
    """Send what is due, note invitations that lapsed, remind people of deadlines, until stopped.

    Refuses to start (exit 2) where `serve` does: the links it mails are signed with the same secret.

    Example: jiebang worker --home /srv/jiebang
    """
    if unsafe(open_home(home)):
        return THEIRS
    from django.db import close_old_connections

    from jiebang.jobs.rounds import one_round

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while True:
        done = one_round()
        if as_json and (once or not done.idle):
            print_json(asdict(done))
        elif once:
            print(", ".join(f"{value} {key.replace('_', ' ')}" for key, value in asdict(done).items()))
        if once or stop.wait(PAUSE if done.idle else 0.1):
            return 0
        close_old_connections()
