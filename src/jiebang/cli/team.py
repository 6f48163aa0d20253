"""`jiebang team`: a lead and partners that cover a need, of greatest value, with a proof. No server, no Django."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jiebang.cli.faults import Malformed
from jiebang.cli.output import apart, print_json, writing
from jiebang.decisions.cells import harmless
from jiebang.engines.team.problem import Number, Problem
from jiebang.engines.team.reading import read
from jiebang.rules.faults import Fault

if TYPE_CHECKING:  # numpy and OR-Tools are loaded only once the problem is well formed
    from jiebang.engines.team.answer import Answer, Team
    from jiebang.engines.team.clashes import Clash, Repair

COLUMNS = (
    "team", "organisation", "role", "covers", "only", "breaks", "loses", "replaceable", "country", "value", "cost",
    "team_value", "team_bound",
)  # fmt: skip


def team(
    problem: Annotated[Path, typer.Argument(help="The problem (JSON): docs/team.md tells the format.")],
    out: Annotated[Path, typer.Option("--out", help="The CSV file to write; an earlier one is replaced.")],
    others: Annotated[int, typer.Option(min=0, max=100, help="How many next best teams to add.")] = 0,
    differ: Annotated[
        int, typer.Option(min=1, max=50, help="Members of every better team that a next best one must lack.")
    ] = 1,
    losses: Annotated[bool, typer.Option(help="Also solve without each member: what is lost then.")] = False,
    effort: Annotated[
        float, typer.Option(min=0.001, max=1e6, help="Deterministic seconds for each question.")
    ] = 60.0,
    json: Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")] = False,
) -> None:
    """Find the lead and partners of greatest value that cover a need, and prove that none are better.

    Example: jiebang team problem.json --out team.csv --others 3
    """
    asked = _problem(problem)
    apart(out, problem)
    from jiebang.engines.team.answer import solve

    answer = solve(asked, others=others, differ=differ, losses=losses, effort=effort)
    with writing(out):
        partial = out.with_name(out.name + ".part")
        partial.write_bytes(_table(answer))
        partial.replace(out)
    if json:
        print_json(_said(answer))
    else:
        _tell(answer, out)


def _problem(path: Path) -> Problem:
    try:
        found = read(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        said = f"cannot be read ({error.strerror}); name a JSON file"
        raise Malformed([Fault(str(path), None, "file", said)]) from None
    except UnicodeDecodeError:
        raise Malformed([Fault(str(path), None, "file", "is not UTF-8; save it as UTF-8")]) from None
    if isinstance(found, tuple):
        raise Malformed(Fault(str(path), fault.line, fault.field, fault.message) for fault in found)
    return found


def _table(answer: "Answer") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    teams = [answer.team, *answer.others] if answer.team else []
    for place, one in enumerate(teams, start=1):
        writer.writerows(_rows(place, one))
    return text.getvalue().encode()


def _rows(place: int, one: "Team") -> Iterable[tuple[Any, ...]]:
    for member in one.members:
        who = member.organisation
        replaceable = {True: "yes", False: "no", None: ""}[member.replaceable]
        yield (
            place, _safe(who.id), member.role, _safe(";".join(member.covers)), _safe(";".join(member.only)),
            ";".join(member.breaks), _plain(member.loses), replaceable, _safe(who.country or ""), _plain(who.value),
            _plain(who.cost), _plain(one.value), _plain(one.bound),
        )  # fmt: skip


def _safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return harmless(text, typed=False)


def _plain(number: Number | None) -> str:
    return "" if number is None else f"{Decimal(number).normalize():f}"


def _json(number: Number | None) -> int | float | None:
    if number is None or number == int(number):
        return None if number is None else int(number)
    return float(number)


def _said(answer: "Answer") -> dict[str, Any]:
    best = answer.team
    data: dict[str, Any] = {
        "value": _json(best.value if best else None), "bound": _json(answer.bound), "optimal": answer.optimal,
        "feasible": best is not None if best or answer.clashes or answer.bound is None else None,
    }  # fmt: skip
    if best:
        data["team"] = _team(best)
        data["others"] = [_team(one) for one in answer.others]
    if answer.clashes:
        data["clashes"] = [_clash(clash) for clash in answer.clashes]
    return data


def _team(one: "Team") -> dict[str, Any]:
    members = [
        {
            "organisation": member.organisation.id, "role": member.role, "covers": member.covers,
            "only": member.only, "breaks": member.breaks, "loses": _json(member.loses),
            "replaceable": member.replaceable,
        }
        for member in one.members
    ]  # fmt: skip
    return {
        "value": _json(one.value),
        "bound": _json(one.bound),
        "optimal": one.optimal,
        "members": members,
    }


def _clash(clash: "Clash") -> dict[str, Any]:
    repairs = [{"limit": each.limit, "to": _json(each.to), "about": each.about} for each in clash.repairs]
    return {"code": clash.code, "about": clash.about, "repairs": repairs, "proven": clash.proven}


def _tell(answer: "Answer", out: Path) -> None:
    best = answer.team
    if best is None:
        open_end = f"No team was found within the effort; none is worth more than {_plain(answer.bound)}."
        print("There is no such team." if answer.bound is None else open_end)
        for clash in answer.clashes:
            print(_sentence(clash))
        return
    ends = "proven best" if best.optimal else f"not proven best: the bound is {_plain(best.bound)}"
    print(f"A team of {len(best.members)} worth {_plain(best.value)}, {ends}.")
    for member in best.members:
        print(
            f"  {member.role:8} {member.organisation.id}: {', '.join(member.covers) or 'nothing of the need'}"
        )
    print(f"{len(answer.others)} next best. The table is {out}")


def _sentence(clash: "Clash") -> str:
    names = ", ".join(clash.about)
    what = {
        "nobody_has": f"Nobody allowed has {names} at the level wanted.",
        "nobody_may_lead": "Nobody allowed may lead.",
        "must_have": f"The must-have organisations alone break {names}.",
        "limits": f"These limits cannot hold together: {names or 'the required capabilities alone'}.",
    }[clash.code]
    ways = "; or ".join(_way(each) for each in clash.repairs)
    return f"{what} A team is possible with {ways}." if ways else what


def _way(repair: "Repair") -> str:
    if repair.to is not None:
        return f"{repair.limit} = {_plain(repair.to)}"
    if repair.about:
        return f"{', '.join(repair.about)} no longer {repair.limit}"
    return f"no {repair.limit}" if repair.limit != "required" else "it wanted, not required"
