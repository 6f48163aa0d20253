"""How well an expert fits a bid: does the expert know the sector, use the words of the notice, read the bid?"""

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from jiebang.rules.schema import Fit

ENOUGH = 3  # phrases of an expert found in a notice: more do not fit better
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, kw_only=True)
class Skills:
    """What an expert says of themselves: keys of sectors, phrases of expertise, language tags. Texts are case-folded."""

    sectors: frozenset[str] = frozenset()
    phrases: tuple[str, ...] = ()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What a challenge is about: its sector, the sector's names, the words of its notice. Texts are case-folded."""

    sector: str
    names: frozenset[str] = frozenset()
    text: str = ""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The different words of the notice, in order."""
        return tuple(sorted(set(_WORD.findall(self.text))))

    def has(self, beginning: str) -> bool:
        """Whether a word of the notice begins so."""
        place = bisect_left(self.words, beginning)
        return place < len(self.words) and self.words[place].startswith(beginning)


@dataclass(frozen=True, kw_only=True)
class Writing:
    """The languages of a bid: in which it was written, and in which it has at least a title."""

    original: frozenset[str] = frozenset()
    titled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """How well a pair fits: each part from 0 to 1, and their weighted sum."""

    sector: float
    words: float
    language: float
    total: float


def knows(skills: Skills, matter: Matter) -> bool:
    """Whether an expert knows the sector: names its key, or has a phrase that is one of its names."""
    return matter.sector in skills.sectors or bool(matter.names & set(skills.phrases))


def words_found(skills: Skills, matter: Matter) -> tuple[str, ...]:
    """The phrases of an expert that the notice uses: every word of the phrase begins one of its words.

    A phrase of a script that puts no spaces (Chinese, Thai, Lao, Khmer) is looked for as it stands.
    """
    return tuple(phrase for phrase in skills.phrases if _occurs(phrase, matter))


def _occurs(phrase: str, matter: Matter) -> bool:
    parts = _WORD.findall(phrase)
    if not phrase.isascii() and phrase in matter.text:
        return True
    return bool(parts) and all(matter.has(part) for part in parts)


def reads(languages: Collection[str], writing: Writing) -> float:
    """1 for who reads the language a bid was written in, a half for who reads another that it has a title in, else 0."""
    if set(languages) & writing.original:
        return 1.0
    return 0.5 if set(languages) & writing.titled else 0.0


def may_read(demand: str, languages: Collection[str], writing: Writing) -> bool:
    """Whether a rulebook's demand (`any`, `summary`, `original`) is met; who names no language is not held back."""
    if demand == "any" or not languages or not writing.original:
        return True
    known = writing.original if demand == "original" else writing.original | writing.titled
    return bool(set(languages) & known)


def table(
    weights: Fit, *, experts: Sequence[Skills], bids: Sequence[tuple[Matter, Writing]]
) -> list[list[Fitting]]:
    """The fit of every pair, bids x experts; each bid with what its challenge is about. Numbers are rounded to a millionth."""
    knowing = {matter: [_knowing(skills, matter) for skills in experts] for matter, _ in bids}
    return [
        [_fitting(weights, known, used, reads(skills.languages, writing))
         for skills, (known, used) in zip(experts, knowing[matter], strict=True)]
        for matter, writing in bids
    ]  # fmt: skip


def _knowing(skills: Skills, matter: Matter) -> tuple[float, float]:
    """How far an expert knows the sector, and the words of the notice."""
    return float(knows(skills, matter)), min(1.0, len(words_found(skills, matter)) / ENOUGH)


def _fitting(weights: Fit, sector: float, words: float, language: float) -> Fitting:
    total = float(weights.sector) * sector + float(weights.words) * words + float(weights.language) * language
    return Fitting(sector=sector, words=round(words, 6), language=language, total=round(total, 6))
