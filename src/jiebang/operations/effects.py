"""What a command brings about beside the new stage. Keyed by command, never by stage: stages are the rulebook's."""

from collections.abc import Callable, Mapping
from typing import Any

from jiebang.decisions.lifecycle import Step
from jiebang.operations import (
    effects_bids,
    effects_challenges,
    effects_needs,
    effects_projects,
    effects_results,
    effects_revocations,
)
from jiebang.operations.appointing import Follow
from jiebang.operations.kernel import Act
from jiebang.operations.things import Thing, kind_of

Answer = dict[str, Any]
Before = Callable[..., None]
After = Callable[..., Mapping[str, Any] | None]

BEFORE: Mapping[tuple[str, str], Before] = {
    **effects_needs.BEFORE, **effects_challenges.BEFORE, **effects_bids.BEFORE, **effects_results.BEFORE,
    **effects_revocations.BEFORE,
}  # fmt: skip
AFTER: Mapping[tuple[str, str], After] = {
    **effects_needs.AFTER, **effects_challenges.AFTER, **effects_bids.AFTER, **effects_projects.AFTER,
    **effects_results.AFTER, **effects_revocations.AFTER,
}  # fmt: skip
# What a four-eyes command checks of its parameters when it is proposed, so that the second officer sees no nonsense.
REHEARSE: Mapping[tuple[str, str], After] = {
    **effects_needs.REHEARSE, **effects_challenges.REHEARSE, **effects_results.REHEARSE,
}  # fmt: skip


def before(act: Act, thing: Thing, command: str) -> None:
    """Bring up to date what the guard of a command reads."""
    if prepare := BEFORE.get((kind_of(thing), command)):
        prepare(act, thing)


def rehearse(act: Act, thing: Thing, command: str, *, params: Mapping[str, Any]) -> None:
    """Stop a proposal whose parameters could not be carried out."""
    if check := REHEARSE.get((kind_of(thing), command)):
        check(act, thing, params=params)


def after(
    act: Act, thing: Thing, step: Step, *, why: str, params: Mapping[str, Any], follow: Follow
) -> Answer:
    """Carry out a command on a thing that has just entered its new stage (not yet saved).

    `follow` makes the moves of other things that the command brings about.
    """
    answer: Answer = {}
    if effect := AFTER.get((kind_of(thing), step.command)):
        answer = dict(effect(act, thing, step=step, why=why, params=params, follow=follow) or {})
    if kind_of(thing) == "project":
        effects_projects.everywhere(act, thing, step)  # type: ignore[arg-type]
    return answer
