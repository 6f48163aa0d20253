"""The result of a round as files: CSV tables, the report and the journal. The same result gives the same bytes.

Cells are written so that a spreadsheet takes none for a formula: free text that begins with = + - @, a tab or a
return gets an apostrophe before it (OWASP, CSV injection). Ids and numbers are written unchanged.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from jiebang.adapters.draw_files import draw_file, file_name
from jiebang.adapters.round_report import report
from jiebang.adapters.round_words import Words
from jiebang.decisions.bundle import Bundle
from jiebang.decisions.cells import harmless
from jiebang.decisions.rests import Rests, rests
from jiebang.decisions.round import Event, RoundResult
from jiebang.decisions.sensitivity import Change
from jiebang.decisions.verdicts import Verdict
from jiebang.rules.schema import Rulebook
from jiebang.trust.chain import GENESIS, Entry, entry_bytes, entry_leaf

_safe = partial(harmless, typed=False)  # free text that no spreadsheet takes for a formula
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def round_files(rulebook: Rulebook, bundle: Bundle, result: RoundResult, *, lang: str) -> dict[str, bytes]:
    """Every file of a round's result by its path below the output folder, reasons worded in `lang`."""
    words, found = Words(rulebook, result, lang), rests(rulebook, bundle, result)
    tables = {
        "verdicts.csv": _table(
            ("subject", "rule", "verdict", "reason", "evidence", "about", "code"),
            (_verdict(words, item) for item in result.verdicts),
        ),
        "scores.csv": _table(("bid", "criterion", "mean", "adjusted", "sd", "n", "se"), _scores(result)),
        "ranking.csv": _table(
            ("challenge", "rank", "bid", "score", "tie", "plain_rank", "expected_rank"), _places(result)
        ),
        "decisions.csv": _table(
            ("challenge", "bid", "outcome", "reason", "rule", "code"),
            (
                (
                    d.challenge,
                    d.bid,
                    d.outcome.value,
                    _safe(words.decision(d)),
                    d.rule,
                    d.reason.code,
                )
                for d in result.decisions
            ),
        ),
    }
    tables["sensitivity.csv"] = _table(
        ("without", "challenge", "bid", "outcome", "would_be"), _changes(found)
    )
    tables["weights.csv"] = _table(
        ("criterion", "factor", "challenge", "bid", "outcome", "would_be"), _turns(found)
    )
    page = report(rulebook, bundle, result, words=words, rests=found)
    draws = {file_name(draw, place): draw_file(draw) for place, draw in enumerate(result.draws, start=1)}
    return {**tables, **draws, "report.html": page.encode(), "log/journal.jsonl": journal(result)}


def write_files(files: Mapping[str, bytes], *, folder: Path) -> None:
    """Write each file below `folder`, each whole or not at all."""
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(target.name + ".part")
        partial.write_bytes(data)
        partial.replace(target)


def journal(result: RoundResult) -> bytes:
    """The round's events as a chained journal, all at the time the round counts as its now."""
    lines: list[bytes] = []
    previous = GENESIS
    at = (result.as_of or _EPOCH).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    for seq, event in enumerate(result.events, start=1):
        entry = _entry(event, seq=seq, at=at, rulebook=result.rulebook, previous=previous)
        lines.append(entry_bytes(entry) + b"\n")
        previous = entry_leaf(entry)
    return b"".join(lines)


def _entry(event: Event, *, seq: int, at: str, rulebook: str, previous: str) -> Entry:
    body = dict(event.body)
    return Entry(
        seq=seq, at=at, event=event.event, actor="round", subject=event.subject, rulebook=rulebook,
        body=body, previous=previous,  # type: ignore[arg-type]  # canonical_bytes refuses what is not JSON
    )  # fmt: skip


def _verdict(say: Words, item: Verdict) -> tuple[str, ...]:
    words = _safe(say.verdict(item))
    evidence = _safe(";".join(item.evidence))
    return (item.subject, item.rule, item.outcome.value, words, evidence, item.about, item.reason.code)


def _scores(result: RoundResult) -> Iterable[tuple[object, ...]]:
    for item in result.scores:
        numbers = map(_number, (item.mean, item.adjusted, item.sd))
        yield item.bid, item.criterion, *numbers, item.n, _number(item.se)


def _places(result: RoundResult) -> Iterable[tuple[object, ...]]:
    for row in result.ranking:
        beside = "" if row.plain_rank is None else row.plain_rank, _number(row.expected_rank)
        yield row.challenge, row.rank, row.bid, repr(row.score), row.tie, *beside


def _changes(found: Rests) -> Iterable[tuple[str, ...]]:
    """Outcomes that would be others: by plain means (`without` blank), and without each expert."""
    for without, changes in (("", found.experts.plain), *found.experts.without.items()):
        for item in changes:
            yield without, *_change(item)


def _turns(found: Rests) -> Iterable[tuple[str, ...]]:
    """Outcomes that would be others where a weight first changes any, below it and above it."""
    for one in found.weights.varied:
        for turn in (*one.below.values(), *one.above.values()):
            for item in turn.changes:
                yield one.criterion, str(turn.factor), *_change(item)


def _change(item: Change) -> tuple[str, ...]:
    was, would = (one.value if one else "" for one in (item.outcome, item.would_be))
    return item.challenge, item.bid, was, would


def _number(value: float | None) -> str:
    """A double as it reads back exactly; unknown is blank."""
    return "" if value is None else repr(value)


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
