"""The words of a message: made from its code when it is written, made again where its reader reads another language."""

from collections.abc import Mapping

from jiebang.records.outbox.models import Message
from jiebang.rules.reasons import Param, Reason, catalogue, render

LONGEST_SUBJECT = 250


def worded(code: str, params: Mapping[str, Param], *, lang: str) -> tuple[str, str]:
    """Subject (one line) and body: `<code>.subject` and `<code>.body` of the catalogue.

    Raises KeyError for a code that has no words.
    """
    subject = " ".join(_said(f"{code}.subject", params, lang).split())
    return subject[:LONGEST_SUBJECT], _said(f"{code}.body", params, lang)


def shown(message: Message, /, *, lang: str) -> tuple[str, str]:
    """Subject and body for a page in `lang`. What was erased, or has no words any more, stays as it was written."""
    kept = message.subject, message.body
    if not message.subject or message.language.lower() == lang.lower():
        return kept
    try:
        return worded(message.code, message.params, lang=lang)
    except KeyError:
        return kept


def _said(code: str, params: Mapping[str, Param], lang: str) -> str:
    if code not in catalogue():
        raise KeyError(f"the catalogue has no words for {code}")
    return render(Reason(code, params), lang=lang)
