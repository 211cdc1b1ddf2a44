"""Wait for the recorder's end; if it was killed, end the program it ran and remove its temporary folder.

A process of its own, since nothing in a process that gets SIGKILL can clean up. It knows that the
recorder is gone when its input ends; a recorder that ended by itself has removed the folder before.
Run as `python janitor.py FOLDER`; needs /proc.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path


def main() -> None:
    """Wait, then clean up what is left."""
    folder = Path(sys.argv[1])
    sys.stdin.buffer.read()
    for _ in range(3):  # a program that was just being started, or a build that still writes
        if not folder.exists():
            return
        end_programs_of(folder)
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.2)


def end_programs_of(folder: Path) -> None:
    """Kill each process whose program lies in `folder`, and the process group it is in."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended, or is another user's
            program = (process / "exe").readlink()
            if program.is_relative_to(folder) and os.getpgid(int(process.name)) != os.getpgid(0):
                os.killpg(os.getpgid(int(process.name)), signal.SIGKILL)


if __name__ == "__main__":
    main()
