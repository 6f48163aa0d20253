"""Playing copies: a validated result is proposed to a new owner, adapted, measured, confirmed in its own words."""

from typing import Any

from jiebang.demo.acts import Act
from jiebang.demo.content_models import Event
from jiebang.demo.forms import statement
from jiebang.demo.play_needs import words
from jiebang.demo.stage import Stage, plays
from jiebang.operations.statements import prevailing
from jiebang.records.challenges.models import Challenge
from jiebang.records.replications.models import Adaptation, Replica


@plays(Act.PROPOSE_REPLICATION)
def propose_replication(stage: Stage, event: Event) -> None:
    """Somebody of the origin proposes to carry it to another owner."""
    data = event.data
    parent = {"parent": stage.number(data["parent"])} if "parent" in data else {}
    made = stage.do(
        "propose_replication", by=event.by, project=stage.number(event.subject), owner=data["organisation"],
        carrier=data["carrier"], country=data["country"], site=data["site"], content=_said(data["texts"], lang="en"),
        adaptations=data["adaptations"], lang="en", **parent,
    )  # fmt: skip
    stage.numbers[data["copy"]] = made["replica"]


@plays(Act.AGREE_REPLICATION)
def agree_replication(stage: Stage, event: Event) -> None:
    """The new owner agrees to what stands there."""
    row = _copy(stage, event)
    stage.do("agree_replication", by=event.by, replica=row.number, sha256=row.sha256)


@plays(Act.STATE_ADAPTATION)
def state_adaptation(stage: Stage, event: Event) -> None:
    """What an adaptation took in the end; its words stay."""
    row = Adaptation.objects.get(replica=_copy(stage, event), order=event.data["order"])
    texts = {name: getattr(row, name)["text"] for name in ("origin", "here", "change") if getattr(row, name)}
    given = {name: event.data[name] for name in ("order", "cost", "currency", "days")}
    stage.do(
        "state_adaptation", by=event.by, replica=row.replica.number, dimension=row.dimension, lang="en", **texts, **given
    )  # fmt: skip


@plays(Act.RECORD_REPLICA_VALUE)
def record_replica_value(stage: Stage, event: Event) -> None:
    """Values of some indicators, in their own units."""
    row, data = _copy(stage, event), event.data
    posted = Challenge.objects.get(projects__replicas=row)
    units = {str(item["id"]): prevailing(item["unit"]) for item in posted.content["indicators"]}
    for indicator, value in data["measured"].items():
        stage.do(
            "record_replica_value", by=event.by, replica=row.number, indicator=indicator, value=value,
            unit=units[indicator], measured_on=data["measured_on"], how=words(event, "how"), lang="en",
        )  # fmt: skip


@plays(Act.STATE_BENEFIT)
def state_benefit(stage: Stage, event: Event) -> None:
    """Who gains, and how."""
    named = ("organisation", "amount", "currency", "basis", "as_of")
    given = {name: event.data[name] for name in named if name in event.data}
    group = {"group": words(event, "group")} if "group" in event.data else {}
    number = _copy(stage, event).number
    stage.do(
        "state_benefit", by=event.by, replica=number, how=words(event, "how"), lang="en", **given, **group
    )


@plays(Act.CONFIRM_REPLICATION)
def confirm_replication(stage: Stage, event: Event) -> None:
    """The new owner says in its own language that it is in use."""
    data, organisation = event.data, stage.content.organisations[_copy(stage, event).owner.slug]
    content = {
        **_said(data["texts"], lang=organisation.language), "in_use": data["in_use"], "users": data["users"]
    }  # fmt: skip
    stage.do("confirm_replication", by=event.by, replica=_copy(stage, event).number, content=content)


def _said(texts: dict[str, Any], *, lang: str) -> dict[str, Any]:
    return {name: statement(said, lang=lang) for name, said in texts.items()}


def _copy(stage: Stage, event: Event) -> Replica:
    return Replica.objects.select_related("owner").get(number=stage.number(event.data["copy"]))
