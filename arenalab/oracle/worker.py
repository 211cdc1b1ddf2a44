"""A worker of a fuzz run ends with the run, even if that was killed, and so does the program it watches."""

from __future__ import annotations

import os
import signal
import threading
from multiprocessing import parent_process
from multiprocessing.connection import wait


def start_worker() -> None:
    """Prepare a process of a pool: Ctrl-C is left to the run itself, and the run's end is this one's.

    The worker and the programs it starts become a process group, so that one signal ends them all.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.name == "posix":
        os.setpgrp()
        threading.Thread(target=_end_with_the_run, daemon=True).start()


def _end_with_the_run() -> None:
    run = parent_process()
    if run is not None:
        wait([run.sentinel])
        os.killpg(0, signal.SIGKILL)
