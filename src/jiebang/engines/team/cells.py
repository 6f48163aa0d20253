"""One value of a problem file at a time: what it must be, and a fault where it is something else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeGuard

from jiebang.engines.team.places import Path
from jiebang.engines.team.problem import DIGITS, LARGEST, Number

_LONGEST = 200


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong at one place of a problem, and what would be right; `line` from 1."""

    line: int
    field: str
    message: str


@dataclass(slots=True)
class Cells:
    """Checks values and remembers every fault with its path."""

    faults: list[tuple[Path, str]] = field(default_factory=list)

    def wrong(self, path: Path, message: str) -> None:
        """Remember a fault."""
        self.faults.append((path, message))

    def mapping(self, value: Any, path: Path, *, keys: Iterable[str]) -> Mapping[str, Any]:
        """An object with none but these keys; {} where it is none."""
        if not isinstance(value, dict):
            self.wrong(path, f"{_said(value)} is no object; write {{...}} with {', '.join(keys)}")
            return {}
        for key in value:
            if key not in keys:
                self.wrong((*path, key), f"unknown; known are {', '.join(keys)}")
        return value

    def items(self, value: Any, path: Path) -> list[Any]:
        """A list; [] where it is none."""
        if not isinstance(value, list):
            self.wrong(path, f"{_said(value)} is no list; write [...]")
            return []
        return value

    def name(self, value: Any, path: Path) -> str | None:
        """A text that names something."""
        if isinstance(value, str) and value.strip() and len(value) <= _LONGEST and value.isprintable():
            return value
        self.wrong(path, f"{_said(value)} is no name; write a text of 1 to {_LONGEST} printable characters")
        return None

    def names(self, value: Any, path: Path) -> list[str]:
        """A list of different names."""
        found: list[str] = []
        for at, item in enumerate(self.items(value, path)):
            name = self.name(item, (*path, at))
            if name in found:
                self.wrong((*path, at), f"`{name}` stands there twice; name it once")
            elif name is not None:
                found.append(name)
        return found

    def number(self, value: Any, path: Path, *, least: int | None = None) -> Number:
        """A number of the size and precision that sums keep exactly; 0 where it is none."""
        if not _finite(value):
            self.wrong(path, f"{_said(value)} is no finite number; write digits, with a point for decimals")
            return 0
        if not -LARGEST <= value <= LARGEST:
            self.wrong(path, f"{_said(value)} is too large; at most {LARGEST} in size, choose a larger unit")
            return 0
        if least is not None and value < least:
            self.wrong(path, f"{_said(value)} is below {least}; write {least} or more")
        if _decimals(value) > DIGITS:
            self.wrong(path, f"{_said(value)} has more than {DIGITS} decimals; round it")
            return 0
        return value

    def whole(self, value: Any, path: Path, *, least: int) -> int:
        """A whole number of at least `least` and at most 1000; `least` where it is none."""
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= 1000:
            return value
        self.wrong(path, f"{_said(value)} is no whole number from {least} to 1000")
        return least

    def truth(self, value: Any, path: Path) -> bool:
        """true or false; true where it is neither."""
        if not isinstance(value, bool):
            self.wrong(path, f"{_said(value)} is neither true nor false")
            return True
        return value


def _finite(value: Any) -> TypeGuard[Number]:
    return not isinstance(value, bool) and isinstance(value, int | Decimal) and Decimal(value).is_finite()


def _decimals(value: Number) -> int:
    _, digits, exponent = Decimal(value).as_tuple()
    zeros = next((at for at, digit in enumerate(reversed(digits)) if digit), len(digits))
    return -int(exponent) - zeros if zeros < len(digits) else 0


def _said(value: Any) -> str:
    """A value as the file says it, short."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    words = {None: "null", True: "true", False: "false"}
    text = words[value] if value is None or isinstance(value, bool) else str(value)
    return f"`{text[:40]}`"
