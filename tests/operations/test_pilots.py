"""The pilot: nothing before the protocol, nothing by the wrong side, nothing unseen; and a signature that rests on it."""

from datetime import date, timedelta
from typing import Any

import pytest

import factories as make
from acting import SITE_KEY, Round, protocol_content, refused, run
from jiebang.operations.facts import project_facts
from jiebang.operations.registry import Refused
from jiebang.operations.things import day_of
from jiebang.records.outbox.models import Message
from jiebang.records.pilots.models import Incident, Protocol, ResultPackage, Run
from jiebang.records.projects.models import Measurement, Project
from jiebang.trust import canonical, packages, signing

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def facts(course: Round) -> dict[str, Any]:
    found = project_facts(Project.objects.get(number=course.project), now=course.at)
    names = ("protocol_agreed", "pilot_missing", "failures_open", "failures_beyond", "handover_passed")
    return {name: found[name] for name in names}


def today(course: Round) -> date:
    return day_of(course.at, Project.objects.get(number=course.project))


def a_run(course: Round, **given: Any) -> dict[str, Any]:
    values = [{"indicator": "I1", "value": "2.4", "unit": "%"}]
    fields = {"project": course.project, "began": course.at - DAY, "ended": course.at, "place": "Room 3",
              "measurer": "Sample Clerk", "values": values}  # fmt: skip
    return {**fields, **given}


def test_a_protocol_holds_once_the_other_side_agrees_to_the_text_it_has_read() -> None:
    course = Round().running()
    board, content = course.board, protocol_content()
    proposal = {"project": course.project, "content": content}
    assert refused("propose_protocol", make.person(role="owner"), at=course.at, **proposal) == [
        "access.not_found"
    ]
    assert refused("propose_protocol", board.officer, at=course.at, **proposal) == ["access.role"]
    first = course.do("propose_protocol", board.lead_person, **proposal)
    assert Message.objects.filter(to_user=board.owner_person, code="mail.protocol_proposed").exists()
    answer = {"project": course.project, "version": 1, "sha256": first["sha256"]}
    assert refused("agree_protocol", board.lead_person, at=course.at, **answer) == ["pilot.own_protocol"]
    other = {**answer, "sha256": "a" * 64}
    assert refused("agree_protocol", board.owner_person, at=course.at, **other) == ["pilot.other_text"]
    assert refused("propose_protocol", board.owner_person, at=course.at, **proposal) == [
        "pilot.same_protocol"
    ]
    second = course.do(
        "propose_protocol", board.owner_person, project=course.project, content={**content, "runs": 2}
    )
    assert refused("agree_protocol", board.owner_person, at=course.at, **answer) == ["pilot.not_open"]
    answer = {"project": course.project, "version": 2, "sha256": second["sha256"]}
    course.do("agree_protocol", board.lead_person, **answer)
    assert refused("agree_protocol", board.lead_person, at=course.at, **answer) == ["pilot.not_open"]
    kept = list(Protocol.objects.values_list("version", "side", "agreed_at"))
    assert kept == [(1, "lead", None), (2, "owner", course.at)], "both versions are kept"
    assert facts(course)["protocol_agreed"]


@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        ({"days": 13}, ["pilot.too_little"]), ({"handover_days": 1, "runs": "1.5"}, ["pilot.not_whole", "pilot.too_little"]),
        ({"targets": {"I9": 1}}, ["form.promise_missing", "form.unknown_indicator"]), ({"site": ""}, ["form.required"]),
        ({"measured_by": "office"}, ["form.not_an_option"]),
    ],
)  # fmt: skip
def test_a_protocol_asks_for_no_less_than_the_programme(answers: dict[str, Any], codes: list[str]) -> None:
    course = Round().running()
    given = {"project": course.project, "content": {**protocol_content(), **answers}}
    assert sorted(refused("propose_protocol", course.board.owner_person, at=course.at, **given)) == codes


