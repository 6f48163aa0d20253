"""`jiebang do`: run any operation on an instance from the terminal, as a person, under the same rules as its pages."""

import json as jsonlib
import os
import secrets
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jiebang.cli.faults import THEIRS, Malformed
from jiebang.cli.opening import chosen, open_home, set_up
from jiebang.cli.options import AsJson, Home
from jiebang.cli.output import print_json, writing
from jiebang.rules.faults import Fault

if TYPE_CHECKING:
    from jiebang.operations.registry import Operation

Name = Annotated[str | None, typer.Argument(metavar="[OPERATION]", help="Left out: list all operations.")]
As = Annotated[str | None, typer.Option("--as", help="E-mail address of the person who acts.")]
Key = Annotated[str | None, typer.Option(help="Idempotency key; repeat it to repeat a call safely.")]
Params = Annotated[str, typer.Option(help="JSON, @FILE with JSON, or - for standard input.")]
Receipt = Annotated[
    Path | None, typer.Option(help="Write the receipt there, for `jiebang verify --receipt`.")
]


def do(
    name: Name = None, home: Home = None, person: As = None, key: Key = None, params: Params = "{}",
    receipt: Receipt = None, json: AsJson = False,
) -> int:  # fmt: skip
    """Run one operation as a person; what the rules refuse ends with exit 2 and every reason.

    Example: jiebang do ask_question --as lead@example.org --params '{"challenge": "GX-2026-001", "text": "..."}'
    """
    if name is None:
        return _list(home, json=json)
    given = _params(params)
    if receipt is not None and not os.path.isdir(receipt.absolute().parent):  # noqa: PTH112
        raise _wrong("--receipt", f"{receipt} cannot be written; name a file in a folder that exists")
    open_home(home)
    from jiebang.operations.registry import OPERATIONS, Done, perform
    from jiebang.records.people.queries import person_by_email
    from jiebang.records.programme.queries import now

    if name not in OPERATIONS:
        raise _wrong("operation", f"there is no operation `{name}`; `jiebang do` lists them")
    who = person_by_email(person) if person else None
    if person and who is None:
        raise _wrong("--as", f"nobody here has the address {person}")
    outcome = perform(name, by=who, now=now(), key=key or str(uuid.uuid4()), params=given)
    if not isinstance(outcome, Done):
        return refused(outcome.reasons, json=json)
    answer = {**outcome.answer, **outcome.once}
    proof = _receipt(outcome.entry if who else None, receipt)
    print_json({"done": True, "answer": answer, "entry": outcome.entry, "receipt": proof} if json else answer)
    return 0


def _receipt(entry: int | None, out: Path | None) -> Mapping[str, Any] | None:
    """The receipt of what a person did, as the API gives it; None where nothing was entered in the journal."""
    from jiebang.records.journal.queries import receipt_for

    if entry is None:
        return None
    proof = receipt_for(entry, with_private=True)
    if out is not None:
        with writing(out):
            out.write_text(jsonlib.dumps(proof, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return proof


def _list(home: Path | None, *, json: bool) -> int:
    """Every operation; an instance is not needed to read what there is."""
    folder = chosen(home)
    if not (folder / "secret.key").exists():
        os.environ.setdefault("JIEBANG_SECRET", secrets.token_urlsafe(50))
    set_up(folder)
    from jiebang.operations.registry import OPERATIONS

    if json:
        print_json({name: _described(item) for name, item in sorted(OPERATIONS.items())})
        return 0
    for name, item in sorted(OPERATIONS.items()):
        wanted = [
            key if field.is_required() else f"[{key}]" for key, field in item.params.model_fields.items()
        ]
        print(f"{name} {' '.join(wanted)}\n    {' '.join(item.help.split())}")
    return 0


def _described(item: "Operation") -> Mapping[str, Any]:
    return {"help": item.help, "permission": item.permission.value, "params": item.params.model_json_schema()}


def _params(text: str) -> dict[str, Any]:
    try:
        if text == "-":
            text = sys.stdin.read()
        elif text.startswith("@"):
            text = Path(text[1:]).read_text(encoding="utf-8-sig")
        found = jsonlib.loads(text)
    except OSError as error:
        raise _wrong("--params", f"{text[1:]} cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise _wrong(
            "--params", f'is not JSON ({error}); write such as \'{{"challenge": "GX-2026-001"}}\''
        ) from None
    if not isinstance(found, dict):
        raise _wrong("--params", 'is not an object; write such as \'{"challenge": "GX-2026-001"}\'')
    return found


def refused(reasons: Any, *, json: bool) -> int:
    """Every reason of a refusal, and the exit code of input that the rules do not take."""
    if json:
        said = [{"code": item.code, "params": dict(item.params), "text": str(item)} for item in reasons]
        print_json({"done": False, "reasons": said})
        return THEIRS
    raise Malformed(
        Fault("do", None, str(item.params.get("field") or item.code), _said(item)) for item in reasons
    )


def _said(item: Any) -> str:
    """The sentence; at a terminal the choices are not on the screen, so they are named."""
    options = item.params.get("options") if item.code == "request.choose" else None
    return f"{item} ({options})" if options else str(item)


def _wrong(field: str, message: str) -> Malformed:
    return Malformed([Fault("do", None, field, message)])
