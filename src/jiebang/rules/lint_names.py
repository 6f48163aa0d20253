"""Names of settings and clocks that nothing reads, and values that mean nothing to the code that reads them."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from jiebang.rules.by_name import CLOCKS, SETTINGS, values
from jiebang.rules.expressions import names
from jiebang.rules.lint_expressions import expressions
from jiebang.rules.problems import Problem
from jiebang.rules.schema import Rulebook


def problems(rulebook: Rulebook, parent: Rulebook | None = None) -> list[Problem]:
    """A misspelt name falls away without a sound, so each must be read by somebody; a parent's are its own affair."""
    settings = set(rulebook.settings) - set(parent.settings if parent else ())
    clocks = set(rulebook.clocks) - set(parent.clocks if parent else ())
    return [*_settings(rulebook, settings), *_values(rulebook), *_clocks(rulebook, clocks)]


def _settings(rulebook: Rulebook, own: Collection[str]) -> Iterator[Problem]:
    read = {name for _, _, source, _ in expressions(rulebook) for name in names(source)}
    for key in rulebook.settings:
        if key in own and key not in SETTINGS and f"setting.{key}" not in read:
            said = (
                f"is read by no expression (`setting.{key}`), and the code reads only {_there(key, SETTINGS)}"
            )
            yield Problem(("settings", key), said)


def _values(rulebook: Rulebook) -> Iterator[Problem]:
    for key in SETTINGS:
        setting, allowed = rulebook.settings.get(key), values(key)
        if setting is None:
            continue
        for place, word in enumerate(setting.choices):
            if word not in allowed:
                said = f"`{word}` means nothing here; the code knows {', '.join(allowed)}"
                yield Problem(("settings", key, "choices", place), said)
        if setting.value not in allowed and not (setting.choices and isinstance(setting.value, str)):
            said = f"`{setting.value}` means nothing here; write one of {', '.join(allowed)}"
            yield Problem(("settings", key, "value"), said)


def _clocks(rulebook: Rulebook, own: Collection[str]) -> Iterator[Problem]:
    started = {move.starts for table in rulebook.lifecycles.values() for move in table.moves.values()}
    started |= {opinion.clock for opinion in rulebook.opinions.values()}
    # what only a framework states is started by the rulebooks that extend it, and a misspelt `starts` is said once
    judged = bool(rulebook.lifecycles) and started <= {*rulebook.clocks, None}
    for key in rulebook.clocks:
        if key in own and key not in CLOCKS and key not in started and (judged or _alike(key, CLOCKS)):
            said = (
                f"is started by no move or opinion, and the code of itself reads only {_there(key, CLOCKS)}"
            )
            yield Problem(("clocks", key), said)


def _there(name: str, known: Collection[str]) -> str:
    hint = f"; did you mean {', '.join(alike)}?" if (alike := _alike(name, known)) else ""
    return ", ".join(known) + hint


def _alike(name: str, known: Collection[str]) -> list[str]:
    return get_close_matches(name, known, n=2, cutoff=0.75)
