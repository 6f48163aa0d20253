"""Playing laboratories and training: planned, attained in periods, confirmed or refused by the owner."""

from jiebang.adapters import files
from jiebang.demo.acts import Act
from jiebang.demo.content_models import Event
from jiebang.demo.play_needs import words
from jiebang.demo.stage import Stage, Stuck, plays
from jiebang.operations.files import uploaded
from jiebang.records.deliverables.models import Attainment, Deliverable


@plays(Act.PLAN_DELIVERABLE)
def plan_deliverable(stage: Stage, event: Event) -> None:
    """One is planned; its country is the host's."""
    given = {key: value for key, value in event.data.items() if key not in ("id", "text")}
    made = stage.do(
        event.act.value, by=event.by, project=stage.number(event.subject), name=words(event, "text"), **given
    )
    stage.rows["deliverable", event.data["id"]] = made["deliverable"]


@plays(Act.RECORD_ATTAINMENT)
def record_attainment(stage: Stage, event: Event) -> None:
    """The values of a period; `file`: a list of the certificates comes along."""
    given = {key: value for key, value in event.data.items() if key not in ("id", "file")}
    if name := event.data.get("file"):
        given["sha256"] = _list(stage, event, name)
    stage.do(
        event.act.value, by=event.by, project=stage.number(event.subject),
        deliverable=stage.rows["deliverable", event.data["id"]], **given,
    )  # fmt: skip


@plays(Act.CONFIRM_ATTAINMENT)
def confirm_attainment(stage: Stage, event: Event) -> None:
    """The owner answers all that waits, or the named measures of it."""
    key = stage.rows["deliverable", event.data["id"]]
    waiting = Attainment.objects.filter(deliverable=key, state=Attainment.State.WAITING)
    if measures := event.data.get("measures"):
        waiting = waiting.filter(measure__in=measures)
    why = words(event, "text") if "text" in event.data else ""
    stage.do(
        event.act.value, by=event.by, project=stage.number(event.subject), deliverable=key,
        attainments=list(waiting.values_list("pk", flat=True)), agree=event.data["agree"], why=why,
    )  # fmt: skip


def _list(stage: Stage, event: Event, name: str) -> str:
    """The certificates by number, stored for the recording lead."""
    count = int(event.data["values"]["certificates"])
    rows = ["number,issued_on", *(f"{place:03d},{event.data['last']}" for place in range(1, count + 1)), ""]
    kept = files.keep(["\n".join(rows).encode()], name=name)
    if isinstance(kept, tuple):
        raise Stuck(f"{event.subject}: {kept[0]}")
    key = stage.rows["deliverable", event.data["id"]]
    lead = Deliverable.objects.get(pk=key).project.bid.consortium.lead
    sent = uploaded(name=name, sha256=kept.sha256, size=kept.size, media_type=kept.media_type)
    stage.do("store_file", by=event.by, organisation=lead.slug, upload=sent)
    return kept.sha256
