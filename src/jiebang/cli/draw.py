"""`jiebang draw`: a lottery's draw computed again from its file, without a server; nothing but a hash function is needed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jiebang.cli.faults import THEIRS, Malformed, report_malformed
from jiebang.cli.options import AsJson
from jiebang.cli.output import print_json
from jiebang.rules.faults import Fault
from jiebang.rules.reasons import Reason, render
from jiebang.rules.texts import pick

if TYPE_CHECKING:
    from jiebang.adapters.draw_files import Claim
    from jiebang.decisions.lottery import Draw


def draw(
    file: Annotated[Path, typer.Argument(help="A draw: draws/*.json of a round, or from a result page.")],
    list_hash: Annotated[
        str | None,
        typer.Option("--list", help="The list's hash as it was published before the seed was known."),
    ] = None,
    seed: Annotated[
        str | None, typer.Option(help="The public numbers, sources apart by /, where the file has none yet.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of the words.")] = "en",
    json: AsJson = False,
) -> int:
    """Repeat a draw: the list and its hash, the key of the public numbers, and every step with what came of it.

    Exit 0 when the file says what follows from its list and seed, 2 when not: every difference on its own line.

    Example: jiebang draw results/draws/1-C1.json --list 5feceb66...
    """
    from dataclasses import replace

    from jiebang.adapters.draw_files import read_draw

    claim = read_draw(file)
    if isinstance(claim, Fault):
        raise Malformed([claim])
    if seed is not None:
        _wanted(file, seed, claim.draw.seed)
        claim = replace(claim, draw=replace(claim.draw, seed=seed))
    faults = _faults(file, claim, list_hash, lang)
    if json:
        print_json(_data(claim.draw, faults))
    else:
        _tell(claim.draw, lang, against=list_hash)
        report_malformed(Malformed(faults))
    return THEIRS if faults else 0


def _faults(file: Path, claim: "Claim", list_hash: str | None, lang: str) -> list[Fault]:
    from jiebang.adapters.draw_files import differences

    found = [(str(file), *item) for item in differences(claim)]
    if list_hash is not None and list_hash.lower() != claim.draw.pool.digest:
        found.append(("--list", "list", list_hash, claim.draw.pool.digest))
    return [
        Fault(where, None, name, _say("differs", lang, said=said, found=follows))
        for where, name, said, follows in found
    ]


def _say(code: str, lang: str, **params: str | int) -> str:
    return render(Reason(f"draw.{code}", params), lang=lang)


def _wanted(file: Path, seed: str, held: str | None) -> None:
    """The numbers must be numbers, and the file must not have others already."""
    from jiebang.engines.draw import normal_form

    try:
        key = normal_form(seed)
    except ValueError as error:
        raise Malformed(
            [Fault("--seed", None, "seed", f"{error}; write for example 9319 / 2 5 8 10 12")]
        ) from error
    if held is not None and normal_form(held) != key:
        raise Malformed([Fault("--seed", None, "seed", f"{file} has other numbers already: {held}")])


def _data(drawn: "Draw", faults: list[Fault]) -> dict[str, object]:
    from jiebang.adapters.draw_files import step_data

    steps = [step_data(turn) for turn in drawn.turns]
    told = [{"entry": fault.field, "message": fault.message} for fault in faults]
    pool = drawn.pool
    return {"verified": not faults, "list_hash": pool.digest, "committed": pool.as_data(), "seed": drawn.seed,
            "key": _key(drawn), "steps": steps, "faults": told}  # fmt: skip


def _key(drawn: "Draw") -> str | None:
    from jiebang.engines.draw import normal_form

    return None if drawn.seed is None else normal_form(drawn.seed)


def _tell(drawn: "Draw", lang: str, *, against: str | None) -> None:
    pool = drawn.pool

    def say(code: str, **params: str | int) -> None:
        print(_say(code, lang, **params))

    say("challenge", challenge=pool.challenge, count=len(pool.names))
    for place, name in enumerate(pool.names, start=1):
        amount = "" if pool.amounts is None else f"  {pool.amounts[name]:,f}"
        print(f"{place:>5}  {name}{amount}")
    if pool.sure:
        say("sure", bids=", ".join(pool.sure))
    if pool.places is not None:
        say("places", places=pool.places)
    if pool.money is not None:
        say("money", money=f"{pool.money:,f}")
    for source in pool.sources:
        say("source", source=pick(source, lang=lang))
    say("hash", hash=pool.digest)
    if against is None:
        say("compare")
    if drawn.seed is None:
        say("no_seed")
        return
    say("key", seed=drawn.seed, key=_key(drawn) or "", algorithm=pool.hash)
    for place, turn in enumerate(drawn.turns, start=1):
        step = turn.step
        say("step", turn=place, digest=step.digest, left=step.left, position=step.position, bid=step.drawn)
        say(turn.fate, bid=step.drawn)
