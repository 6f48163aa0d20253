"""The dictionary of facts: what the expressions of a rulebook may read, and what each fact means.

Families that a rulebook or its data open: `<subject>.facts.NAME` (columns of an office's own sheets),
`tally.NAME` and `bid.tallies.NAME` (counted things), `bid.scores.CRITERION`, `setting.KEY`,
`places.KEY.countries` and `places.KEY.regions`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml

from jiebang.rules.schema import Rulebook

FactType = Literal["number", "text", "yes_no", "date", "list"]
ORGANISATIONS = ("owner", "lead", "partner")
_ALL_OF_A_BID = frozenset({"bid", "consortium", "lead", "challenge", "need", "owner", "tally", "call"})
READABLE: Mapping[str, frozenset[str]] = {
    "eligibility.owner": frozenset({"owner", "need", "call"}),
    "eligibility.need": frozenset({"owner", "need", "call"}),
    "eligibility.lead": _ALL_OF_A_BID,
    "eligibility.partner": _ALL_OF_A_BID | {"partner"},
    "eligibility.consortium": _ALL_OF_A_BID,
    "eligibility.bid": _ALL_OF_A_BID,
    "lifecycles.need": frozenset({"need"}),
    "lifecycles.challenge": frozenset({"challenge", "need"}),
    "lifecycles.bid": frozenset({"bid", "challenge"}),
    "lifecycles.project": frozenset({"project", "challenge"}),
    "award": _ALL_OF_A_BID,
    "measuring": frozenset({"result"}),
}
_SAMPLES: Mapping[str, object] = {
    "number": 1.0, "text": "a", "yes_no": True, "date": datetime(2026, 1, 1, tzinfo=UTC), "list": ["a"],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """One readable fact: its dotted name, type, meaning in languages, and the places that may read it.

    `places` is of `eligibility`, `award`, `lifecycles` and `measuring`, the first words of the keys of READABLE.
    """

    name: str
    type: FactType
    meaning: Mapping[str, str]
    places: frozenset[str]


@cache
def dictionary() -> Mapping[str, Fact]:
    """Every fact with a fixed name, dotted (`lead.over_years`), in the order of the file `facts.yaml`."""
    raw = yaml.safe_load(resources.files(__package__).joinpath("facts.yaml").read_text(encoding="utf-8"))
    shared = raw["rules"].pop("organisation")
    found = _facts(
        {**dict.fromkeys(ORGANISATIONS, shared), **raw["rules"]}, frozenset({"eligibility", "award"})
    )
    found |= _facts(raw["guards"], frozenset({"lifecycles"}))
    return {**found, **_facts(raw["grades"], frozenset({"measuring"}))}


def _facts(groups: Mapping[str, Any], places: frozenset[str]) -> dict[str, Fact]:
    found = {}
    for subject, names in groups.items():
        for name, entry in names.items():
            meaning = {key: entry[key] for key in entry if key not in ("type", "award")}
            where = frozenset({"award"}) if "award" in entry else places
            found[f"{subject}.{name}"] = Fact(f"{subject}.{name}", entry["type"], meaning, where)
    return found


def constants(rulebook: Rulebook) -> dict[str, object]:
    """What expressions read of the rulebook itself: `setting.KEY`, `places.KEY.countries` and `.regions`."""
    return {
        "setting": {key: setting.value for key, setting in rulebook.settings.items()},
        "places": {
            key: {"countries": list(p.countries), "regions": list(p.regions)}
            for key, p in rulebook.places.items()
        },
    }


def is_known(name: str, *, rulebook: Rulebook, where: str | None = None) -> bool:
    """Whether an expression may read `name` at `where` (a key of READABLE; None for anywhere)."""
    root, _, rest = name.partition(".")
    if root in ("setting", "places"):
        return _in_rulebook(root, rest, rulebook)
    if where is not None and root not in READABLE[where]:
        return False
    if name in dictionary():
        return where is None or where.split(".")[0] in dictionary()[name].places
    is_guard = where is not None and where.startswith(("lifecycles", "measuring"))
    return not is_guard and _is_open(root, rest, rulebook, where)


def _is_open(root: str, rest: str, rulebook: Rulebook, where: str | None) -> bool:
    """Whether a name belongs to a family whose members a bundle or a rulebook names."""
    if root == "tally":
        return bool(rest)
    family, _, leaf = rest.partition(".")
    if family == "facts" or (root, family) == ("bid", "tallies"):
        return bool(leaf) and any(known.startswith(f"{root}.") for known in dictionary())
    return (root, family) == ("bid", "scores") and leaf in rulebook.criteria and where in (None, "award")


def near(name: str, *, rulebook: Rulebook, where: str | None = None) -> list[str]:
    """The facts that a faulty name may have meant, most alike first, at most three."""
    from difflib import get_close_matches

    allowed = [known for known in dictionary() if is_known(known, rulebook=rulebook, where=where)]
    allowed += [f"setting.{key}" for key in rulebook.settings]
    return get_close_matches(name, allowed, n=3, cutoff=0.6)


def samples(rulebook: Rulebook) -> dict[str, object]:
    """A value of the right type for every fact, nested as expressions read it: to try an expression out."""
    nested: dict[str, dict[str, object]] = {}
    for name, fact in dictionary().items():
        subject, _, leaf = name.partition(".")
        nested.setdefault(subject, {})[leaf] = _SAMPLES[fact.type]
    nested["bid"]["scores"] = dict.fromkeys(rulebook.criteria, 1.0)
    return {**nested, **constants(rulebook)}


def _in_rulebook(root: str, rest: str, rulebook: Rulebook) -> bool:
    if root == "setting":
        return rest in rulebook.settings
    key, _, part = rest.partition(".")
    return key in rulebook.places and part in ("", "countries", "regions")
