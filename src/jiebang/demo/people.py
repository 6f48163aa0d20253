"""Before the call: the office, the organisations, the people, what each may do, and what each proves."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from jiebang.demo.content_models import Engagement, Organisation, Person
from jiebang.demo.stage import Stage
from jiebang.operations.founding import found_instance
from jiebang.records.people.queries import person_by_email

ZONE = ZoneInfo("Asia/Shanghai")
FOUNDED = datetime(2026, 4, 9, 9, 0, tzinfo=ZONE)
OFFICE, ADMIN = "of-programme", "admin"
SCOPES = {"of-commerce": "commerce", "of-external": "external_affairs"}
ROLES = {"lead_researcher": "lead"}  # appointed in the award; may act for the lead until then
REASON = "Read and compared with the registry and the site's own papers."


def settle(stage: Stage) -> None:
    """Found the instance, register everybody and appoint them."""
    office, admin = stage.content.organisations[OFFICE], stage.content.people[ADMIN]
    name, latin = names_of(admin)
    stage.people[ADMIN] = found_instance(
        now=FOUNDED, office=office.names, slug=OFFICE, country=office.country, region=office.region, kind=office.type,
        email=admin.email, name=latin or name, language=language_of(admin), demo=True, fictional=True,
    )  # fmt: skip
    stage.at = FOUNDED
    for organisation in stage.content.organisations.values():
        if organisation.id != OFFICE:
            _register(stage, organisation)
    theirs = [item for item in stage.content.people.values() if item.id != ADMIN]
    for person in sorted(theirs, key=lambda item: item.engagements[0].organisation != OFFICE):
        _enrol(stage, person)


def prove(stage: Stage, *, at: datetime) -> None:
    """Give the proofs that are there from the start, and have them looked at."""
    stage.at = at
    given = [
        stage.do(
            "give_evidence", by=who, organisation=organisation.id, kind=item.kind, text=item.text,
            lang=item.language, issued_on=item.issued_on,
        )["evidence"]
        for organisation, who in _acting(stage)
        for item in organisation.evidence
    ]  # fmt: skip
    stage.at = at + timedelta(days=1)
    for evidence in given:
        stage.do("judge_evidence", by="officer", evidence=evidence, valid=True, remark=REASON)


def names_of(person: Person) -> tuple[str, str]:
    """A person's name in the own script and in Latin letters."""
    own = next((text for tag, text in person.names.items() if tag != "Latn"), "")
    return own, person.names.get("Latn", "")


def language_of(person: Person) -> str:
    """The language that a person is written to: one of the pages' own."""
    return "zh-hans" if person.languages[0] == "zh-Hans" else "en"


def _register(stage: Stage, organisation: Organisation) -> None:
    shown = organisation.registration_shown == "at_start"
    stage.do(
        "register_organisation", by=ADMIN, names=organisation.names, type=organisation.type,
        country=organisation.country, slug=organisation.id, region=organisation.region,
        registered_on=organisation.registered_on if shown else None,
        registry_number=organisation.registry_number, legal_status=organisation.legal_status or "",
        timezone=organisation.timezone, fictional=True, act_for=False,
        facts={"capabilities": list(organisation.capabilities)} if organisation.capabilities else {},
    )  # fmt: skip


def _enrol(stage: Stage, person: Person) -> None:
    name, latin = names_of(person)
    zone = stage.content.organisations[person.engagements[0].organisation].timezone
    expert = {}
    if person.expert:
        expert = {
            "expertise": list(person.expert.expertise), "sectors": list(person.expert.sectors),
            "languages": list(person.languages),
            "max_load": person.expert.max_load,
        }  # fmt: skip
    stage.do(
        "enrol_person", by=ADMIN, email=person.email, name=name or latin, name_latin=latin, timezone=zone,
        language=language_of(person), **expert,
    )  # fmt: skip
    found = person_by_email(person.email)
    assert found is not None
    stage.people[person.id] = found
    done = set()
    for item in person.engagements:
        role = ROLES.get(item.role, item.role)
        if (role, item.organisation) not in done:
            done.add((role, item.organisation))
            _appoint(stage, person, item, role)


def _appoint(stage: Stage, person: Person, item: Engagement, role: str) -> None:
    scope = SCOPES.get(item.organisation, "")
    if role == "country_desk":
        scope = stage.content.organisations[item.organisation].country
    asked = {"person": person.email, "organisation": item.organisation, "role": role, "scope": scope}
    if stage.do("appoint", by=ADMIN, **asked)["waits"]:
        stage.do("appoint", by="officer", **asked)


def _acting(stage: Stage) -> Iterator[tuple[Organisation, str]]:
    for organisation in stage.content.organisations.values():
        for person in stage.content.people.values():
            roles = {item.role for item in person.engagements if item.organisation == organisation.id}
            if roles & {"owner", "lead", "partner"}:
                yield organisation, person.id
                break
