"""The sheet on which an expert scores: one question a criterion, its scale and anchors beside it."""

import unicodedata
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from jiebang.rules.schema import Criterion, Form, Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.public import saying
from jiebang.web.site import language_tag, words


def fields(row: Any, book: Rulebook) -> list[dict[str, Any]]:
    """For each criterion its score and comment, filled with what is saved."""
    given = {score.criterion: score for score in row.scores.all()}
    return [_criterion(key, rule, given.get(key), book) for key, rule in book.criteria.items()]


def rest(row: Any, book: Rulebook) -> list[c.Field]:
    """The expertise stated, where the rulebook asks for it; the word to the bidder and the remark for the office."""
    levels = book.scoring.expertise if book.scoring else {}
    options = [c.Option(value=key, label=words(level.label)) for key, level in levels.items()]
    stated = c.Field(name="confidence", label=_("How well you know the field of this bid"), kind="radios", options=options,
                     optional=True, value=row.confidence)  # fmt: skip
    return [
        *([stated] if options else []),
        c.Field(name="comment", label=_("To the bidder"), kind="textarea", optional=True, value=saying.plainly(row.comment),
                help=_("What is good, what would make it better. Without your name.")),
        c.Field(name="note", label=_("For the office only"), kind="textarea", optional=True, value=row.note),
    ]  # fmt: skip


def names(book: Rulebook) -> dict[str, str]:
    """Where the faults of the operation belong on the sheet."""
    places = {key: f"score-{key}" for key in book.criteria}
    return {**places, **{f"scores.{key}": name for key, name in places.items()}}


def params(row: Any, book: Rulebook, post: QueryDict) -> dict[str, Any]:
    """What was typed, as `save_review` takes it; digits of any script count."""
    keys = list(book.criteria)
    scores = {
        key: unicodedata.normalize("NFKC", post.get(f"score-{key}", "")).strip() or None for key in keys
    }
    return {
        "assignment": row.pk, "scores": scores, "comments": {key: post.get(f"comment-{key}", "").strip() for key in keys},
        "comment": post.get("comment", "").strip(), "note": post.get("note", "").strip(),
        "confidence": post.get("confidence", ""), "lang": language_tag(),
    }  # fmt: skip


def without(form: Form, hidden: Any) -> Form:
    """The bid's form without the questions that experts must not see."""
    steps = {
        key: step.model_copy(
            update={"fields": {name: field for name, field in step.fields.items() if name not in hidden}}
        )
        for key, step in form.steps.items()
    }
    return form.model_copy(update={"steps": steps})


def _criterion(key: str, rule: Criterion, saved: Any, book: Rulebook) -> dict[str, Any]:
    total = sum((item.weight for item in book.criteria.values()), start=type(rule.weight)(0))
    share = formats.percent(rule.weight / total, lang=language_tag()) if total else ""
    scale = _("%(low)s to %(high)s") % {"low": _plain(rule.minimum), "high": _plain(rule.maximum)}
    if rule.lower_is_better:
        scale += " · " + _("lower is better")
    hint = " · ".join(
        part for part in (words(rule.help), scale, _("weight %(share)s") % {"share": share}) if part
    )
    return {
        "key": key,
        "score": c.Field(name=f"score-{key}", label=words(rule.label), kind="number", short=True, help=hint,
                         value="" if saved is None else _plain(saved.value)),
        "comment": c.Field(name=f"comment-{key}", label=_("Why this score"), kind="textarea", optional=True,
                           value=saved.comment if saved else ""),
        "anchors": [(score, words(text)) for score, text in rule.anchors.items()],
    }  # fmt: skip


def _plain(value: Any) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
