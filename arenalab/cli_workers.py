"""Where a command works: `--jobs N` processes, or `--dask ADDRESS`, a cluster."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager

from arenalab.cli_parser import Parser
from arenalab.pools import processors, workers
from arenalab.workers import Workers

MOST = 1000


def add_workers(made: Parser, what: str) -> None:
    """Add the options; `what` says what is done at once, such as "files that are checked"."""
    made.add_argument(
        "--jobs", type=jobs, default=processors(), metavar="N",
        help=f"{what} at once, each in a process (default 0: as many as there are cores)",
    )  # fmt: skip
    made.add_argument(
        "--dask", metavar="ADDRESS",
        help="work on a dask cluster, such as tcp://HOST:8786, that sees the same files (extra `sweep`)",
    )  # fmt: skip


def jobs(text: str) -> int:
    """Read how many processes; 0 is as many as there are cores.

    Raises:
        ArgumentTypeError: no whole number from 0 to 1000.

    """
    if not text.isascii() or not text.isdigit() or int(text) > MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes, 0 to {MOST}")
    return int(text) or processors()


def workers_of(options: argparse.Namespace, most: int = MOST) -> AbstractContextManager[Workers]:
    """Return the workers that were asked for; no more processes than there are pieces of work."""
    return workers(min(options.jobs, max(most, 1)), options.dask)
