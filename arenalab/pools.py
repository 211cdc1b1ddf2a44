"""Where work is done: processes of this machine, or a dask cluster."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import partial
from typing import Any

from arenalab.errors import ScenarioError
from arenalab.install import require
from arenalab.workers import AHEAD, Workers

ANSWERS_WITHIN = 10  #: seconds that a scheduler has.


def processors() -> int:
    """Return how many processes can work at once here."""
    return os.cpu_count() or 1


@contextmanager
def workers(jobs: int = 1, dask: str | None = None) -> Iterator[Workers]:
    """Yield workers: a dask cluster's if its scheduler's address is given, else so many processes; one is this one.

    Raises:
        ScenarioError: no scheduler answers there.

    """
    if dask is not None:
        with _cluster(dask) as made:
            yield made
        return
    pool = _pool(jobs)
    made = Workers.of(None) if jobs == 1 else Workers(pool(), AHEAD * jobs, pool)
    try:
        yield made
    except BaseException:
        made.executor.shutdown(wait=False, cancel_futures=True)
        raise
    made.executor.shutdown(cancel_futures=True)


def _pool(jobs: int) -> Callable[[], Executor]:
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  # there are machines without processes

    return partial(ProcessPoolExecutor, jobs, initializer=start_worker)


@contextmanager
def _cluster(address: str) -> Iterator[Workers]:
    require("sweep", "distributed")
    import distributed  # noqa: PLC0415  # the `sweep` extra

    library: Any = distributed  # which is without types
    try:
        _, place = library.comm.addressing.parse_address(address)
        library.comm.addressing.parse_host_port(place)  # a client that can't read it is not gone at once
        client = library.Client(address, timeout=ANSWERS_WITHIN, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ScenarioError(
            f"{address}: no dask scheduler answers there, as tcp://HOST:8786 would: {error}"
        ) from None
    with client:
        threads: dict[str, Any] = client.nthreads()
        yield Workers(client.get_executor(pure=False), AHEAD * max(sum(threads.values()), 1), far=True)


def start_worker() -> None:
    """Prepare a process of a pool: Ctrl-C is left to the run itself, and the run's end is this one's.

    The worker and the programs it starts become a process group, so that one signal ends them all.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.name == "posix":
        os.setpgrp()
        threading.Thread(target=_end_with_the_run, daemon=True).start()


def _end_with_the_run() -> None:
    from multiprocessing import parent_process  # noqa: PLC0415  # as above
    from multiprocessing.connection import wait as wait_for  # noqa: PLC0415

    run = parent_process()
    if run is not None:
        wait_for([run.sentinel])
        os.killpg(0, signal.SIGKILL)
