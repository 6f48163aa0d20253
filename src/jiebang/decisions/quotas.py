"""Quotas of an award: what each bid counts towards, and what is left while bids are taken."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from jiebang.decisions.outcomes import Candidate
from jiebang.rules.explain_words import phrase
from jiebang.rules.expressions import Truth, compile_expression, evaluate, names
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Quota, Rulebook
from jiebang.rules.texts import pick

Mark = tuple[str, str]  # key of a quota, and the value that is counted (empty where a condition holds)
Marks = tuple[list[Mark], list[str]]  # of a bid, and the keys of the quotas of which that cannot be told
_SCORED = ("bid.score", "bid.mean", "bid.reviews", "bid.first_score")


def apart_from_scores(rulebook: Rulebook) -> bool:
    """Whether what a bid counts towards is the same whatever the experts score."""
    rules = rulebook.award.quotas.values() if rulebook.award else ()
    read = [name for rule in rules for name in (names(rule.where) if rule.where else [rule.by or ""])]
    return not any(name.startswith(_SCORED) for name in read)


def marks(rules: Mapping[str, Quota], candidate: Candidate) -> Marks:
    """What a candidate counts towards, and the keys of the quotas of which that cannot be told."""
    found: list[Mark] = []
    unknown: list[str] = []
    for key, rule in rules.items():
        value = _fact(rule.by, candidate.facts) if rule.by else _holds(rule.where or "", candidate.facts)
        if value is None:
            unknown.append(key)
        elif value is not False:
            found.append((key, str(value)))
    return found, unknown


def _fact(name: str, facts: object) -> str | None:
    for step in name.split("."):
        facts = facts.get(step) if isinstance(facts, Mapping) else None
    said = "" if facts is None else str(facts).strip()
    return said or None


def _holds(source: str, facts: Mapping[str, object]) -> str | bool | None:
    compiled = compile_expression(source)
    truth = Truth.UNKNOWN if isinstance(compiled, Reason) else evaluate(compiled, facts).truth
    if truth is Truth.UNKNOWN:
        return None
    return "" if truth is Truth.PASS else False


@dataclass(slots=True)
class Seats:
    """What was taken of every quota so far; those over the call go on counting from challenge to challenge."""

    rules: Mapping[str, Quota]
    taken: Counter[Mark] = field(default_factory=Counter)
    known: dict[str, Marks] = field(default_factory=dict)

    @classmethod
    def of(
        cls, rulebook: Rulebook, *, standing: Iterable[Candidate] = (), known: dict[str, Marks] | None = None
    ) -> "Seats":
        """Only what stands from before is taken yet; `known` is what bids count towards, as far as it was told, and grows."""
        made = cls(rulebook.award.quotas if rulebook.award else {}, known={} if known is None else known)
        for candidate in standing:
            made.take(candidate)
        return made

    def next_challenge(self) -> None:
        """Begin to count anew what is counted in each challenge."""
        for mark in [mark for mark in self.taken if self.rules[mark[0]].over == "challenge"]:
            del self.taken[mark]

    def take(self, candidate: Candidate) -> None:
        """Count an awarded bid."""
        self.taken.update(self._marks(candidate)[0])

    def against(self, candidate: Candidate) -> tuple[Reason, str] | None:
        """Why the quotas leave no seat for a bid, with the rule's name; None where there is one."""
        found, unknown = self._marks(candidate)
        if unknown:
            return reason("award.quota_unknown", quota=unknown[0]), f"award.quotas.{unknown[0]}"
        for mark in found:
            most = self.rules[mark[0]].most
            if most is not None and self.taken[mark] >= most:
                return full(mark, most), f"award.quotas.{mark[0]}"
        return None

    def too_few(self, group: Iterable[Candidate]) -> bool:
        """Whether the bids of a group, each of which finds a seat, find none together."""
        asked = Counter(mark for candidate in group for mark in self._marks(candidate)[0])
        most = {mark: self.rules[mark[0]].most for mark in asked}
        return any(
            limit is not None and self.taken[mark] + asked[mark] > limit for mark, limit in most.items()
        )

    def _marks(self, candidate: Candidate) -> Marks:
        """What a bid counts towards, told once: going down a ranking asks it again and again."""
        if candidate.bid not in self.known:
            self.known[candidate.bid] = marks(self.rules, candidate)
        return self.known[candidate.bid]


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A quota as a decision leaves it: over which challenge (empty: over the call), which value, and the bids that hold it."""

    quota: str
    challenge: str
    value: str
    most: int | None
    least: int | None
    bids: tuple[str, ...]


def used(
    rules: Mapping[str, Quota], fields: Mapping[str, Sequence[Candidate]], *, awarded: Container[str]
) -> tuple[Used, ...]:
    """Every quota that a bid counts towards, with those that were awarded; `fields` are the bids compared by challenge."""
    held: dict[tuple[str, str, str], list[str]] = {
        (key, "", ""): [] for key, rule in rules.items() if rule.where and rule.over == "call"
    }
    for challenge, candidates in fields.items():
        for candidate in candidates:
            for key, value in marks(rules, candidate)[0]:
                over = challenge if rules[key].over == "challenge" else ""
                bids = held.setdefault((key, over, value), [])
                bids += [candidate.bid] if candidate.bid in awarded else []
    return tuple(
        Used(
            quota=key,
            challenge=over,
            value=value,
            most=rules[key].most,
            least=rules[key].least,
            bids=tuple(bids),
        )
        for (key, over, value), bids in held.items()
    )


def full(mark: Mark, most: int) -> Reason:
    """That a quota is used up, naming it and the value that it counts."""
    key, value = mark
    return (
        reason("award.quota_full", quota=key, value=value, most=most)
        if value
        else reason("award.quota_met", quota=key, most=most)
    )


def members(rules: Mapping[str, Quota], candidates: Sequence[Candidate]) -> dict[Mark, list[int]]:
    """For every mark that occurs, the numbers of the candidates that count towards it, in order."""
    found: dict[Mark, list[int]] = {}
    for place, candidate in enumerate(candidates):
        for mark in marks(rules, candidate)[0]:
            found.setdefault(mark, []).append(place)
    return found


def in_words(why: Reason, *, rulebook: Rulebook, lang: str) -> Reason:
    """A reason of an award with its quotas under their labels instead of their keys."""
    rules = rulebook.award.quotas if rulebook.award else {}

    def name(text: str) -> str:
        key, _, rest = text.partition(" ")
        label = pick(rules[key].label, lang=lang) if key in rules else phrase(key, lang=lang)
        return f"{label} {rest}".strip()

    said = dict(why.params)
    if "quota" in said:
        said["quota"] = name(str(said["quota"]))
    if "limits" in said:
        apart = "；" if lang.startswith("zh") else "; "
        said["limits"] = apart.join(map(name, str(said["limits"]).split("; ")))
    return Reason(why.code, said)
