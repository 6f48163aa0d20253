"""Words of a rulebook: texts missing in a language, and names that name nothing."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel

from jiebang.rules.lint_graph import commands
from jiebang.rules.problems import Problem
from jiebang.rules.schema import Rulebook

Path = tuple[str | int, ...]
TEXTS = {
    "title",
    "summary",
    "office",
    "label",
    "help",
    "text",
    "remedy",
    "next",
    "questions",
    "publisher",
    "unit",
}
BY_KEY = {"anchors", "options"}
VOCABULARIES = ("organisation_types", "evidence", "modes", "sectors", "capabilities", "roles")


def problems(rulebook: Rulebook) -> list[Problem]:
    """Missing texts, and references to sources, clocks, places, evidence, modes, stages and commands."""
    checks = (
        _texts,
        _sources,
        _choices,
        _eligibility,
        _moves,
        _opinions,
        _gates,
        _agreement,
        _parties,
        _forms,
    )
    return [problem for check in checks for problem in check(rulebook)]


def texts(part: object, path: Path = ()) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Every text of a rulebook with its path; texts left out altogether are passed over."""
    if isinstance(part, BaseModel):
        for name, field in type(part).model_fields.items():
            value = getattr(part, name)
            key = field.alias or name
            if name in TEXTS and isinstance(value, dict):
                yield from [((*path, key), value)] if value else []
            elif name in BY_KEY and isinstance(value, dict):
                yield from (((*path, key, inner), text) for inner, text in value.items())
            else:
                yield from texts(value, (*path, key))
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from texts(value, (*path, key))
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from texts(value, (*path, place))


def _texts(rulebook: Rulebook) -> Iterator[Problem]:
    for path, text in texts(rulebook):
        missing = [tag for tag in rulebook.languages if not text.get(tag, "").strip()]
        if missing:
            yield Problem(
                path, f"lacks its text in {', '.join(missing)}; the rulebook's languages are all needed"
            )


def _unknown(path: Path, name: str, known: Collection[str], what: str) -> Iterator[Problem]:
    if name not in known:
        alike = get_close_matches(name, known, n=3) or sorted(known)[:8]
        there = f"known: {', '.join(alike)}" if known else "the rulebook has none"
        yield Problem(path, f"`{name}` is no {what}; {there}")


def _sources(rulebook: Rulebook) -> Iterator[Problem]:
    for path, rule in rules(rulebook):
        if rule.source:
            yield from _unknown((*path, "source"), rule.source, rulebook.sources, "source")