def test_nothing_runs_before_the_protocol_is_agreed() -> None:
    course = Round().running()
    owner, at = course.board.owner_person, course.at
    happened = {"project": course.project, "severity": "minor", "happened": at, "what": "It stopped."}
    begin = {"project": course.project, "began_on": today(course), "staff": "Two clerks"}
    for name, given in (
        ("record_run", a_run(course)),
        ("report_incident", happened),
        ("begin_handover", begin),
    ):
        assert refused(name, owner, at=at, **given) == ["pilot.not_agreed"], name
    course.agreed()
    assert refused("record_run", owner, at=at, **a_run(course)) == ["pilot.before_protocol"]
    early = {**begin, "began_on": today(course) - DAY}
    assert refused("begin_handover", owner, at=at, **early) == ["pilot.before_protocol"]
    assert refused("begin_handover", owner, at=at, **{**begin, "began_on": today(course) + DAY}) == [
        "pilot.in_future"
    ]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"indicator": "I9", "value": "1", "unit": "%"}, "pilot.unknown_indicator"),
        ({"indicator": "I1", "value": "1"}, "pilot.no_unit"),
        ({"indicator": "I1", "value": "1", "unit": "seconds"}, "pilot.other_unit"),
    ],
)
def test_a_value_has_a_known_indicator_and_its_unit(value: dict[str, str], code: str) -> None:
    course = Round().running().agreed()
    course.at += DAY
    wrong = a_run(course, values=[value])
    assert refused("record_run", course.board.owner_person, at=course.at, **wrong) == [code]
    assert not Run.objects.exists()


def test_who_measures_is_who_the_protocol_names() -> None:
    course = Round().running().agreed()
    board = course.board
    course.at += DAY
    assert refused("record_run", board.lead_person, at=course.at, **a_run(course)) == ["pilot.other_measurer"]
    for_the_owner = a_run(course, side="owner")
    assert refused("record_run", board.lead_person, at=course.at, **for_the_owner) == ["pilot.not_your_side"]
    assert refused("record_run", board.officer, at=course.at, **a_run(course)) == ["pilot.other_measurer"]
    assert course.do("record_run", board.owner_person, **a_run(course))["run"] == 1
    told = Measurement.objects.get(project__number=course.project)
    assert (told.occasion, told.met, told.reported) == ("pilot", True, False)
    later = a_run(course, ended=course.at + DAY)
    assert refused("record_run", board.owner_person, at=course.at, **later) == ["pilot.in_future"]
    turned = a_run(course, began=course.at, ended=course.at - DAY / 2)
    assert refused("record_run", board.owner_person, at=course.at, **turned) == ["pilot.ends_before"]


def test_a_third_partys_values_come_from_the_owner_or_the_office() -> None:
    course = Round().running().agreed(measured_by="third_party")
    course.at += DAY
    assert refused("record_run", course.board.lead_person, at=course.at, **a_run(course, side="third_party"))
    assert course.do("record_run", course.board.officer, **a_run(course))["run"] == 1
    assert course.do("record_run", course.board.owner_person, **a_run(course, side="third_party"))["run"] == 2


def test_a_changed_protocol_may_start_the_count_anew() -> None:
    course = Round().running().agreed()
    course.at += DAY
    course.do("record_run", course.board.owner_person, **a_run(course))
    course.at += 20 * DAY
    assert facts(course)["pilot_missing"] == 2, "days and the package"
    course.agreed(earlier_runs="start_anew")
    assert facts(course)["pilot_missing"] == 4, "runs, days, indicators and the package"
    course.agreed(earlier_runs="count")
    assert facts(course)["pilot_missing"] == 2


def test_a_failure_is_what_the_protocol_counts_as_one_and_the_owner_closes_it() -> None:
    course = Round().running().agreed(failures_allowed=0)
    board, at = course.board, course.at
    said = {"project": course.project, "happened": at, "what": "Two hours without answers."}
    assert refused("report_incident", board.owner_person, at=at, severity="odd", **said) == [
        "pilot.unknown_severity"
    ]
    assert course.do("report_incident", board.lead_person, severity="minor", **said)["failure"] is False
    assert course.do("report_incident", board.owner_person, severity="serious", **said)["failure"] is True
    assert Message.objects.filter(to_user=board.lead_person, code="mail.incident").count() == 1
    assert (facts(course)["failures_open"], facts(course)["failures_beyond"]) == (1, 1)
    second = {"project": course.project, "incident": 2}
    assert refused("close_incident", board.owner_person, at=at, **second) == ["pilot.untreated"]
    course.do("treat_incident", board.lead_person, **second, done="The cable was fixed.")
    assert refused("close_incident", board.lead_person, at=at, **second) == ["access.not_found"]
    course.do("close_incident", board.owner_person, **second)
    again = refused("treat_incident", board.lead_person, at=at, **second, done="More.")
    assert again == ["pilot.incident_closed"]
    assert (facts(course)["failures_open"], facts(course)["failures_beyond"]) == (0, 1)
    course.agreed(failures_allowed=1)
    assert facts(course)["failures_beyond"] == 0
    assert Incident.objects.count() == 2


