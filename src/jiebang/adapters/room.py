"""Whether a failure says that nothing more can be written: a full disk, a spent quota, a file system that only reads."""

import errno

from django.db import OperationalError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_DISK_FULL = "53100"  # PostgreSQL's code, appendix A of its manual
_SQLITE = ("database or disk is full", "attempt to write a readonly database")  # SQLITE_FULL, SQLITE_READONLY


def no_room(error: BaseException | None, /) -> bool:
    """Of an exception from a file or the database."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    if not isinstance(error, OperationalError):
        return False
    return getattr(error.__cause__, "sqlstate", None) == _DISK_FULL or str(error) in _SQLITE
