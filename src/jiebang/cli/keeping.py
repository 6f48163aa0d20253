"""`jiebang backup` and `jiebang restore`: one file with database, files, settings and the journal as others can read it.

The database is copied as of one moment (SQLite's online backup, or pg_dump of one snapshot), then the files: a file
is stored before the row that names it, so none is missing. Restoring checks everything before it touches the home.
"""

import shutil
import tarfile
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from jiebang.cli import archive
from jiebang.cli.opening import open_home, refuse
from jiebang.cli.options import AsJson, Home
from jiebang.cli.output import print_json

Out = Annotated[Path, typer.Option(help="The file to write, such as jiebang-2026-11-23.tar.gz.")]
Archive = Annotated[Path, typer.Argument(metavar="FILE", help="What `jiebang backup` wrote.")]
Target = Annotated[Path, typer.Option(help="A new folder for the restored instance.")]


def backup(out: Out, home: Home = None, as_json: AsJson = False) -> int:
    """Copy a running instance consistently into one file, readable by its owner only: it holds secrets.

    Example: jiebang backup --home /srv/jiebang --out jiebang-2026-11-23.tar.gz
    """
    folder = open_home(home)
    if not out.parent.is_dir():
        raise refuse(out, f"there is no folder {out.parent}")
    if out.exists():
        raise refuse(out, "is there already; name a new file, so that no older backup is lost")
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".backup-") as work:
        manifest = archive.gather(folder, Path(work))
        archive.pack(Path(work), out)
    answer = {
        "file": str(out),
        "bytes": out.stat().st_size,
        **manifest["journal"],
        "files": len(manifest["members"]),
    }
    if as_json:
        print_json(answer)
    else:
        print(
            f"{out}: {answer['bytes']:,} bytes, journal of {answer['entries']} entries, head {answer['head'][:16]}"
        )
    return 0


def restore(file: Archive, home: Target, as_json: AsJson = False) -> int:
    """Check a backup (every file, the journal's chain and head) and make a new instance of it.

    Example: jiebang restore jiebang-2026-11-23.tar.gz --home /srv/jiebang-restored
    """
    folder = home.resolve()
    if folder.exists() and any(folder.iterdir()):
        raise refuse(folder, "this folder is not empty; restore into a new one, then change over")
    if not file.is_file() or not _is_archive(file):
        raise refuse(file, "is no backup: `jiebang backup` writes .tar.gz files")
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".restore-"))
    try:
        manifest = archive.unpack(file, work)
        archive.put_database(work, manifest)
        (work / archive.JOURNAL).unlink()
        if folder.exists():
            folder.rmdir()
        work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    answer = {"home": str(folder), **manifest["journal"], "files": len(manifest["members"])}
    if as_json:
        print_json(answer)
    else:
        print(f"{folder}: restored and verified, {answer['entries']} entries, head {answer['head'][:16]}")
    return 0


def _is_archive(file: Path) -> bool:
    try:
        return tarfile.is_tarfile(file)
    except EOFError:  # cut off in its very first bytes
        return False
