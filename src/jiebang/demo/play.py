"""Plays the sample round: every event of the course through the same operations as the pages, on a simulated clock."""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jiebang.config import home as homes

Progress = Callable[[int, int], None]


def play(home: Path, *, progress: Progress | None = None) -> Mapping[str, Any]:
    """Make a demo home in the folder, play the whole course in it, and count what is in it then.

    `progress(done, all)` is called after every event. Raises `stage.Stuck` where rules and course disagree.
    """
    started = time.monotonic()
    homes.make(home, demo=True)
    prepare(home)
    from jiebang.demo.counts import count
    from jiebang.demo.course import play_course

    play_course(progress=progress)
    return {**count(), "seconds": round(time.monotonic() - started, 1)}


def prepare(home: Path) -> None:
    """Point Django at the home and bring its database up to date."""
    os.environ["JIEBANG_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiebang.config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
