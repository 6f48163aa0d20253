"""All operations by name: importing this module registers every one of them."""

from jiebang.operations import (  # noqa: F401 - imported to register
    bids,
    call_awards,
    calls,
    capabilities,
    draws,
    engagements,
    erasing,
    experts,
    files,
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
    slates,
    tokens,
)
from jiebang.operations.kernel import OPERATIONS, Done, Operation, Outcome, Refused, perform

__all__ = ["OPERATIONS", "Done", "Operation", "Outcome", "Refused", "perform"]
