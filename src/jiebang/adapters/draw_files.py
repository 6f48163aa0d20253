"""The file of a draw: the list as it was committed, the public seed, and every step, for anybody to compute again."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiebang.decisions.lottery import Draw
from jiebang.engines.draw import Pool, Turn, normal_form
from jiebang.rules.faults import Fault

_UNSAFE = re.compile(r"[^A-Za-z0-9-]")
LONGEST = 20_000_000  # bytes; a list of 65,536 names has a few million


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a file says: the draw, and what it claims to follow from it (each None where it does not say)."""

    draw: Draw
    list_hash: str | None = None
    key: str | None = None
    steps: list[Any] | None = None


def draw_file(draw: Draw) -> bytes:
    """The file's bytes; without a seed, the committed list alone with its hash."""
    said: dict[str, object] = {"committed": draw.pool.as_data(), "list_hash": draw.pool.digest}
    if draw.seed is not None:
        said |= {"seed": draw.seed, "key": normal_form(draw.seed), "gone": sorted(draw.gone)}
        said["steps"] = [step_data(turn) for turn in draw.turns]
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def file_name(draw: Draw, place: int) -> str:
    """Where a round writes the draw that stands so far from its first one."""
    return f"draws/{place}-{_UNSAFE.sub('_', draw.pool.challenge)[:60]}.json"


def step_data(turn: Turn) -> dict[str, object]:
    """One step as the file has it."""
    step, left = turn.step, None if turn.money is None else f"{turn.money:f}"
    return {"digest": step.digest, "left": step.left, "position": step.position, "drawn": step.drawn,
            "outcome": turn.fate, "money": left}  # fmt: skip


def read_draw(path: Path) -> Claim | Fault:
    """What a file claims, or why it is none."""
    try:
        if path.stat().st_size > LONGEST:
            return Fault(str(path), None, "file", f"is larger than {LONGEST} bytes")
        data = json.loads(path.read_bytes())
        return _claim(data)
    except OSError as error:
        return Fault(str(path), None, "file", f"cannot be read: {error.strerror}")
    except (ValueError, RecursionError) as error:
        return Fault(str(path), None, "draw", str(error))


def _claim(data: Any) -> Claim:
    if not isinstance(data, dict):
        raise ValueError("is no file of a draw: it must be a JSON object with `committed`")
    seed, gone = data.get("seed"), data.get("gone", [])
    texts = [data.get(name) for name in ("seed", "list_hash", "key")]
    if any(text is not None and not isinstance(text, str) for text in texts) or not _names(gone):
        raise ValueError("`seed`, `list_hash` and `key` are texts, `gone` is a list of names")
    if seed is not None:
        normal_form(seed)
    draw = Draw(pool=Pool.of_data(data.get("committed")), seed=seed, gone=frozenset(gone))
    return Claim(draw=draw, list_hash=texts[1], key=texts[2], steps=data.get("steps"))


def _names(items: object) -> bool:
    return isinstance(items, list) and all(isinstance(item, str) for item in items)


def differences(claim: Claim) -> Iterator[tuple[str, str, str]]:
    """Where a file differs from what follows from its own list and seed: the entry, what it says, what follows."""
    draw = claim.draw
    if claim.list_hash is not None and claim.list_hash != draw.pool.digest:
        yield "list_hash", claim.list_hash, draw.pool.digest
    key = normal_form(draw.seed) if draw.seed is not None else ""
    if claim.key is not None and claim.key != key:
        yield "key", claim.key, key
    if claim.steps is not None:
        follows = [step_data(turn) for turn in draw.turns]
        for place in range(max(len(follows), len(claim.steps))):
            said = claim.steps[place] if place < len(claim.steps) else None
            found = follows[place] if place < len(follows) else None
            if said != found:
                yield (
                    f"steps.{place + 1}",
                    json.dumps(said, ensure_ascii=False),
                    json.dumps(found, ensure_ascii=False),
                )
