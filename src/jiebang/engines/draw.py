"""A draw that anybody can repeat: a list fixed beforehand, numbers that became public afterwards, and nothing else.

The manner of RFC 3797 (Eastlake, "Publicly Verifiable Nominations Committee Random Selection", 2004): the numbers of
sources named beforehand become one key; a hash of the key between two counters gives each position in turn. The RFC
hashes with MD5, as its example shows; SHA-256 is the rule here.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

Hash = Literal["sha256", "md5"]
Fate = Literal["awarded", "gone", "over_budget", "stopped", "no_place"]
FORMAT = "jiebang-draw/1"
MOST = 1 << 16  # the counter has two bytes

_NUMBER = re.compile(r"\d{1,30}(?:\.\d{0,30})?", re.ASCII)
_APART = re.compile(r"[\s,;，；、]+")


@dataclass(frozen=True, slots=True)
class Step:
    """One selection: the digest in hex, how many were left, the position among them from 1, and who stands there."""

    digest: str
    left: int
    position: int
    drawn: str


def normal_form(text: str) -> str:
    """The key of numbers as a person types them, sources apart by `/`: `9319 / 12 5 8` is `9319./5.8.12./`.

    RFC 3797, section 4: each number without leading or trailing zeros and with its point, those of one source from the
    smallest up. Raises ValueError, saying what is no number or which source is empty.
    """
    sources = text.strip().removesuffix("/").split("/")
    return "".join(f"{_of_source(part, place)}/" for place, part in enumerate(sources, start=1))


def _of_source(text: str, place: int) -> str:
    words = [word for word in _APART.split(text.strip()) if word]
    if words and all(re.fullmatch(r"(?:\d+\.)+", word) for word in words):  # in normal form already: 2.5.8.
        words = [number for word in words for number in word.removesuffix(".").split(".")]
    if not words:
        raise ValueError(f"source {place} has no number")
    strange = [word for word in words if not _NUMBER.fullmatch(word)]
    if strange:
        raise ValueError(f"{strange[0]} is no number")
    return "".join(map(_plain, sorted(map(Decimal, words))))


def _plain(number: Decimal) -> str:
    whole, _, part = f"{number:f}".partition(".")
    return f"{whole.lstrip('0') or '0'}.{part.rstrip('0')}"


def sequence(names: Sequence[str], *, key: str, hash: Hash = "sha256") -> tuple[Step, ...]:  # noqa: A002
    """Every name of the list in the order in which it is drawn, with what each step computed; at most 65,536 names."""
    if len(names) > MOST:
        raise ValueError(f"a list for a draw has at most {MOST} names, not {len(names)}")
    left, steps = list(names), []
    for turn in range(len(names)):
        counter = turn.to_bytes(2, "big")
        digest = hashlib.new(hash, counter + key.encode() + counter, usedforsecurity=False).digest()
        place = int.from_bytes(digest, "big") % len(left)
        steps.append(Step(digest.hex(), len(left), place + 1, left.pop(place)))
    return tuple(steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """What is fixed before the seed is known. Money as decimals in the challenge's currency; None is without limit.

    `names` are in the draw, in this order; `sure` are awarded without it; `places` and `money` are what these leave;
    `amounts` of those in the draw where money limits it; with `skip` one that does not fit is passed over, else it ends
    the awards; `sources` says where the numbers of the seed will come from, each in languages. `salt` (hex) keeps the list
    from being guessed from its hash until it is published; it moves nobody.
    """

    challenge: str
    names: tuple[str, ...]
    sure: tuple[str, ...] = ()
    places: int | None = None
    money: Decimal | None = None
    amounts: Mapping[str, Decimal] | None = None
    skip: bool = True
    sources: tuple[Mapping[str, str], ...] = ()
    hash: Hash = "sha256"
    salt: str = ""

    def as_data(self) -> dict[str, object]:
        """As it is committed and published: texts, whole numbers and nothing else."""
        amounts = None if self.amounts is None else {name: f"{self.amounts[name]:f}" for name in self.names}
        return {
            "format": FORMAT, "challenge": self.challenge, "list": list(self.names), "sure": list(self.sure),
            "places": self.places, "money": None if self.money is None else f"{self.money:f}", "amounts": amounts,
            "skip": self.skip, "sources": [dict(source) for source in self.sources], "hash": self.hash,
            "salt": self.salt,
        }  # fmt: skip

    @classmethod
    def of_data(cls, data: object) -> "Pool":
        """The pool that `as_data` wrote; raises ValueError, saying what is wrong, for anything else."""
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise ValueError(f"is no list for a draw; `format` says {FORMAT}")
        try:
            amounts = data["amounts"]
            made = cls(
                challenge=data["challenge"], names=tuple(data["list"]), sure=tuple(data["sure"]), places=data["places"],
                money=None if data["money"] is None else Decimal(data["money"]), skip=data["skip"],
                hash=data["hash"], salt=data["salt"],
                amounts=None if amounts is None else {name: Decimal(amounts[name]) for name in data["list"]},
                sources=tuple(data["sources"]),
            )  # fmt: skip
            same = made.as_data() == data and made._is_sound()
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"is no list for a draw: {error!r}") from error
        if not same:
            raise ValueError(
                "is no list for a draw: it has other entries than one, or not in their normal form"
            )
        return made

    def _is_sound(self) -> bool:
        """Whether what was read has the types of a list: equal to what it writes is not enough."""
        texts = [self.challenge, *self.names, *self.sure]
        salted = isinstance(self.salt, str) and re.fullmatch(r"(?:[0-9a-f]{32})?", self.salt) is not None
        numbers = [number for number in (self.money, *(self.amounts or {}).values()) if number is not None]
        whole = self.places is None or (type(self.places) is int and self.places >= 0)
        return (
            all(isinstance(text, str) for text in texts) and len({*self.names, *self.sure}) == len(texts) - 1
            and whole and salted and type(self.skip) is bool and self.hash in get_args(Hash)
            and all(number.is_finite() and number >= 0 for number in numbers)
        )  # fmt: skip

    @property
    def digest(self) -> str:
        """The commitment: SHA-256 of `as_data()` as JSON with sorted keys and no spaces, in UTF-8 (RFC 8785)."""
        text = json.dumps(self.as_data(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Turn:
    """One step of the draw and what came of it; `money` is what was left when the turn came."""

    step: Step
    fate: Fate
    money: Decimal | None


def play(pool: Pool, *, key: str, gone: Collection[str] = ()) -> tuple[Turn, ...]:
    """The whole draw in its order: awarded while places and money last; who left meanwhile (`gone`) is passed over."""
    return tuple(_turns(pool, sequence(pool.names, key=key, hash=pool.hash), gone))


def _turns(pool: Pool, steps: Sequence[Step], gone: Collection[str]) -> Iterator[Turn]:
    places, money, stopped = pool.places, pool.money, False
    for step in steps:
        amount = (pool.amounts or {}).get(step.drawn, Decimal(0))
        before, fate = money, _fate(step.drawn in gone, stopped, places, money is None or amount <= money)
        stopped |= fate == "over_budget" and not pool.skip
        if fate == "awarded":
            places = None if places is None else places - 1
            money = None if money is None else money - amount
        yield Turn(step, fate, before)


def _fate(gone: bool, stopped: bool, places: int | None, fits: bool) -> Fate:
    if gone:
        return "gone"
    if places is not None and places <= 0:
        return "no_place"
    if stopped:
        return "stopped"
    return "awarded" if fits else "over_budget"
