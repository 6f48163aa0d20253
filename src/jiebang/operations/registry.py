"""All operations by name: importing this module registers every one of them."""

from jiebang.operations import (  # noqa: F401 - imported to register
    bids,
    calls,
    capabilities,
    disputing,
    draws,
    engagements,
    erasing,
    experts,
    files,
    funding,
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
    payments,
    people,
    projects,
    questions,
    rates,
    reviews,
    slates,
    testing,
    tokens,
)
from jiebang.operations.kernel import OPERATIONS, Done, Operation, Outcome, Refused, perform

__all__ = ["OPERATIONS", "Done", "Operation", "Outcome", "Refused", "perform"]
