"""`jiebang rulebook ...`: show, check, explain, compare and draw a programme's rulebook. Never loads Django."""

import os.path
from collections.abc import Mapping
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Annotated, get_args

import typer

from jiebang.adapters.lifecycle_picture import lifecycle_picture
from jiebang.cli.faults import Malformed
from jiebang.cli.options import AsJson
from jiebang.cli.output import print_json, writing
from jiebang.rules.diff import diff as compare
from jiebang.rules.explain import explain as tell
from jiebang.rules.explain_words import phrase
from jiebang.rules.facts import dictionary
from jiebang.rules.faults import Fault
from jiebang.rules.lint import lint
from jiebang.rules.load import MAX_BYTES, digest, load, read
from jiebang.rules.schema import Kind, Rulebook
from jiebang.rules.texts import pick

_FILE = typer.Argument(help="A rulebook file, or the id of a shipped one.", metavar="FILE")
_LANG = typer.Option("--lang", help="Language, such as en or zh-Hans.")


def check(
    files: Annotated[
        list[str], typer.Argument(help="Rulebook files, or ids of shipped ones.", metavar="FILE...")
    ],
    service: Annotated[bool, typer.Option("--service", help="Also what a live instance needs.")] = False,
    json: AsJson = False,
) -> None:
    """Check rulebooks: every fault at once, with file, line and what would be right.

    Example: jiebang rulebook check my-region.yaml
    """
    faults: list[Fault] = []
    for name in files:
        text, wrong = _text(name)
        faults += wrong or lint(text, name=name, parents=_parents(name, text), service=service)
    if json:
        print_json({"ok": not faults, "files": files, "faults": [asdict(fault) for fault in faults]})
    if faults:
        raise Malformed(faults)
    if not json:
        print(f"{', '.join(files)}: sound")


def show(
    name: Annotated[str, typer.Argument(help="The id of a shipped rulebook.", metavar="ID")],
    out: Annotated[Path | None, typer.Option("--out", help="The file to write; printed if left out.")] = None,
    json: AsJson = False,
) -> None:
    """Print a shipped rulebook as it is, comments included, to copy and change.

    Example: jiebang rulebook show guangxi-asean-2026 --out my-region.yaml
    """
    known = shipped()
    if name not in known:
        said = f"`{name}` is no shipped rulebook; there are {', '.join(known)}"
        raise Malformed([Fault("ID", None, "id", said)])
    if out is not None:
        _write_new(out, known[name])
    if json:
        print_json({"id": name, "file": str(out) if out else None, "text": known[name]})
    else:
        print(f"wrote {out}\n" if out else known[name], end="")


def _write_new(out: Path, text: str) -> None:
    """A file that was not there; what somebody has already changed is never written over."""
    with writing(out):
        try:
            with out.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError:
            said = f"{out} is already there; name a new file"
            raise Malformed([Fault("--out", None, "out", said)]) from None


def explain(
    file: Annotated[str, _FILE],
    lang: Annotated[str, _LANG] = "en",
    json: AsJson = False,
) -> None:
    """Say a rulebook in plain language, each rule with its source and status.

    Example: jiebang rulebook explain guangxi-asean-2026 --lang zh-Hans
    """
    rulebook = _load(file)
    if lang not in rulebook.languages:
        known = ", ".join(rulebook.languages)
        raise Malformed(
            [Fault("rulebook", None, "--lang", f"{file} does not speak `{lang}`; it speaks {known}")]
        )
    text = tell(rulebook, lang)
    if json:
        print_json({"id": rulebook.id, "digest": digest(rulebook), "lang": lang, "text": text})
    else:
        print(text, end="")


def diff(
    a: Annotated[str, typer.Argument(help="The earlier rulebook: a file or a shipped id.", metavar="A")],
    b: Annotated[str, typer.Argument(help="The later rulebook.", metavar="B")],
    lang: Annotated[str, _LANG] = "en",
    json: AsJson = False,
) -> None:
    """Say in words what changed from rulebook A to rulebook B.

    Example: jiebang rulebook diff rulebook-2026.yaml rulebook-2027.yaml
    """
    changes = compare(_load(a), _load(b), lang)
    if json:
        print_json({"changes": [asdict(change) for change in changes]})
        return
    for change in changes:
        print(f"{ {'added': '+', 'removed': '-', 'changed': '~'}[change.kind] } {change.text}")
    if not changes:
        print("no change")


