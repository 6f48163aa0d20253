"""What became of a bid, as far as the policy opens it: the decision with its reason, the scores beside each criterion."""

from typing import Any

from django.utils.translation import gettext as _

from jiebang.operations.things import book_of
from jiebang.records.access import Reader
from jiebang.records.awards.queries import amendments_of
from jiebang.records.bids import own
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.office.verdicts import why
from jiebang.web.public import undone
from jiebang.web.public.frame import moment, until
from jiebang.web.public.states import stage_of, stamp
from jiebang.web.site import language_tag, words


def outcome_parts(bid: Any, *, reader: Reader) -> list[c.Part]:
    """The decision sheet and the table of scores; nothing while they are closed to the reader."""
    found = own.decision_of(bid, reader=reader)
    if found is None:
        return []
    book = book_of(bid)
    reasons = [why(found.code, found.params, book)]
    if found.rank:
        reasons.append(
            _("Rank %(rank)s with %(score)s points.") % {"rank": found.rank, "score": _figure(found.score)}
        )
    sheet = c.DecisionSheet(
        title=_("Outcome of bid %(number)s") % {"number": bid.number}, stamp=stamp(book, "bid", bid.stage),
            number=bid.challenge.number,
        decided=moment(found.published_at, book=book), reasons=reasons, rule="", remedy=_remedy(bid, book, reader),
    )  # fmt: skip
    changed = undone.changes(amendments_of([bid.challenge_id]), book, bid=bid.number)
    return [sheet, *filter(None, (changed, _scores(own.scores_of(bid, reader=reader), book)))]


def may_object(bid: Any, *, reader: Reader) -> bool:
    """Whether the publicity period of the bid's challenge runs."""
    stage = stage_of(book_of(bid), "challenge", bid.challenge.stage)
    ends = bid.challenge.publicity_until
    return bool(stage and "takes_objections" in stage.flags and (ends is None or reader.at < ends))


def _remedy(bid: Any, book: Rulebook, reader: Reader) -> str:
    if not may_object(bid, reader=reader):
        return ""
    ends = bid.challenge.publicity_until
    when = until(ends, book=book) if ends else ""
    return _("You may object in writing until %(when)s, on the page of the challenge.") % {"when": when}


def _scores(given: dict[str, list[tuple[Any, Any]]], book: Rulebook) -> c.DataTable | None:
    if not given:
        return None
    columns = [
        c.Column(label=_("Criterion")), c.Column(label=_("Scores"), number=True), c.Column(label=_("Mean"), number=True),
        c.Column(label=_("What the experts wrote")),
    ]  # fmt: skip
    rows = []
    for key, criterion in book.criteria.items():
        marks = given.get(key, [])
        values = [value for value, _comment in marks]
        comments = [str(comment) for _value, comment in marks if comment]
        mean = sum(values) / len(values) if values else None
        shown = "  ".join(_figure(value) for value in values)
        rows.append(
            [
                c.Cell(words(criterion.label)),
                c.Cell(shown),
                c.Cell(_figure(mean)),
                c.Cell(" · ".join(comments)),
            ]
        )
    return c.DataTable(
        columns=columns, rows=rows, caption=_("Scores, without the names of those who gave them")
    )


def _figure(value: Any) -> str:
    return "" if value is None else formats.number(round(float(value), 2), lang=language_tag())
