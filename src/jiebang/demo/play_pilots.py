"""Playing pilots: protocols, incidents, packages that a site signs, handovers, reports of users, costs."""

from hashlib import sha256
from typing import Any

from jiebang.adapters import files
from jiebang.demo.acts import Act
from jiebang.demo.content_models import Event
from jiebang.demo.forms import statement
from jiebang.demo.play_needs import words
from jiebang.demo.stage import Stage, Stuck, plays
from jiebang.operations.files import uploaded
from jiebang.records.pilots.models import Protocol, ResultPackage
from jiebang.records.projects.models import Project
from jiebang.trust import package_zip, packages, signing
from jiebang.trust.packages import Manifest, Value


@plays(Act.PROPOSE_PROTOCOL)
def propose_protocol(stage: Stage, event: Event) -> None:
    """One side proposes; the targets are what the notice asked for."""
    need = stage.content.needs[stage.content.projects[event.subject].challenge]
    given = {key: value for key, value in event.data.items() if key != "texts"}
    said = {key: statement(texts, lang=need.language) for key, texts in event.data["texts"].items()}
    targets = {item.id: item.threshold for item in need.indicators}
    content = {**said, **given, "targets": targets}
    stage.do("propose_protocol", by=event.by, project=stage.number(event.subject), content=content)


@plays(Act.AGREE_PROTOCOL)
def agree_protocol(stage: Stage, event: Event) -> None:
    """The other side agrees to the last version."""
    number = stage.number(event.subject)
    last = Protocol.objects.filter(project__number=number).order_by("version").last()
    if last is None:
        raise Stuck(f"{event.subject}: nothing was proposed")
    stage.do("agree_protocol", by=event.by, project=number, version=last.version, sha256=last.sha256)


@plays(Act.REGISTER_SITE_KEY)
def register_site_key(stage: Stage, event: Event) -> None:
    """The owner registers the key of its site."""
    public = signing.public_key(_key(event.subject))
    given = {"site_key": public, "label": event.data["label"]}
    stage.do("register_site_key", by=event.by, project=stage.number(event.subject), **given)


@plays(Act.BRING_PACKAGE)
def bring_package(stage: Stage, event: Event) -> None:
    """What the site measured since the last package, signed there; `kept`: its files come as well."""
    number, made = stage.number(event.subject), _package(stage, event)
    told: dict[str, Any] = {
        "manifest": made[packages.MANIFEST].decode(), "signature": made[packages.SIGNATURE].decode(),
    }  # fmt: skip
    if event.data.get("kept"):
        told["archive"] = _stored(stage, event, package_zip.pack(made))
    stage.do("import_package", by=event.by, project=number, **told)


@plays(Act.REPORT_INCIDENT)
def report_incident(stage: Stage, event: Event) -> None:
    """Something went wrong."""
    given = {
        "severity": event.data["severity"],
        "happened": event.data["happened"],
        "what": words(event, "text"),
    }
    stage.do("report_incident", by=event.by, project=stage.number(event.subject), **given)


@plays(Act.TREAT_INCIDENT)
def treat_incident(stage: Stage, event: Event) -> None:
    """What was done about it."""
    given = {"incident": event.data["incident"], "done": words(event, "text")}
    stage.do("treat_incident", by=event.by, project=stage.number(event.subject), **given)


@plays(Act.CLOSE_INCIDENT)
def close_incident(stage: Stage, event: Event) -> None:
    """The owner closes it."""
    stage.do(
        "close_incident", by=event.by, project=stage.number(event.subject), incident=event.data["incident"]
    )


@plays(Act.BEGIN_HANDOVER, Act.RECORD_USE_COST)
def as_told(stage: Stage, event: Event) -> None:
    """An act whose parameters stand in the course as they are."""
    stage.do(event.act.value, by=event.by, project=stage.number(event.subject), **event.data)


@plays(Act.END_HANDOVER)
def end_handover(stage: Stage, event: Event) -> None:
    """How the time without the lead went."""
    given = {key: value for key, value in event.data.items() if key != "text"}
    stage.do(
        "end_handover", by=event.by, project=stage.number(event.subject), **given, result=words(event, "text")
    )


@plays(Act.ADD_USER_REPORT)
def add_user_report(stage: Stage, event: Event) -> None:
    """What a user wrote, in their own language."""
    lang, text = next(iter(event.data["text"].items()))
    given = {**event.data, "text": text, "lang": lang}
    stage.do("add_user_report", by=event.by, project=stage.number(event.subject), **given)


def _key(project: str) -> bytes:
    """The sample site's key: everybody can compute it, so it proves nothing outside the sample."""
    return signing.new_key(sha256(f"sample site of {project}".encode()).digest())


def _package(stage: Stage, event: Event) -> dict[str, bytes]:
    data, number = event.data, stage.number(event.subject)
    need = stage.content.needs[stage.content.projects[event.subject].challenge]
    units = {item.id: item.unit for item in need.indicators}
    values = tuple(Value(key, str(value), units[key]) for key, value in data["measured"].items())
    project = Project.objects.get(number=number)
    last = ResultPackage.objects.filter(project=project).order_by("number").last()
    agreed = Protocol.objects.filter(project=project, agreed_at__isnull=False).order_by("version").last()
    manifest = Manifest(
        project=number, protocol=agreed.sha256 if agreed else "", number=last.number + 1 if last else 1,
        previous=last.sha256 if last else None, began=data["began"], ended=data["ended"], place=data["place"],
        side="owner", measurer=data["measurer"], values=values,
    )  # fmt: skip
    rows = ["indicator,value,unit", *(f"{item.indicator},{item.value},{item.unit}" for item in values), ""]
    return packages.make(
        manifest, {"measured.csv": "\n".join(rows).encode()}, private_key=_key(event.subject)
    )


def _stored(stage: Stage, event: Event, archive: bytes) -> str:
    name = f"{event.subject}.zip"
    kept = files.keep([archive], name=name)
    if isinstance(kept, tuple):
        raise Stuck(f"{event.subject}: {kept[0]}")
    owner = stage.content.needs[stage.content.projects[event.subject].challenge].owners[0]
    sent = uploaded(name=name, sha256=kept.sha256, size=kept.size, media_type=kept.media_type)
    stage.do("store_file", by=event.by, organisation=owner, upload=sent)
    return kept.sha256
