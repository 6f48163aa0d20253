"""What we ship is one wheel: everything is in it, and it plays the demo by itself."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel, from a copy of what git would publish."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as installed, in a folder of its own."""
    folder = tmp_path_factory.mktemp("installed")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def run(unpacked: Path, *arguments: str) -> str:
    """Run Python with the unpacked package in front of the working copy."""
    own = {"JIEBANG_HOME", "JIEBANG_SECRET", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    environment = {key: value for key, value in os.environ.items() if key not in own}
    environment["PYTHONPATH"] = str(unpacked)
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=environment, cwd=unpacked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_everything_in_the_package_is_in_the_wheel(wheel: Path) -> None:
    files = [path for path in (SOURCE / "jiebang").rglob("*") if path.is_file()]
    mine = {path.relative_to(SOURCE).as_posix() for path in files if "__pycache__" not in path.parts}
    assert mine - set(zipfile.ZipFile(wheel).namelist()) == set()


def test_the_wheel_carries_its_licence(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if name.endswith("dist-info/licenses/LICENSE")]


def test_the_installed_package_is_the_one_that_runs(unpacked: Path) -> None:
    said = run(unpacked, "-c", "import jiebang; print(jiebang.__file__)")
    assert Path(said.strip()).is_relative_to(unpacked)
    assert run(unpacked, "-m", "jiebang", "--version").strip()


def test_the_wheel_plays_the_demo(unpacked: Path, tmp_path: Path) -> None:
    said = run(unpacked, "-m", "jiebang", "demo", "--home", str(tmp_path / "home"), "--no-serve", "--json")
    assert json.loads(said.splitlines()[-1])["awarded"] >= 1
