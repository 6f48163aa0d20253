"""A report as PDF."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from jiebang.adapters.papers.pdf import pdf


def report_pdf(document: Mapping[str, Any], *, sha256: str) -> bytes:
    """The paper of a drawn report; its day and the hash of its document stand at the foot of every page."""
    made = datetime.combine(date.fromisoformat(document["on"]), datetime.min.time(), tzinfo=UTC)
    return pdf("report", {**document, "sha256": sha256}, made=made)
