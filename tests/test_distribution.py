"""What is released: the source archive holds the whole project, the wheel all that an installed ArenaLab needs."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from arenalab.workbook import parts
from tests.test_labextension import PROJECT, SHARED

ROOT = Path(__file__).resolve().parents[1]
NAMED = f"arenalab-{PROJECT['project']['version']}"
DATA, INFO = f"{NAMED}.data/data/", f"{NAMED}.dist-info/"


def built(folder, kind, out):
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(out)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def listed(*which):
    """Return files that git knows of, or would if they were added."""
    command = [shutil.which("git"), "ls-files", "-z", *which]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {name for name in names.split("\0") if name and (ROOT / name).is_file()}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The unpacked source archive."""
    folder = tmp_path_factory.mktemp("sdist")
    built(ROOT, "sdist", folder)
    [archive] = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    [found] = [path for path in folder.iterdir() if path.is_dir()]
    return found


@pytest.fixture(scope="module")
def wheel(source):
    """The wheel that is built from the source archive, hence with nothing that only a clone has."""
    built(source, "wheel", source.parent)
    [found] = source.parent.glob("*.whl")
    return found


def test_source_archive_holds_the_whole_project_and_nothing_else(source):
    held = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
    known = listed("--cached", "--others", "--exclude-standard")
    assert held == known | {"PKG-INFO"}


def test_wheel_holds_package_course_and_jupyters_part_and_nothing_else(wheel):
    package = {
        name for name in listed("--cached", "--others", "--exclude-standard") if name.startswith("arenalab/")
    }
    course = {f"arenalab/notebooks/{part.as_posix()}" for part in parts(ROOT / "notebooks")}
    jupyter = set()
    for origin, target in SHARED.items():
        inside = [path for path in (ROOT / origin).rglob("*") if path.is_file()]
        jupyter |= {f"{DATA}{target}/{path.relative_to(ROOT / origin).as_posix()}" for path in inside}
        jupyter |= {DATA + target} if (ROOT / origin).is_file() else set()
    names = ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")
    assert set(zipfile.ZipFile(wheel).namelist()) == package | course | jupyter | {
        INFO + name for name in names
    }


def test_course_is_copied_from_the_wheel_into_an_empty_folder(wheel, tmp_path):
    installed, empty = tmp_path / "installed", tmp_path / "empty"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(installed)  # noqa: S202  # our own wheel
    empty.mkdir()
    command = [sys.executable, "-m", "arenalab", "course", "--copy-only"]
    done = subprocess.run(
        command,
        cwd=empty,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (
        done.stdout
        == "ArenaLab: arenalab-course: your copy of the workbook, " + done.stdout.rpartition(", ")[2]
    )
    copied = {part: (empty / "arenalab-course" / part).read_bytes() for part in parts(ROOT / "notebooks")}
    assert copied == {part: (ROOT / "notebooks" / part).read_bytes() for part in copied}
    assert done.stdout.endswith(f", {len(copied)} files\n")
