"""`jiebang round export`: the opened challenges of a call as a round bundle, for `jiebang round run` or a spreadsheet."""

from pathlib import Path
from typing import Annotated

import typer

from jiebang.adapters.bundle_export import write_bundle
from jiebang.cli.faults import Malformed
from jiebang.cli.opening import open_home
from jiebang.cli.options import AsJson
from jiebang.cli.output import print_json
from jiebang.rules.faults import Fault


def export(
    call: Annotated[str, typer.Option(help="Number of the call.")],
    out: Annotated[Path, typer.Option(help="A folder, or a file that ends in .zip or .xlsx.")],
    home: Annotated[
        Path | None, typer.Option(help="The instance; JIEBANG_HOME or .jiebang if left out.")
    ] = None,
    challenge: Annotated[
        str | None, typer.Option(help="This one alone, as its proposal read it: the hash is its `inputs`.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Write a call's opened challenges with their bids, organisations, evidence and signed reviews as a bundle.

    Bids that are still sealed are left out. `jiebang round run RULEBOOK BUNDLE` gives the same decisions again.

    Example: jiebang round export --call GX-2026 --out round.zip
    """
    open_home(home)
    from jiebang.records.bundles import of_call, of_proposal
    from jiebang.records.programme.queries import calls, rulebook

    found = calls().filter(number=call).first()
    if found is None:
        known = ", ".join(calls().values_list("number", flat=True)) or "none"
        raise Malformed([Fault("--call", None, "call", f"there is no call `{call}`; there are: {known}")])
    book = rulebook(found.rulebook_id)
    bundle, sealed = (of_proposal(found, number=challenge), []) if challenge else of_call(book, found)
    if bundle is None or not bundle.bids:
        wrong = f"`{challenge}` has no proposal yet" if challenge else f"`{call}` has no opened bids yet"
        field = "challenge" if challenge else "call"
        raise Malformed([Fault(f"--{field}", None, field, f"{wrong}, so there is no round to run")])
    if faults := write_bundle(bundle, out):
        raise Malformed(faults)
    _tell(out, bundle, sealed, json=json)


def _tell(out: Path, bundle: object, sealed: list[str], *, json: bool) -> None:
    tables = (
        "challenges",
        "bids",
        "organisations",
        "evidence",
        "members",
        "modes",
        "experts",
        "conflicts",
        "reviews",
    )
    counts = {name: len(getattr(bundle, name) or ()) for name in tables}
    if json:
        print_json({"out": str(out), "sealed": sealed, **counts})
        return
    print(f"{out}: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
    if sealed:
        print(f"Left out, bids not opened: {', '.join(sealed)}")
