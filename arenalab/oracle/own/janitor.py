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
    """Kill each process whose program lies in `folder`, with the process group it is in.

    And each one that knows of the folder: a build that goes on, what the program started in a group of its own.
    """
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended, or is another user's
            number = int(process.name)
            inside = (process / "exe").readlink().is_relative_to(folder)
            if inside and os.getpgid(number) != os.getpgid(0):
                os.killpg(os.getpgid(number), signal.SIGKILL)
            elif number != os.getpid() and os.fsencode(folder) in (process / "environ").read_bytes():
                os.kill(number, signal.SIGKILL)


if __name__ == "__main__":
    main()
