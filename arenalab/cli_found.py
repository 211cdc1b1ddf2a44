"""The files that are meant by files and folders."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from arenalab.errors import ScenarioError
from arenalab.file_kind import RECORDING, SCENARIO, TYPES_COLUMN, known_kind
from arenalab.units import counted

ROWS = (".jsonl", ".jsonl.gz")  #: names under which rows stand: one that tells no kind may be cut off.


@dataclass
class Found:
    """Files to check, and how many others lay beside them in folders."""

    files: list[Path] = field(default_factory=list)
    others: int = 0

    def rest(self) -> str:
        """Describe what was left alone; "" for nothing."""
        return f"; left alone: {counted(self.others, 'file')} of other kinds" if self.others else ""


def found(paths: Sequence[Path]) -> Found:
    """Return the files that are named, and of folders the recordings and scenarios in them, at any depth.

    A file that is named is checked whatever it is; in a folder its content says whether it is meant. Hidden files
    and folders are not, and a trace's folder is one thing.
    """
    there = Found()
    for path in paths:
        if not path.is_dir() or (path / TYPES_COLUMN).exists():
            there.files.append(path)
            continue
        before = len(there.files)
        for file in _within(path):
            if _is_meant(file):
                there.files.append(file)
            else:
                there.others += 1
        if len(there.files) == before:
            there.files.append(path)  # to be refused, by its name
    return there


def _within(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name[0] != "." and not (Path(root) / name / TYPES_COLUMN).exists()
        )
        yield from (Path(root) / name for name in sorted(files) if name[0] != ".")


def _is_meant(file: Path) -> bool:
    """Return whether a file is a recording or a scenario, or was to be one and is damaged."""
    if file.suffix == ".toml":
        return _is_scenario(file)
    try:
        kind = known_kind(file)
    except ScenarioError:
        return file.name.endswith((*ROWS, ".npz"))
    return kind in {RECORDING, SCENARIO} or (not kind and file.name.endswith(ROWS))


def _is_scenario(file: Path) -> bool:
    """Return whether a TOML file is a scenario, right or wrong; any other, such as pyproject.toml, is none."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return True
    return not {"ops", "expect"}.isdisjoint(data)