def diagram(
    file: Annotated[str, _FILE],
    out: Annotated[Path, typer.Option("--out", help="The SVG file to write.")],
    kind: Annotated[str, typer.Option(help="need, challenge, bid or project.")] = "challenge",
    lang: Annotated[str, _LANG] = "en",
    json: AsJson = False,
) -> None:
    """Draw a lifecycle of a rulebook as an SVG picture.

    Example: jiebang rulebook diagram guangxi-asean-2026 --kind need --out need.svg
    """
    rulebook = _load(file)
    known = [name for name in get_args(Kind) if name in rulebook.lifecycles]
    chosen: Kind | None = next((name for name in known if name == kind), None)
    if chosen is None:
        said = f"`{kind}` is no lifecycle of this rulebook; known: {', '.join(known) or 'none'}"
        raise Malformed([Fault("--kind", None, "kind", said)])
    if os.path.isdir(out) or not os.path.isdir(out.absolute().parent):  # noqa: PTH112
        raise Malformed(
            [Fault("--out", None, "out", f"{out} cannot be written; name a file in a folder that exists")]
        )
    title = f"{pick(rulebook.title, lang=lang)} · {phrase(chosen, lang=lang)}"
    with writing(out):
        picture = lifecycle_picture(rulebook, chosen, lang=lang, title=title)
        out.write_text(picture.document(), encoding="utf-8")
    if json:
        print_json({"file": str(out), "kind": kind})
    else:
        print(f"wrote {out}")


def schema(
    facts: Annotated[
        bool, typer.Option("--facts", help="The facts that expressions may read instead.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="As one line.")] = False,
) -> None:
    """Print the JSON Schema of rulebooks, for editors; or what expressions may read.

    Example: jiebang rulebook schema > rulebook.schema.json
    """
    import json as encoder

    known = {name: {"type": fact.type, **fact.meaning} for name, fact in dictionary().items()}
    data = (
        known
        if facts
        else Rulebook.model_json_schema(by_alias=True)
        | {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    )
    print(encoder.dumps(data, ensure_ascii=False, indent=None if json else 2))


def shipped() -> dict[str, str]:
    """The rulebooks inside the package: id -> text."""
    folder = resources.files("jiebang").joinpath("rulebooks")
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name
    )
    return {file.name.removesuffix(".yaml"): file.read_text(encoding="utf-8") for file in files}


def sources(name: str) -> tuple[str, Mapping[str, str], list[Fault]]:
    """The text of a rulebook file or shipped id, the texts of what it may extend, and why it cannot be read."""
    text, wrong = _text(name)
    return text, {} if wrong else _parents(name, text), wrong


def _load(name: str) -> Rulebook:
    text, wrong = _text(name)
    found = wrong or load(text, name=name, parents=_parents(name, text))
    if isinstance(found, Rulebook):
        return found
    raise Malformed(found)


def _text(name: str) -> tuple[str, list[Fault]]:
    """The text of a file or of a shipped rulebook, or why it cannot be read."""
    path = Path(name)
    if not os.path.exists(name) and name in shipped():  # noqa: PTH110
        return shipped()[name], []
    if not os.path.isfile(name):  # not Path.is_file, which raises for a name no file system takes  # noqa: PTH113
        known = ", ".join(shipped())
        return "", [Fault(name, None, "file", f"is not there; name a file or a shipped rulebook: {known}")]
    if path.stat().st_size > MAX_BYTES:
        return "", [
            Fault(
                name, None, "file", f"is larger than {MAX_BYTES:,} bytes; a rulebook is a few hundred lines"
            )
        ]
    try:
        return path.read_text(encoding="utf-8-sig"), []
    except UnicodeDecodeError as error:
        said = f"is not UTF-8 (byte {error.start}); save it as UTF-8"
        return "", [Fault(name, path.read_bytes()[: error.start].count(b"\n") + 1, "file", said)]
    except OSError as error:
        return "", [Fault(name, None, "file", f"cannot be read: {error.strerror}")]


def _parents(name: str, child: str) -> Mapping[str, str]:
    """What `extends` may name: the shipped rulebooks, and those beside the file, by their ids."""
    if "extends:" not in child and '"extends":' not in child:
        return {}
    path = Path(name)
    beside = sorted(path.parent.glob("*.y*ml")) if os.path.isfile(name) else []  # noqa: PTH113
    found = shipped()
    for file in beside:
        text, wrong = _text(str(file))
        data = {} if wrong or "format: jiebang-rulebook" not in text else read(text, name=file.name)[0]
        if isinstance(data.get("id"), str) and file.resolve() != path.resolve():
            found[data["id"]] = text
    return found