def rules(part: object, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every part that carries a status, with its path."""
    if isinstance(part, BaseModel):
        if "status" in type(part).model_fields:
            yield path, part
        for name, field in type(part).model_fields.items():
            yield from rules(getattr(part, name), (*path, field.alias or name))
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from rules(value, (*path, key))
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from rules(value, (*path, place))


def _choices(rulebook: Rulebook) -> Iterator[Problem]:
    for key, setting in rulebook.settings.items():
        values = setting.value if isinstance(setting.value, list) else [setting.value]
        for value in values if setting.choices else []:
            yield from _unknown(
                ("settings", key, "value"), str(value), setting.choices, "choice of this setting"
            )


def _eligibility(rulebook: Rulebook) -> Iterator[Problem]:
    for key, rule in rulebook.eligibility.items():
        path = ("eligibility", key, "evidence")
        if rule.evidence:
            yield from _unknown(path, rule.evidence, rulebook.vocabulary.evidence, "kind of evidence")


def _moves(rulebook: Rulebook) -> Iterator[Problem]:
    for kind, table in rulebook.lifecycles.items():
        for key, move in table.moves.items():
            if move.starts:
                path = ("lifecycles", kind, "moves", key, "starts")
                yield from _unknown(path, move.starts, rulebook.clocks, "clock")


def _opinions(rulebook: Rulebook) -> Iterator[Problem]:
    for key, opinion in rulebook.opinions.items():
        table = rulebook.lifecycles.get(opinion.on)
        path = ("opinions", key)
        if table is None:
            yield Problem((*path, "on"), f"the rulebook has no lifecycle of a {opinion.on}")
            continue
        for place, stage in enumerate(opinion.stages):
            yield from _unknown((*path, "stages", place), stage, table.stages, f"stage of a {opinion.on}")
        for place, command in enumerate(opinion.blocks):
            yield from _unknown(
                (*path, "blocks", place), command, commands(table), f"command of a {opinion.on}"
            )
        if opinion.clock:
            yield from _unknown((*path, "clock"), opinion.clock, rulebook.clocks, "clock")


def _gates(rulebook: Rulebook) -> Iterator[Problem]:
    table = rulebook.lifecycles.get("project")
    acts = commands(table) if table else set()
    for key, gate in rulebook.gates.items():
        for place, mode in enumerate(gate.modes):
            yield from _unknown(("gates", key, "modes", place), mode, rulebook.vocabulary.modes, "mode")
        if "department" in gate.by and not gate.department:
            yield Problem(
                ("gates", key, "department"), "is missing; `by` names a department, so say which one"
            )
        if table:
            yield from _unknown(("gates", key, "before"), gate.before, acts, "command of a project")
    for place, part in enumerate(rulebook.money.instalments if rulebook.money and table else []):
        if part.on:
            yield from _unknown(("money", "instalments", place, "on"), part.on, acts, "command of a project")
    back = rulebook.money.repayment if rulebook.money else None
    for place, command in enumerate(back.on if back and table else []):
        yield from _unknown(("money", "repayment", "on", place), command, acts, "command of a project")


def _agreement(rulebook: Rulebook) -> Iterator[Problem]:
    rule = rulebook.agreement
    if rule is None:
        return
    if rule.prevailing not in rule.languages:
        yield Problem(
            ("agreement", "prevailing"), "is not one of `languages`; the text that governs must be printed"
        )
    for key, clause in rule.clauses.items():
        for place, mode in enumerate(clause.modes):
            yield from _unknown(
                ("agreement", "clauses", key, "modes", place), mode, rulebook.vocabulary.modes, "mode"
            )
        for name in ("title", "text"):
            missing = [lang for lang in rule.languages if lang not in getattr(clause, name)]
            if missing:
                said = f"is missing in {', '.join(missing)}; the agreement is printed in every one of `languages`"
                yield Problem(("agreement", "clauses", key, name), said)


def _parties(rulebook: Rulebook) -> Iterator[Problem]:
    rule = rulebook.consortium
    if rule and rule.partner_place:
        yield from _unknown(("consortium", "partner_place"), rule.partner_place, rulebook.places, "place")
    for key, place in rulebook.places.items():
        if not place.countries and not place.regions:
            yield Problem(("places", key), "names no country and no region; nobody would be in it")


def _forms(rulebook: Rulebook) -> Iterator[Problem]:
    for form, questions in rulebook.forms.items():
        for step, group in questions.steps.items():
            for key, field in group.fields.items():
                path = ("forms", form, "steps", step, "fields", key)
                if isinstance(field.options, str):
                    yield from _vocabulary((*path, "options"), field.options, rulebook)
                if field.rule:
                    yield from _unknown((*path, "rule"), field.rule, rulebook.eligibility, "eligibility rule")
    asked = rulebook.forms["bid"].fields if "bid" in rulebook.forms else None
    for place, name in enumerate(rulebook.scoring.hidden if rulebook.scoring and asked else []):
        yield from _unknown(("scoring", "hidden", place), name, asked or {}, "field of the bid's form")


def _vocabulary(path: Path, name: str, rulebook: Rulebook) -> Iterator[Problem]:
    yield from _unknown(path, name, VOCABULARIES, "vocabulary")
    if name in VOCABULARIES and not getattr(rulebook.vocabulary, name):
        yield Problem(path, f"vocabulary.{name} is empty; nothing could be chosen")
