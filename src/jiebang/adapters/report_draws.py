"""The part of report.html on a lottery's draw: the list that was committed, the numbers, every step, how anybody repeats it."""

from collections.abc import Iterator
from html import escape

from jiebang.adapters.html_parts import html_table
from jiebang.adapters.round_words import Words
from jiebang.decisions.lottery import Draw
from jiebang.engines.draw import Pool, normal_form


def section(draw: Draw, *, file: str, words: Words) -> str:
    """The draw of one challenge; `file` is where the round wrote it."""
    pool = draw.pool
    title = words.say("report_draw", count=len(pool.names), awarded=_awarded(draw))
    if draw.seed is None:
        title = words.say("report_draw_waits", count=len(pool.names))
    parts = [
        f"<h3>{escape(title)}</h3>", _facts(draw, words),
        f"<h4>{escape(words.say('report_draw_list'))}</h4>", html_table(*_listed(pool, words)),
    ]  # fmt: skip
    if draw.seed is not None:
        parts += [f"<h4>{escape(words.say('report_draw_steps'))}</h4>", html_table(*_steps(draw, words))]
    return "".join([*parts, _repeat(draw, file, words)])


def _awarded(draw: Draw) -> int:
    return sum(turn.fate == "awarded" for turn in draw.turns)


def _facts(draw: Draw, words: Words) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in _known(draw, words))
    return f"<dl>{rows}</dl>"


def _known(draw: Draw, words: Words) -> Iterator[tuple[str, str]]:
    """What was fixed before, then the numbers."""
    pool = draw.pool
    yield words.say("report_draw_sure"), ", ".join(pool.sure) or "–"
    if pool.places is not None:
        yield words.say("report_draw_places"), str(pool.places)
    if pool.money is not None:
        yield words.say("report_draw_money"), f"{pool.money:,f}"
    yield words.say("report_draw_sources"), "; ".join(map(words.text, pool.sources)) or "–"
    yield words.say("report_draw_hash"), pool.digest
    if draw.seed is not None:
        yield words.say("report_draw_numbers"), draw.seed
        yield words.say("report_draw_key"), normal_form(draw.seed)
    if draw.gone:
        yield words.say("report_draw_gone"), ", ".join(sorted(draw.gone))


def _listed(pool: Pool, words: Words) -> tuple[list[str], list[list[str]]]:
    columns = ["draw_place", "bid", *(["amount"] if pool.amounts is not None else [])]
    rows = [
        [str(place), name, *([f"{pool.amounts[name]:,f}"] if pool.amounts is not None else [])]
        for place, name in enumerate(pool.names, start=1)
    ]
    return [words.say(f"report_{column}") for column in columns], rows


def _steps(draw: Draw, words: Words) -> tuple[list[str], list[list[str]]]:
    columns = ("draw_turn", "draw_digest", "draw_left", "draw_position", "bid", "outcome")
    rows = [
        [
            str(place), turn.step.digest, str(turn.step.left), str(turn.step.position), turn.step.drawn,
            words.say(f"report_fate_{turn.fate}"),
        ]
        for place, turn in enumerate(draw.turns, start=1)
    ]  # fmt: skip
    return [words.say(f"report_{column}") for column in columns], rows


def _repeat(draw: Draw, file: str, words: Words) -> str:
    """The command that computes it again, or what to do before there are numbers."""
    said = words.say("report_draw_repeat" if draw.seed is not None else "report_draw_next")
    command = f"jiebang draw {file} --list {draw.pool.digest}"
    return f'<p>{escape(said)}</p><pre class="scroll"><code>{escape(command)}</code></pre>'
