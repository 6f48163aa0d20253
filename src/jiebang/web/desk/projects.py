"""What every item on a project says of it."""

from typing import Any

from jiebang.web.public.states import stage_stamp
from jiebang.web.site import language_tag, words

MOST = 100  # of each kind


def about(row: Any) -> dict[str, Any]:
    """What every item on a project says of it."""
    call = row.challenge.call
    return {
        "about": f"{row.number} · {words(row.challenge.title)}", "due": row.due_at, "call": call,
            "country": row.challenge.country,
        "provisional": row.due_provisional, "stamp": stage_stamp(call.rulebook_id, "project", row.stage, language_tag()),
    }  # fmt: skip
