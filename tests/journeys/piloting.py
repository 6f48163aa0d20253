"""A pilot walked in a browser and on the owner's own machine: protocol, package on a stick, handover, follow-up by link."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

from jiebang.cli.app import run
from journeys.person import run_in, window
from journeys.the_round import Answers, Round, fill, form_of

NOW = """
import django
django.setup()
from jiebang.records.programme.queries import now, programme_zone
from zoneinfo import ZoneInfo
print(now().astimezone(ZoneInfo(programme_zone())).isoformat())
"""
LETTER = """
import sys, django
django.setup()
from jiebang.jobs.rounds import one_round
from jiebang.records.outbox.models import Message
one_round()
print(Message.objects.filter(code="mail.follow_up", params__number=sys.argv[1]).latest("pk").params["link"])
"""


def moment(walk: Round) -> datetime:
    """The instance's clock, in its programme's zone."""
    return datetime.fromisoformat(run_in(walk.home, NOW))


def is_agreed(walk: Round, project: str, answers: Answers) -> None:
    """The owner proposes a protocol, the lead reads and agrees."""
    owner = walk.as_("owner").go(f"/projects/{project}/work/").follow("Pilot and validation")
    owner.sees("Owner and lead agree to a protocol first").press("Propose a protocol")
    fill(form_of(owner), answers)
    owner.press("Propose it").sees("Proposed; the other side was told.")
    lead = walk.as_("lead").go(f"/projects/{project}/pilot/").press("Read it and agree")
    lead.press("Agree to this version").sees("Agreed; the pilot can begin.")


def is_measured_at_the_site(walk: Round, project: str, site: Path, *, value: str, days: int) -> None:
    """The site makes its key and a package without the server; one altered byte is found; the stick is handed in."""
    owner = walk.as_("owner").go(f"/projects/{project}/pilot/")
    answer = owner.page.context.request.get(f"{walk.url}/projects/{project}/pilot/protocol/1/protocol.json")
    (site / "protocol.json").write_bytes(answer.body())
    assert run(["package", "key", str(site / "key.pem"), "--json"]) == 0
    public = _public(site)
    owner.press("Register the site's key").fill(
        {"Whose machine": "Laptop of the archive", "Public key": public}
    )
    owner.press("Register the key").sees("The key is registered.")
    began = moment(walk)
    owner.press("Begin the handover").fill({"First day": f"{began:%Y-%m-%d}", "Who runs it": "Two clerks"})
    owner.press("Begin").sees("The handover has begun.")
    walk.later(days=days)
    _packed(site, value, began=began, ended=moment(walk) - timedelta(minutes=1))
    owner.go(f"/projects/{project}/pilot/").press("Take in a package")
    owner.main.locator('input[type="file"]').set_input_files(site / "altered.zip")
    owner.press("Take it in").sees("files/log.csv: bytes 0 to")
    owner.main.locator('input[type="file"]').set_input_files(site / "1.zip")
    owner.press("Take it in").sees("Package 1 is taken in, and its run recorded.")


def is_recorded(walk: Round, project: str, value: str) -> None:
    """A run without a package: the owner writes down what it measured."""
    walk.later(days=2)
    ended = moment(walk) - timedelta(minutes=5)
    owner = walk.as_("owner").go(f"/projects/{project}/pilot/").press("Record a run")
    said = {"began": f"{ended - timedelta(hours=9):%Y-%m-%dT%H:%M}", "ended": f"{ended:%Y-%m-%dT%H:%M}"}
    fill(form_of(owner), {**said, "place": "The north quay", "measurer": "Harbour watch"})
    owner.main.locator('[name^="value_"]').fill(value)
    owner.press("Record the run").sees("The run is recorded.")


def is_handed_over(walk: Round, project: str) -> None:
    """The owner says how its own people got on."""
    owner = walk.as_("owner").go(f"/projects/{project}/pilot/").press("Say how it ended")
    said = {"ended_on": f"{moment(walk):%Y-%m-%d}", "lead_helped": "no", "passed": "yes", "result": "It ran."}
    fill(form_of(owner), said)
    owner.press("Send the answer").sees("the owner can sign the validation")


def is_answered_by_link(walk: Round, project: str) -> None:
    """Somebody opens the letter's link on a telephone, without signing in; the link answers once."""
    address = re.sub(r"^https?://[^/]+", "", run_in(walk.home, LETTER, project))
    with window(walk.browser, walk.url, viewport={"width": 390, "height": 800}) as reader:
        reader.go(address).sees("How it stands after 3 months")
        fill(form_of(reader), {"in_use": "paused", "why": "The room is being painted."})
        reader.press("Send the answer").sees("Thank you.").sees("This has been answered")
        reader.go(address).sees("A link answers once")
    walk.as_("owner").go(f"/projects/{project}/work/").sees("Paused")


def _public(site: Path) -> str:
    from jiebang.trust import signing

    return signing.public_key((site / "key.pem").read_bytes())


def _packed(site: Path, value: str, *, began: datetime, ended: datetime) -> None:
    (site / "log.csv").write_text("page,errors\n12,0\n", encoding="utf-8")
    unit = json.loads((site / "protocol.json").read_text(encoding="utf-8"))["indicators"][0]
    given = ["--protocol", "protocol.json", "--key", "key.pem", "--out", "1.zip"]
    paths = [str(site / item) if "." in item else item for item in given]
    said = ["--value", f"{unit['id']}={value} {unit['unit']}", "--began", began.isoformat(), "--ended", ended.isoformat(),
            "--place", "Reading room", "--measurer", "Clerk of the archive"]  # fmt: skip
    assert run(["package", "make", str(site / "log.csv"), *paths, *said]) == 0
    assert run(["package", "verify", str(site / "1.zip")]) == 0
    altered = (site / "1.zip").read_bytes().replace(b"12,0", b"12,9")
    (site / "altered.zip").write_bytes(altered)
    assert run(["package", "verify", str(site / "altered.zip")]) == 2
