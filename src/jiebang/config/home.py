"""An instance's home: one folder with its settings, secret, database and files."""

import os
import re
import secrets
import zlib
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml

# the settings of a home and what each is
OPTIONS: Mapping[str, type] = {
    "demo": bool, "hosts": list, "https": bool, "mail_backend": str, "mail_host": str, "mail_port": int, "mail_from": str,
    "proxies": int, "site": str,
}  # fmt: skip
SECRET_LENGTH = 40  # characters at least
PLAIN = 26  # bytes to which repeats and runs of 40 characters or more shrink at most; what chance made stays above
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NAME = rf"{_LABEL}(?:\.{_LABEL})*\.?"
_HOST = re.compile(rf"\*|{_NAME}|\.{_LABEL}\.{_NAME}|\[[0-9A-Fa-f:.]+\]")
_SITE = re.compile(rf"https?://(?:{_NAME}|\[[0-9A-Fa-f:.]+\])(?::(\d{{1,5}}))?")
_SENDER = re.compile(rf"(?:[^<>\x00-\x1f\x7f]+ <)?[^\s<>@,;]+@{_NAME}>?")
_BACKENDS = [f"django.core.mail.backends.{name}.EmailBackend" for name in ("smtp", "filebased", "console")]
_KINDS: Mapping[type, str] = {
    bool: "true or false",
    list: "a list of texts",
    str: "a text",
    int: "a whole number",
}


LOCAL = ("127.0.0.1", "localhost", "[::1]")  # names of this machine to itself
PORT = "JIEBANG_PORT"  # where `serve` listens, told to its own processes


def _is_site(value: object) -> bool:
    found = _SITE.fullmatch(str(value))
    return found is not None and (found[1] is None or 0 < int(found[1]) < 65536)


# what a setting of the right kind must also be, and how that is said
_MEANT: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "hosts": (lambda names: bool(names) and all(_HOST.fullmatch(name) for name in names),
              "the names by which this instance is reached, at least one: programme.example.org, or .example.org for all below"),
    "mail_backend": (lambda path: path in _BACKENDS, f"one of {', '.join(_BACKENDS)}"),
    "mail_from": (lambda sender: bool(_SENDER.fullmatch(sender)), "an address on one line, such as office@example.org"),
    "mail_host": (lambda host: bool(_HOST.fullmatch(host)), "the name of the mail server, such as mail.example.org"),
    "mail_port": (lambda port: 0 < port < 65536, "the port of the mail server, such as 25 or 587"),
    "proxies": (lambda number: 0 <= number <= 10, "the number of proxies in front, 0 to 10"),
    "site": (_is_site, "where people reach the pages, such as https://programme.example.org"),
}  # fmt: skip


class Unsafe(RuntimeError):
    """A setting that could lose or leak what people entrusted; the message says what to do."""


def home() -> Path:
    """The folder named by JIEBANG_HOME, else `.jiebang` in the working directory."""
    return Path(os.environ.get("JIEBANG_HOME", ".jiebang")).resolve()


def make(folder: Path, *, demo: bool = False) -> None:
    """Creates the folder, its files room, a secret readable by its owner only, and its settings."""
    (folder / "files").mkdir(parents=True, exist_ok=True)
    (folder / "static").mkdir(exist_ok=True)
    secret = folder / "secret.key"
    if not secret.exists():
        descriptor = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    settings = folder / "settings.yaml"
    if not settings.exists():
        settings.write_text(yaml.safe_dump({"demo": demo, "hosts": list(LOCAL)}))


def options(folder: Path) -> Mapping[str, object]:
    """The home's own settings: demo, hosts, https, proxies, site, mail."""
    file = folder / "settings.yaml"
    if not file.exists():
        return {}
    try:
        given = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise Unsafe(f"{file} is not YAML: {problem}") from None
    if not isinstance(given, dict):
        raise Unsafe(f"{file} holds no settings: write `name: value` lines")
    if wrong := [said for name, value in given.items() if (said := _misfit(name, value))]:
        raise Unsafe(f"{file}: " + "; ".join(wrong))
    return given


def _misfit(name: object, value: object) -> str:
    """What is wrong with a setting, or nothing."""
    kind = OPTIONS.get(str(name))
    if kind is None:
        return f"{name} is no setting (there are {', '.join(OPTIONS)})"
    if kind is list and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
        return f"{name} is a list of texts"
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return f"{name} is {_KINDS[kind]}"
    meant, said = _MEANT.get(str(name), (lambda _: True, ""))
    return "" if meant(value) else f"{name} is {said}"


def site(given: Mapping[str, object]) -> str:
    """Where links in letters lead: the setting `site`, else the first host by which others reach this machine."""
    if given.get("site"):
        return str(given["site"])
    hosts = [str(host) for host in given.get("hosts") or LOCAL]  # type: ignore[attr-defined]
    host = next((host for host in hosts if host not in LOCAL), hosts[0]).lstrip(".")
    return f"https://{host}" if given.get("https") else f"http://{host}:{os.environ.get(PORT, '8000')}"


def secret_key(folder: Path) -> str:
    """The instance's secret; refuses a missing, short or world-readable one."""
    given = os.environ.get("JIEBANG_SECRET")
    file = folder / "secret.key"
    if given is None and not file.exists():
        raise Unsafe(f"no secret: run `jiebang init {folder}` first, or set JIEBANG_SECRET")
    if given is None and file.stat().st_mode & 0o077:
        raise Unsafe(f"{file} can be read by others: chmod 600 it")
    value = given if given is not None else file.read_text().strip()
    if len(value) < SECRET_LENGTH:
        place, do = str(file), f"remove it and run `jiebang init {folder}` again"
        if given is not None:
            place, do = (
                "JIEBANG_SECRET",
                "set a longer one, such as `openssl rand -base64 48` makes, or unset it",
            )
        raise Unsafe(
            f"the secret in {place} has {len(value)} characters, shorter than the {SECRET_LENGTH} it needs: {do}"
        )
    return value


def is_plain(secret: str) -> bool:
    """Whether a secret is made of few patterns: something repeated, or signs in a row (abc…, 123…)."""
    signs = secret.encode()
    steps = bytes((after - before) % 256 for before, after in pairwise(signs))
    return min(len(zlib.compress(signs, 9)), len(zlib.compress(steps, 9))) < PLAIN


def database(folder: Path) -> dict[str, object]:
    """Django's database settings: DATABASE_URL (postgresql://...) or SQLite in the home, durable either way."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return _sqlite(folder / "jiebang.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in ("postgres", "postgresql"):
        raise Unsafe(
            f"DATABASE_URL starts with {parts.scheme}://; give postgresql:// or leave it out for SQLite"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {"options": "-c synchronous_commit=on"},
    }


def _sqlite(file: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": 60,
        "TEST": {"NAME": str(file.with_name(f"test-{file.name}"))},  # one in memory locks otherwise
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # what is erased is overwritten in the file, not only unlinked
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA secure_delete=ON;",
        },
    }