def test_packages_come_in_order_each_once_from_the_registered_site() -> None:
    course = Round().running().agreed()
    owner, key = course.board.owner_person, signing.public_key(SITE_KEY)
    course.at += DAY
    first = course.package(began=course.at - DAY)

    def no(told: dict[str, str], project: str = "") -> list[str]:
        return refused("import_package", owner, at=course.at, project=project or course.project, **told)

    assert no(first) == ["pilot.key_unknown"]
    register = {"project": course.project, "site_key": key, "label": "Field laptop"}
    assert refused("register_site_key", course.board.lead_person, at=course.at, **register) == ["access.role"]
    assert refused("register_site_key", owner, at=course.at, **{**register, "site_key": "x"}) == [
        "pilot.no_key"
    ]
    course.do("register_site_key", owner, **register)
    assert refused("register_site_key", owner, at=course.at, **register) == ["pilot.key_known"]
    altered = {**first, "manifest": first["manifest"].replace('"2.4"', '"2.3"')}
    assert no(altered) == ["trust.package_signature"]
    assert no({**first, "manifest": "{}"}) == ["trust.package_manifest"]
    assert no(course.package(number=2, previous="a" * 64)) == ["trust.package_order"]
    assert no(course.package(project="P-9")) == ["trust.package_other_project"]
    assert no(course.package(protocol="b" * 64)) == ["pilot.package_other_protocol"]
    assert no(course.package(began=course.at - 9 * DAY)) == ["pilot.before_protocol"]
    assert no(course.package(side="lead")) == ["pilot.other_measurer"]
    assert no({**first, "archive": "c" * 64}) == ["file.not_uploaded"]
    taken = course.do("import_package", owner, project=course.project, **first)
    assert no(first) == ["pilot.package_known"]
    assert no(course.package(number=2, previous="a" * 64)) == ["trust.package_link"]
    second = course.package(number=2, previous=taken["sha256"])
    course.do("revoke_site_key", owner, project=course.project, site_key=key)
    assert no(second) == ["pilot.key_unknown"]
    assert (ResultPackage.objects.count(), Run.objects.get().package_id) == (
        1,
        ResultPackage.objects.get().pk,
    )


def test_whoever_carries_the_stick_may_hand_it_in() -> None:
    course = Round().running().agreed()
    course.do("register_site_key", course.board.owner_person, project=course.project,
              site_key=signing.public_key(SITE_KEY), label="Field laptop")  # fmt: skip
    course.at += DAY
    told = course.package()
    stranger = make.person(role="lead")
    assert refused("import_package", stranger, at=course.at, project=course.project, **told) == [
        "access.not_found"
    ]
    assert course.do("import_package", course.board.officer, project=course.project, **told)["run"] == 1


def test_the_handover_is_passed_only_without_the_lead_and_as_long_as_agreed() -> None:
    course = Round().running().agreed()
    owner, project = course.board.owner_person, {"project": course.project}
    end = {**project, "passed": True, "lead_helped": False, "result": "They run it alone."}
    assert refused("end_handover", owner, at=course.at, ended_on=today(course), **end) == [
        "pilot.no_handover"
    ]
    begin = {**project, "began_on": today(course), "staff": "Two clerks"}
    course.do("begin_handover", owner, **begin)
    assert refused("begin_handover", owner, at=course.at, **begin) == ["pilot.handover_open"]
    course.at += 13 * DAY
    ended = {"ended_on": today(course)}
    assert refused("end_handover", owner, at=course.at, **ended, **end) == ["pilot.handover_short"]
    course.at += DAY
    ended = {"ended_on": today(course)}
    assert refused("end_handover", owner, at=course.at, **ended, **{**end, "lead_helped": True}) == [
        "pilot.lead_helped"
    ]
    broke = {**project, "severity": "critical", "happened": course.at, "what": "It gave wrong names."}
    course.do("report_incident", owner, **broke)
    assert refused("end_handover", owner, at=course.at, **ended, **end) == ["pilot.handover_failures"]
    course.do("end_handover", owner, **ended, **{**end, "passed": False})
    assert facts(course)["handover_passed"] is False
    course.do("treat_incident", owner, **project, incident=1, done="Trained anew.")
    course.do("close_incident", owner, **project, incident=1)
    course.do("begin_handover", owner, **project, began_on=today(course), staff="Two clerks")
    course.at += 14 * DAY
    course.do("end_handover", owner, **{**end, "ended_on": today(course)})
    assert facts(course)["handover_passed"] is True


