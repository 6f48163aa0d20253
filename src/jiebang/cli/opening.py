"""Opening a home for a command: point Django at it, and say plainly when it is no instance or not a safe one."""

import os
from pathlib import Path

from jiebang.cli.faults import Malformed
from jiebang.config import home as homes
from jiebang.rules.faults import Fault

SETTINGS = "jiebang.config.settings"


def refuse(where: Path | str, message: str) -> Malformed:
    """One sentence that ends a command with exit 2."""
    return Malformed([Fault(str(where), None, "instance", message)])


def chosen(home: Path | None) -> Path:
    """The home that was named, else JIEBANG_HOME, else `.jiebang` here."""
    return home.resolve() if home else homes.home()


def open_home(home: Path | None) -> Path:
    """Set Django up on an existing home. Ends the command (exit 2) for no instance, or an unsafe secret."""
    folder = chosen(home)
    if not (folder / "settings.yaml").exists():
        raise refuse(folder, f"no instance here; make one with `jiebang init {folder}`")
    try:
        homes.options(folder)
        homes.secret_key(folder)
        homes.database(folder)
    except homes.Unsafe as unsafe:
        raise refuse(folder, str(unsafe)) from None
    set_up(folder)
    return folder


def set_up(folder: Path) -> None:
    """Point Django at a home; a process serves one home only."""
    os.environ["JIEBANG_HOME"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    import django

    django.setup()


def migrate() -> None:
    """Bring the database up to date."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
