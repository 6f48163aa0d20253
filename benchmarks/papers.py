"""How long a paper takes: an agreement, an acceptance report and a case of the size they have, each in one process of its own.

    python benchmarks/papers.py

The first paper of a process, which also loads typst and the fonts, and the median of five that follow; against one second.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path

from _report import Figure, report

SECONDS, RUNS = 1.0, 5
SAID = {
    "en": "The village cooperative uses this reader every day. ",
    "zh-Hans": "使用单位每天使用该系统。",
    "th": "ชาวประมงใช้เครื่องวัดนี้ทุกวัน ",
    "lo": "ຫ້ອງການທີ່ດິນໃຊ້ເຄື່ອງອ່ານນີ້ທຸກມື້ ",
    "km": "ការិយាល័យដីធ្លីប្រើឧបករណ៍នេះរាល់ថ្ងៃ ",
    "my": "ကျေးရွာသမဝါယမသည် ဤစနစ်ကို နေ့တိုင်း အသုံးပြုသည် ",
}
NAME = {"en": "Character error rate", "zh-Hans": "字符错误率"}
PAPERS = ("agreement", "acceptance", "case", "large_case")


def agreement() -> bytes:
    """Five parties, 40 milestones and every article."""
    from jiebang.adapters.papers.agreement import agreement_pdf
    from jiebang.decisions.agreement import Side, Table, Terms, draw

    book = rulebook()
    rows = [[str(place), NAME, "2026-10-01"] for place in range(40)]
    columns = [f"agreement.{name}" for name in ("number", "milestone", "due")]
    roles = ("lead", "partner", "partner", "partner", "owner")
    terms = Terms(
        number="P-2026-001", version=1, challenge=NAME, annexes=[Table(title="agreement.milestones", columns=columns, rows=rows)],
        sides=[Side(slug=str(place), role=role, names=SAID) for place, role in enumerate(roles)],
        modes={"technology_licensing", "collaborative_rd"},
    )  # fmt: skip
    return agreement_pdf(draw(terms, book), sha256="a" * 64, drawn=datetime(2026, 6, 1, tzinfo=UTC))


def acceptance() -> bytes:
    """Ten indicators with three files each, 20 milestones, five disputes."""
    from jiebang.adapters.papers.report import report_pdf
    from jiebang.decisions import accepted
    from jiebang.decisions.accepted import Accepted, Disputed, Judged, Proof, Step
    from jiebang.decisions.agreement import Side

    proof = Proof(name="log.csv", sha256="b" * 64, made_by="The laboratory", made_on="2026-06-01")
    judged = Judged(
        name=NAME, unit={"en": "%"}, wanted="≤ 3", promised="2.5", value="2.4", met=True, kept=True, role="office",
        by="A. Person", on="2026-06-01", method=SAID, proofs=[proof] * 3,
    )  # fmt: skip
    disputed = Disputed(
        order=1, indicator=NAME, unit={"en": "%"}, value="3.1", why=SAID["en"] * 3, anew="2.4", stands="rerun",
        decision=SAID["en"] * 3, by="B. Person", on="2026-06-02",
    )  # fmt: skip
    step = Step(
        order=1, title=NAME, due="2026-06-01", reported="2026-06-01", accepted="2026-06-02", by="A. Person"
    )
    found = Accepted(
        number="P-2026-001", challenge=NAME, on="2026-06-03", by="A. Person", grade=NAME, judged=[judged] * 10,
        sides=[Side(slug="owner", role="owner", names=SAID)], steps=[step] * 20, disputes=[disputed] * 5,
    )  # fmt: skip
    return report_pdf(accepted.report(found, rulebook()), sha256="c" * 64)


def case(*, copies: int = 3, times: int = 3) -> bytes:
    """Each statement a paragraph in six scripts, ten indicators, three copies."""
    from jiebang.adapters.papers.report import report_pdf
    from jiebang.decisions import case
    from jiebang.decisions.case import Beside, Case, Copy, Gain, Place, Shown, Use
    from jiebang.decisions.report import Statement, Version

    place = Place(names=SAID, country={"en": "Lao PDR", "zh-Hans": "老挝"})
    said = Statement(
        label=NAME,
        versions=[Version(lang=lang, text=text * times, by="human") for lang, text in SAID.items()],
    )
    shown = Shown(name=NAME, unit={"en": "%"}, wanted="≤ 3", promised="2.5", value="2.4", met=True, kept=True,
                  role="tester", on="2026-06-01", method=SAID)  # fmt: skip
    beside = Beside(name=NAME, origin="2.4 %", here="2.6 %", difference="+0.2", relative="+8.33 %", verdict="worse",
                    side="owner", on="2027-01-01")  # fmt: skip
    copy = Copy(number="R-2027-001", owner=place, state="confirmed", since="2027-01-01", days_to_use=50, rows=(),
                statements=[said], compared=[beside] * 10, cost="28000 CNY", work=31)  # fmt: skip
    gain = Gain(who=NAME, how=SAID, amount="5 CNY", basis="signed", on="2027-01-01", where=NAME)
    use = Use(month=3, due="2027-01-01", status="in_use", said=SAID, on="2027-01-02")
    found = Case(
        number="P-2026-001", challenge="C-1", title=NAME, on="2027-03-01", owner=place, lead=place, need=[said],
        needed_on="2026-01-01", validated_on="2026-12-01", days=334, sha256="d" * 64, shown=[shown] * 10, rows=(),
        statements=[said], copies=[copy] * copies, gains=[gain] * copies, uses=[use] * 4,
    )  # fmt: skip
    return report_pdf(case.report(found, rulebook()), sha256="e" * 64)


def large_case() -> bytes:
    """Statements four times as long, eight copies."""
    return case(copies=8, times=12)


@cache
def rulebook():  # type: ignore[no-untyped-def]
    """The shipped one."""
    from jiebang.rules.load import load
    from jiebang.rules.schema import Rulebook

    text = (
        resources.files("jiebang.rulebooks").joinpath("guangxi-asean-2026.yaml").read_text(encoding="utf-8")
    )
    found = load(text)
    assert isinstance(found, Rulebook)
    return found


def measure(made: Callable[[], bytes]) -> dict[str, float]:
    """Seconds of the first paper and of those that follow, and its pages; the rulebook is read before."""
    from jiebang.adapters.papers.agreement import pages_of

    rulebook()
    seconds = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        paper = made()
        seconds.append(time.perf_counter() - start)
    return {"first": seconds[0], "next": statistics.median(seconds[1:]), "pages": pages_of(paper)}


def main() -> int:
    """Each paper in a process of its own."""
    figures = []
    for name in PAPERS:
        ran = subprocess.run(
            [sys.executable, str(Path(__file__)), name], check=True, capture_output=True, text=True
        )
        found = json.loads(ran.stdout)
        figures += [
            Figure(name=f"{name}, {found['pages']} pages, first, s", value=found["first"], limit=SECONDS),
            Figure(name=f"{name}, next, s", value=found["next"], limit=SECONDS),
        ]
    return report(*figures)


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(measure(globals()[sys.argv[1]])))
    else:
        sys.exit(main())
