"""The sample round, played once for a whole test run and copied for whoever asks."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OWN = {"JIEBANG_HOME", "JIEBANG_SECRET", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}


@dataclass(frozen=True)
class Played:
    """A demo home and what `demo --json` said of it."""

    home: Path
    said: dict[str, Any]

    def copy(self, target: Path) -> Path:
        """A home of one's own to serve or to spoil."""
        return Path(shutil.copytree(self.home, target))


def jiebang(
    *arguments: str | Path, given: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does."""
    clean = {key: value for key, value in os.environ.items() if key not in OWN}
    command = [sys.executable, "-m", "jiebang", *map(str, arguments)]
    return subprocess.run(
        command, env=clean | environment, capture_output=True, text=True, check=False, input=given or ""
    )


def play(base: Path) -> Played:
    """Play in `base` unless another worker of this run has; waits for one that is playing."""
    base.mkdir(parents=True, exist_ok=True)
    with (base / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = base / "said.json"
        if not said.exists():
            done = jiebang("demo", "--home", base / "home", "--no-serve", "--json")
            assert done.returncode == 0, done.stderr
            said.write_text(done.stdout.splitlines()[-1], encoding="utf-8")
    return Played(base / "home", json.loads(said.read_text(encoding="utf-8")))
