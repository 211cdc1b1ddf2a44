"""Mistakes of a new user, each made once: what ArenaLab says to them.

`python -m tools.mistakes` prints one line for each: its name, the error, the text. A test compares the lines with
tests/data/mistakes.txt, and refuses any that is a bare Python error, a traceback or silence.
`python -m tools.mistakes make` writes that file anew.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from arenalab.course.family import FAMILIES
from arenalab.course.registry import families
from arenalab.errors import ArenaLabError
from arenalab.machine.machine import Machine
from arenalab.world.ops import Snapshot
from tools.mistakes_lab import LAB
from tools.mistakes_made import API, COMMANDS, MADE, prepare
from tools.mistakes_more import MORE

GOLDEN = Path(__file__).parents[1] / "tests" / "data" / "mistakes.txt"
PYTHON = API | LAB | MORE
SILENCE = "nothing was said"
BROKEN = "the program does not go on"


def said(mistakes: dict[str, Callable[[], Any]]) -> Iterator[str]:
    """Yield a line for each mistake in Python: the error's kind and text."""
    for name, make in mistakes.items():
        MADE.clear()
        try:
            made = make()
        except ArenaLabError as error:
            yield f"{name}: {type(error).__name__}: {error}"
        except Exception as error:  # noqa: BLE001  # that is what this looks for
            yield f"{name}: BARE {type(error).__name__}: {error}"
        else:
            yield f"{name}: {SILENCE} ({made!r:.60})"
        if not all(map(goes_on, MADE)):
            yield f"{name}: {BROKEN}"


def goes_on(machine: Machine) -> bool:
    """Return whether a program's history is whole, and the program goes on, or has died."""
    history = machine.history
    if history.at(len(history)) != history.world:
        return False
    return bool(history.world.died) or not machine.do(Snapshot())


def printed(commands: dict[str, list[str]]) -> Iterator[str]:
    """Yield a line for each mistake on the command line: the exit status and what stderr holds."""
    from arenalab.cli import main  # noqa: PLC0415  # so that importing this costs nothing

    for name, arguments in commands.items():
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status: Any = main(arguments)
            except SystemExit as end:
                status = end.code
            except Exception as error:  # noqa: BLE001  # that is what this looks for
                status = f"BARE {type(error).__name__}: {error}"
        text = " | ".join(err.getvalue().strip().splitlines()) or SILENCE
        yield f"arenalab {' '.join(arguments) or name}: {status}: {text}"


def lines() -> list[str]:
    """Make every mistake in a fresh folder; return what was said, the folder's name left out."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            prepare()
            families()  # read before, so that they stay
            with mock.patch.dict(FAMILIES):  # some mistakes enter exercises
                told = [*said(PYTHON), *printed(COMMANDS)]
        finally:
            os.chdir(before)
        return [_same_everywhere(line, folder) for line in told]


def _same_everywhere(line: str, folder: str) -> str:
    """Leave out what differs by machine or grows: the folder, how ArenaLab was installed, how many names there are."""
    line = re.sub(r"\(\d+ in all\)", "(N in all)", line)
    line = re.sub("install it with: .*?, or", "install it with: ..., or", line)
    return line.replace(folder, "FOLDER").replace("\n", " ⏎ ")


def main(arguments: list[str]) -> int:
    """Print what is said, or write the golden file."""
    told = lines()
    if arguments == ["make"]:
        GOLDEN.write_text("\n".join(told) + "\n", encoding="utf-8")
    print("\n".join(told))
    bad = [line for line in told if "BARE" in line or SILENCE in line or BROKEN in line]
    print(f"\n{len(told)} mistakes, {len(bad)} met with a bare error or silence")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
