"""A problem of a loaded rulebook: the path of keys to it, and what is wrong with what would be right."""

from typing import NamedTuple


class Problem(NamedTuple):
    """Where (keys as they stand in the file) and what."""

    path: tuple[str | int, ...]
    message: str
