"""Plots of scores: intervals of experts' severity and of the ranking. The numbers beneath are those drawn."""

from collections.abc import Sequence
from dataclasses import replace

from jiebang.adapters.charts import DotRow, Line, Show, dot_plot
from jiebang.adapters.drawing import Plot, plain
from jiebang.decisions.scores import Score
from jiebang.engines.calibration.panel import Severity

WIDE = 1.96  # standard deviations to each side of a normal 95 % interval


def severity_plot(
    severities: Sequence[Severity], *, title: str, header: Sequence[str], axis: str = "", show: Show = plain
) -> Plot:
    """Each expert's difference from the others, the most severe first, with 95 % intervals and a line at none.

    header: four words: expert, difference, low, high. `axis` names the line.
    """
    rows = [
        _row(one.expert, one.effect, one.sd) for one in sorted(severities, key=lambda s: (s.effect, s.expert))
    ]
    return interval_plot(title=title, rows=rows, header=header, line_at=Line(0.0, axis), show=show)


def ranking_row(score: Score, *, label: str, chosen: bool) -> DotRow:
    """A bid of a ranking with the 95 % interval of the score that ranks."""
    return replace(_row(label, score.adjusted, score.se), chosen=chosen)


def interval_plot(
    *, title: str, rows: Sequence[DotRow], header: Sequence[str], line_at: Line | None, show: Show = plain
) -> Plot:
    """Rows with a mean and an interval but no points; header: four words."""
    subject, middle, low, high = header
    made = dot_plot(
        title=title, rows=rows, header=(subject, "", middle, low, high), line_at=line_at, show=show
    )
    cells = tuple((row[0], *row[2:]) for row in made.rows)
    return replace(made, header=(subject, middle, low, high), rows=cells)


def _row(label: str, middle: float | None, sd: float | None) -> DotRow:
    low, high = (None, None) if middle is None or sd is None else (middle - WIDE * sd, middle + WIDE * sd)
    return DotRow(label=label, mean=middle, low=low, high=high)
