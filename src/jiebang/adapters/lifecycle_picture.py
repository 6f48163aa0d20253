"""A lifecycle of a rulebook as a picture: its stages as cards, who acts in each, and every move."""

from jiebang.adapters.diagram import DiagramMove, DiagramState, state_diagram
from jiebang.adapters.drawing import Plot
from jiebang.rules.explain_words import phrase, term
from jiebang.rules.schema import Kind, Lifecycle, Rulebook
from jiebang.rules.texts import pick


def lifecycle_picture(rulebook: Rulebook, kind: Kind, *, lang: str, title: str) -> Plot:
    """The lifecycle of `kind` in the words of the rulebook. Raises KeyError if the rulebook has none."""
    table = rulebook.lifecycles[kind]
    states = [
        DiagramState(
            id=name, name=pick(stage.label, lang=lang), kind=_kind(table, name),
            note=_who_acts(rulebook, table, name, lang),
        )
        for name, stage in table.stages.items()
    ]  # fmt: skip
    moves = [
        DiagramMove(source=origin, target=move.to, label=pick(move.label, lang=lang))
        for move in table.moves.values()
        for origin in move.origin
    ]
    header = (phrase("from", lang=lang), phrase("act", lang=lang), phrase("to", lang=lang))
    return state_diagram(title=title, states=states, moves=moves, header=header)


def _kind(table: Lifecycle, name: str) -> str:
    flags = set(table.stages[name].flags)
    if name == table.start:
        return "start"
    if "success" in flags:
        return "end"
    return "exit" if flags & {"failure", "paused", "final"} else "normal"


def _who_acts(rulebook: Rulebook, table: Lifecycle, name: str, lang: str) -> str:
    who = dict.fromkeys(role for move in table.moves.values() if name in move.origin for role in move.by)
    comma = "、" if lang.startswith("zh") else ", "
    return comma.join(term(rulebook.vocabulary.roles, role, lang=lang) for role in list(who)[:2])