def test_a_users_report_says_who_wrote_it_and_is_hashed() -> None:
    course = Round().running()
    owner = course.board.owner_person
    given = {"project": course.project, "author": "Sample Reader", "position": "clerk",
             "written_on": today(course), "text": "I read twice as fast."}  # fmt: skip
    made = course.do("add_user_report", owner, **given)
    assert refused("add_user_report", owner, at=course.at, **given) == ["pilot.report_known"]
    assert refused("add_user_report", owner, at=course.at, **{**given, "text": ""}) == ["pilot.report_empty"]
    assert refused("add_user_report", owner, at=course.at, **{**given, "file": "d" * 64}) == [
        "file.not_uploaded"
    ]
    late = {**given, "written_on": today(course) + DAY}
    assert refused("add_user_report", owner, at=course.at, **late) == ["pilot.in_future"]
    row = Project.objects.get(number=course.project).user_reports.get()
    told = {
        "author": row.author,
        "position": row.position,
        "written_on": row.written_on,
        "text": row.text,
        "file": row.file,
    }
    assert canonical.digest(told) == row.sha256 == made["sha256"]
    sent = course.do(
        "store_file", owner, organisation=course.board.owner.party.slug, upload=make.upload("report.pdf")
    )
    course.do("add_user_report", owner, **{**given, "file": sent["sha256"]})


def test_what_it_costs_to_bring_into_use_is_recorded_by_who_pays() -> None:
    course = Round().running()
    cost = {"project": course.project, "what": "Two tablets", "amount": "1200.50", "currency": "CNY",
            "spent_on": today(course)}  # fmt: skip
    course.do("record_use_cost", course.board.owner_person, **cost)
    course.do("record_use_cost", course.board.lead_person, **cost)
    assert refused(
        "record_use_cost", course.board.owner_person, at=course.at, **{**cost, "currency": "VND"}
    ) == ["pilot.whole_currency"]
    for wrong in ({"amount": "0"}, {"currency": "yuan"}, {"amount": "1.234"}):
        assert isinstance(
            run("record_use_cost", course.board.owner_person, at=course.at, **{**cost, **wrong}), Refused
        )
    rows = Project.objects.get(number=course.project).use_costs.values_list("side", flat=True)
    assert sorted(rows) == ["lead", "owner"]


def test_the_owner_signs_only_when_the_protocol_is_fulfilled_and_the_signature_lists_what_it_rests_on() -> (
    None
):
    course = Round().running()
    board = course.board
    for order in (1, 2):
        report = {"done": make.statement("Read.")}
        course.do("report_milestone", board.lead_person, project=course.project, order=order, report=report)
        course.do("accept_milestone", board.owner_person, project=course.project, order=order)
    course.move("project", "ask_acceptance", board.lead_person)
    course.do("measure", board.officer, project=course.project, indicator="I1", value="2.4")
    course.move("project", "accept", board.officer)
    content = {"used_for": make.statement("Reading."), "users": 12, "measured": {"I1": 2.4}, "works": True,
               "statement": make.statement("Nó hoạt động.", lang="vi")}  # fmt: skip
    sign = {
        "kind": "project",
        "number": course.project,
        "command": "validate",
        "params": {"content": content},
    }
    assert refused("move", board.owner_person, at=course.at, **sign) == ["lifecycle.guard_fails"]
    course.piloted()
    broke = {"project": course.project, "severity": "serious", "happened": course.at, "what": "It stopped."}
    course.do("report_incident", board.owner_person, **broke)
    assert refused("move", board.owner_person, at=course.at, **sign) == ["lifecycle.guard_fails"]
    course.do("treat_incident", board.lead_person, project=course.project, incident=1, done="Fixed.")
    course.do("close_incident", board.owner_person, project=course.project, incident=1)
    course.do("move", board.owner_person, **sign)
    signed = Project.objects.get(number=course.project).validation
    package = ResultPackage.objects.get()
    assert signed.grounds["packages"] == [package.sha256] == [packages.digest(package.manifest.encode())]
    assert signed.grounds["protocol"] == course.protocol
    assert signed.sha256 == canonical.digest({"content": content, "grounds": signed.grounds})
    assert refused("record_run", board.owner_person, at=course.at, **a_run(course)) == ["project.not_running"]
