"""Playing money of several sources, rates, a subsidy, and a measured value that is disputed and measured anew."""

from jiebang.adapters import files
from jiebang.demo.acts import Act
from jiebang.demo.content_models import Event
from jiebang.demo.play_needs import words
from jiebang.demo.play_projects import paid
from jiebang.demo.stage import Stage, Stuck, plays
from jiebang.operations.files import uploaded
from jiebang.records.ledger.models import Fund
from jiebang.records.projects.models import Measurement


@plays(Act.ENTER_RATES)
def enter_rates(stage: Stage, event: Event) -> None:
    """An officer enters rates of a day."""
    stage.do("put_rates", by=event.by, rates=event.data["rates"])


@plays(Act.STATE_FUND)
def state_fund(stage: Stage, event: Event) -> None:
    """The lead or a partner says what it brings."""
    stage.do("state_fund", by=event.by, project=stage.number(event.subject), **event.data)


@plays(Act.SPEND_FUND)
def spend_fund(stage: Stage, event: Event) -> None:
    """What was spent of it."""
    number, data = stage.number(event.subject), dict(event.data)
    fund = Fund.objects.get(project__number=number, source=data.pop("source"))
    stage.do("spend_fund", by=event.by, project=number, fund=fund.pk, spent_on=event.at.date(), **data)


@plays(Act.CLAIM_SUBSIDY)
def claim_subsidy(stage: Stage, event: Event) -> None:
    """An officer reckons a subsidy; what it comes to is as the course tells."""
    data = dict(event.data)
    expected = data.pop("expected")
    made = stage.do("claim_subsidy", by=event.by, project=stage.number(event.subject), **data)
    if made["amount"] != expected:
        raise Stuck(f"{event.subject}: {made['amount']} by rule, {expected} by the course")
    stage.rows["subsidy", event.subject] = made["instalment"]


@plays(Act.PAY_SUBSIDY)
def pay_subsidy(stage: Stage, event: Event) -> None:
    """It is paid like an instalment."""
    paid(stage, event, stage.number(event.subject), stage.rows["subsidy", event.subject])


@plays(Act.MEASURE)
def measure(stage: Stage, event: Event) -> None:
    """Somebody measures one indicator."""
    stage.do(
        "measure", by=event.by, project=stage.number(event.subject), **_said(event), occasion="acceptance"
    )


@plays(Act.NAME_TESTER)
def name_tester(stage: Stage, event: Event) -> None:
    """The office names who measures independently."""
    organisation, why = event.data["organisation"], words(event, "why")
    stage.do(
        "name_tester", by=event.by, project=stage.number(event.subject), organisation=organisation, why=why
    )


@plays(Act.DISPUTE_VALUE)
def dispute_value(stage: Stage, event: Event) -> None:
    """The last value of an indicator that others measured is disputed."""
    number = stage.number(event.subject)
    rows = Measurement.objects.filter(
        project__number=number, indicator=event.data["indicator"], reported=False
    )
    value = rows.latest("at", "pk")
    made = stage.do(
        "dispute_value", by=event.by, project=number, measurement=value.pk, why=words(event, "why")
    )
    stage.rows["dispute", event.subject] = made["dispute"]


@plays(Act.MEASURE_ANEW)
def measure_anew(stage: Stage, event: Event) -> None:
    """The tester measures anew, with its report as evidence."""
    data, report = event.data, str(event.data["report"])
    kept = files.keep([report.encode()], name=data["file"])
    if isinstance(kept, tuple):
        raise Stuck(f"{event.subject}: {kept[0]}")
    upload = uploaded(name=data["file"], sha256=kept.sha256, size=kept.size, media_type=kept.media_type)
    stage.do("store_file", by=event.by, organisation=data["organisation"], upload=upload)
    shown = {
        "sha256": kept.sha256,
        **{name: data[name] for name in ("made_by", "made_at", "made_on", "method")},
    }
    stage.do(
        "measure", by=event.by, project=stage.number(event.subject), **_said(event), evidence=[shown],
        dispute=stage.rows["dispute", event.subject],
    )  # fmt: skip


@plays(Act.DECIDE_DISPUTE)
def decide_dispute(stage: Stage, event: Event) -> None:
    """An officer who measured neither value decides."""
    number, order = stage.number(event.subject), stage.rows["dispute", event.subject]
    stands = event.data["stands"]
    stage.do(
        "decide_dispute", by=event.by, project=number, dispute=order, stands=stands, text=words(event, "text")
    )


def _said(event: Event) -> dict[str, str]:
    note = words(event, "note") or ""
    return {"indicator": event.data["indicator"], "value": str(event.data["value"]), "note": note}
