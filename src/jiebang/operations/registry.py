"""All operations by name: importing this module registers every one of them."""

from jiebang.operations import (  # noqa: F401 - imported to register
    agreements,
    aligning,
    bids,
    calls,
    capabilities,
    draws,
    engagements,
    erasing,
    experts,
    files,
    gates,
    imports,
    invitations,
    measuring,
    moves,
    needs,
    objections,
    opinions,
    organisations,
    owner_views,
    panels,
    passwords,
    people,
    projects,
    questions,
    reviews,
    scans,
    slates,
    tokens,
)
from jiebang.operations.kernel import OPERATIONS, Done, Operation, Outcome, Refused, perform

__all__ = ["OPERATIONS", "Done", "Operation", "Outcome", "Refused", "perform"]
