"""`jiebang package` on an owner's site: no server, no Django, and no byte altered unseen."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from jiebang.cli.app import run

PROTOCOL = {
    "format": "jiebang-protocol/1", "project": "P-2026-001", "version": 1, "sha256": "a" * 64, "measured_by": "owner",
    "content": {}, "indicators": [{"id": "I1", "unit": "%"}, {"id": "I2", "unit": "s"}],
}  # fmt: skip


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder at the site with the protocol, a key and what was measured."""
    monkeypatch.chdir(tmp_path)
    Path("protocol.json").write_text(json.dumps(PROTOCOL), encoding="utf-8")
    Path("log.csv").write_bytes(b"page,errors\n" + b"12,0\n" * 300)
    assert run(["package", "key", "site.pem"]) == 0
    Path("public.txt").write_text(capsys.readouterr().out.strip(), encoding="utf-8")
    return tmp_path


def make(out: str, *more: str, value: str = "I1=2.4 %") -> int:
    given = ["--protocol", "protocol.json", "--key", "site.pem", "--value", value, "--began", "2026-07-01T08:00+07:00",
             "--ended", "2026-07-02T17:00+07:00", "--place", "Room 3", "--measurer", "Sample Clerk", "--out", out]  # fmt: skip
    return run(["package", "make", "log.csv", *given, *more])


def test_two_packages_are_made_and_verified_in_order(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make("1.zip") == 0
    assert make("2.zip", "--previous", "1.zip", "--value", "I2=0.8 s") == 0
    key = Path("public.txt").read_text(encoding="utf-8")
    assert run(["package", "verify", "1.zip", "2.zip", "--key", key, "--protocol", "protocol.json"]) == 0
    said = capsys.readouterr().out
    assert "package 1 of P-2026-001, 1 files" in said
    assert "package 2 of P-2026-001" in said
    assert run(["package", "verify", "2.zip", "1.zip"]) == 2
    assert "package 3 comes next" in capsys.readouterr().err
    assert run(["package", "verify", "1.zip", "--key", "b" * 64]) == 2
    assert "not with bbbb" in capsys.readouterr().err


def test_one_altered_byte_is_named_with_its_file(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make("1.zip")
    data = bytearray(Path("1.zip").read_bytes())
    at = data.index(b"12,0\n" * 10) + 1
    data[at] = ord("3")
    Path("1.zip").write_bytes(bytes(data))
    capsys.readouterr()
    assert run(["package", "verify", "1.zip", "--json"]) == 2
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert (fault["file"], fault["code"]) == ("1.zip:files/log.csv", "trust.package_bytes")
    assert fault["message"] == "bytes 0 to 255 (from 0) are not those that were signed"
    assert run(["package", "verify", "1.zip"]) == 2
    assert "1.zip:files/log.csv" in capsys.readouterr().err


def test_an_unpacked_folder_verifies_as_well(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import zipfile

    make("1.zip")
    with zipfile.ZipFile("1.zip") as archive:
        archive.extractall("one")
    assert run(["package", "verify", "one"]) == 0
    Path("one/files/extra.txt").write_text("x", encoding="utf-8")
    capsys.readouterr()
    assert run(["package", "verify", "one"]) == 2
    assert "one:files/extra.txt" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("I1=2.4", "is measured in"),
        ("I9=1 %", "no indicator"),
        ("two", "is no value"),
        ("I1=2.4.1 %", "wrong values"),
    ],
)
def test_a_value_without_its_unit_or_indicator_is_not_packed(
    site: Path, capsys: pytest.CaptureFixture[str], value: str, told: str
) -> None:
    capsys.readouterr()
    assert make("1.zip", value=value) == 2
    assert told in capsys.readouterr().err
    assert not Path("1.zip").exists()


def test_a_key_is_never_written_over_and_only_its_reader_may_read_it(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Path("site.pem").stat().st_mode & 0o777 == 0o600
    before = Path("site.pem").read_bytes()
    assert run(["package", "key", "site.pem"]) == 2
    assert Path("site.pem").read_bytes() == before
    assert "name another file" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["nothing.zip", "protocol.json", "log.csv"])
def test_what_is_no_package_is_said_plainly(
    site: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert run(["package", "verify", name]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert run(["package", "verify", "1.zip", "--protocol", "log.csv"]) == 2


def test_another_projects_package_is_none_to_follow(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make("1.zip")
    Path("protocol.json").write_text(json.dumps({**PROTOCOL, "project": "P-2026-002"}), encoding="utf-8")
    capsys.readouterr()
    assert make("2.zip", "--previous", "1.zip") == 2
    assert "is of project P-2026-001, not of P-2026-002" in capsys.readouterr().err


def test_the_site_needs_no_django(site: Path) -> None:
    make("1.zip")
    code = "import sys; from jiebang.cli.app import run; assert run(['package', 'verify', '1.zip']) == 0; "
    code += "assert 'django' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=site)
    assert done.returncode == 0, done.stderr
