"""Stages as readers see them: the rulebook's word, and a stamp and a picture that follow from its flags."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from jiebang.records.programme.queries import rulebook
from jiebang.rules.schema import Kind, Lifecycle, Rulebook, Stage
from jiebang.rules.texts import pick
from jiebang.web import components as c
from jiebang.web.site import language_tag, words

_TONES: tuple[tuple[str, c.Tone], ...] = (
    ("paused", "paused"), ("failure", "stopped"), ("success", "done"), ("takes_bids", "open"), ("live", "open"),
    ("editable", "waiting"), ("final", "stopped"),
)  # fmt: skip


def stage_of(book: Rulebook, kind: Kind, name: str) -> Stage | None:
    """The stage as the rulebook describes it; None when it does not know it."""
    table = book.lifecycles.get(kind)
    return table.stages.get(name) if table else None


def stage_word(book: Rulebook, kind: Kind, name: str) -> str:
    """The rulebook's word for a stage."""
    stage = stage_of(book, kind, name)
    return words(stage.label) if stage else name


def stamp(book: Rulebook, kind: Kind, name: str) -> c.Stamp:
    """The stamp of a stage."""
    return c.Stamp(stage_word(book, kind, name), tone(book, kind, name))


def tone(book: Rulebook, kind: Kind, name: str) -> c.Tone:
    """Its shape and colour, from the flags alone."""
    stage = stage_of(book, kind, name)
    flags = stage.flags if stage else []
    return next((chosen for flag, chosen in _TONES if flag in flags), "deciding")


@lru_cache(maxsize=512)
def stage_stamp(digest: str, kind: Kind, name: str, lang: str) -> c.Stamp:
    """The stamp for a row of a list, by the hash of its rulebook."""
    book = rulebook(digest)
    stage = stage_of(book, kind, name)
    return c.Stamp(pick(stage.label, lang=lang) if stage else name, tone(book, kind, name))


def open_stages(books: Sequence[Rulebook]) -> list[str]:
    """Stages in which bids are taken."""
    return [name for name, stage in _stages(books, "challenge") if "takes_bids" in stage.flags]


def public_stages(books: Sequence[Rulebook], kind: Kind) -> dict[str, str]:
    """Public stages with their words, in the order of the table."""
    return {name: words(stage.label) for name, stage in _stages(books, kind) if "public" in stage.flags}


def main_path(table: Lifecycle) -> list[str]:
    """The stages of a case that goes well: the shortest way from the start to success."""
    ways = [[table.start]]
    seen = {table.start}
    for way in ways:  # grows while it is walked: breadth first, in the order of the table
        if "success" in table.stages[way[-1]].flags:
            return way
        for move in table.moves.values():
            if way[-1] in move.origin and move.to not in seen and not _aside(table.stages[move.to]):
                seen.add(move.to)
                ways.append([*way, move.to])
    return [name for name, stage in table.stages.items() if not _aside(stage)]


def is_aside(book: Rulebook, kind: Kind, current: str) -> bool:
    """Whether a stage lies beside the way of a case that goes well."""
    table = book.lifecycles.get(kind)
    return table is not None and current not in main_path(table)


def lifecycle(
    book: Rulebook, kind: Kind, current: str, *, entered: Collection[str] = ()
) -> c.Lifecycle | None:
    """The way of a thing as a line of stations; a stage beside the way stands after those that were `entered`."""
    table = book.lifecycles.get(kind)
    if table is None:
        return None
    path = main_path(table)
    if current not in path and current in table.stages:
        path = [name for name in path if name in (table.start, *entered)] + [current]
    here = path.index(current) if current in path else -1
    stations = [
        c.Station(name=words(table.stages[name].label), phase=_phase(place, here))
        for place, name in enumerate(path)
    ]
    return c.Lifecycle(stations=stations, label=words(book.title))


def label_language(texts: Mapping[str, str]) -> str:
    """The language of what `words` shows, when it is not the reader's own (for `lang` attributes)."""
    wanted = language_tag()
    if wanted in texts:
        return ""
    return next((tag for tag in ("en", "zh-Hans") if tag in texts), next(iter(texts), ""))


def _stages(books: Sequence[Rulebook], kind: Kind) -> list[tuple[str, Stage]]:
    found: dict[str, Stage] = {}
    for book in books:
        table = book.lifecycles.get(kind)
        found |= {name: stage for name, stage in (table.stages if table else {}).items() if name not in found}
    return list(found.items())


def _aside(stage: Stage) -> bool:
    flags = set(stage.flags)
    return bool(flags & {"failure", "paused"}) or ("final" in flags and "success" not in flags)


def _phase(place: int, here: int) -> c.Phase:
    return "was" if place < here else "is" if place == here else "comes"
