"""Measure what trees of nodes cost by Go, GOGC and size: on the heap, in arenas, from a sync.Pool, from slabs of one.

The program is trees/. Each form is run once a round, and within a round the Gos follow each other, so that other work
on the machine falls on all of them alike; of the rounds the one that took the processor least counts.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from arenalab.errors import ToolchainError
from arenalab.oracle.costs import HERE, copied, machine, surroundings
from arenalab.oracle.toolchain import Toolchain

SOURCE = HERE / "trees"
TOTAL, LIVE = 8_000_000, 1_000_000  #: nodes that are made, and that stay alive beside them.
WAYS = ("heap", "arena", "pool", "slabs")
GOGC = ("25", "50", "100", "200", "400", "off")
NODES = (15, 127, 1023, 16_383)  #: of a tree.
CROSSED = (
    "heap",
    "arena",
)  #: of these each GOGC is run with each size; of the others one is varied at a time.
USUAL = ("100", 1023)  #: GOGC and nodes of a tree, where the other is varied.
ROUNDS, QUICK = 3, 1


class Form(NamedTuple):
    """What is run: a Go without some of its experiments, a source of nodes, GOGC, nodes of a tree."""

    go: str
    without: tuple[str, ...]
    on: str
    gogc: str
    nodes: int


def measure_trees(
    gos: Sequence[Toolchain], rounds: int = ROUNDS, watch: Callable[[float, str], None] = lambda *_: None
) -> list[dict[str, Any]]:
    """Build the program with each Go, run every form, and return the lines of a file of `advice/tree_costs.py`.

    `watch` receives the share that is done and what runs next.

    Raises:
        ToolchainError: the program cannot be built, or failed; the text says how.

    """
    load = [round(os.getloadavg()[0], 1)]
    with tempfile.TemporaryDirectory() as made:
        programs = {build: _built(*build, Path(made)) for go in gos for build in _builds(go)}
        runs: dict[Form, list[dict[str, Any]]] = {}
        forms = list(_forms([(go.version, without) for go, without in programs]))
        named = {(go.version, without): program for (go, without), program in programs.items()}
        for number, form in enumerate(forms * rounds):
            watch(number / len(forms) / rounds, f"{form.go}, {form.on}, GOGC={form.gogc}")
            runs.setdefault(form, []).append(_run(named[form.go, form.without], form))
    load.append(round(os.getloadavg()[0], 1))
    header = {"format": 1, "machine": machine(rounds) | {"load": load}, "total": TOTAL, "live": LIVE}
    return [header, *(form._asdict() | _least(found) for form, found in runs.items())]


def _builds(go: Toolchain) -> Iterator[tuple[Toolchain, tuple[str, ...]]]:
    """Yield a Go as it is, and without each experiment that it has switched on, and without all."""
    wanted = {(), *((each,) for each in go.release.optional), go.release.optional}
    return ((go, without) for without in sorted(wanted, key=lambda it: (len(it), it)))


def _built(go: Toolchain, without: tuple[str, ...], folder: Path) -> Path:
    """Build the program; return it."""
    place = folder / "-".join((go.version, *without))
    copied(SOURCE, place, go)
    experiments = ["arenas", *(f"no{each}" for each in without)]
    go.run(["build", "-o", "trees", "."], place, go.environment() | {"GOEXPERIMENT": ",".join(experiments)})
    return place / "trees"


def _forms(builds: Sequence[tuple[str, tuple[str, ...]]]) -> Iterator[Form]:
    """Yield every form; the Gos change quickest. Without experiments only the heap is of interest."""
    for gogc, nodes, on in product(GOGC, NODES, WAYS):
        if on not in CROSSED and gogc != USUAL[0] and nodes != USUAL[1]:
            continue
        for go, without in builds:
            if not without or (on == "heap" and nodes == USUAL[1]):
                yield Form(go, without, on, gogc, nodes)


def _run(program: Path, form: Form) -> dict[str, Any]:
    """Run a form once; return what the program said.

    Raises:
        ToolchainError: it failed.

    """
    command = [
        str(program),
        "-on",
        form.on,
        "-nodes",
        str(form.nodes),
        "-total",
        str(TOTAL),
        "-live",
        str(LIVE),
    ]
    done = subprocess.run(
        command, env=surroundings() | {"GOGC": form.gogc}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ToolchainError(
            f"measuring trees failed with status {done.returncode}: {done.stderr.strip()[:400]}"
        )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _least(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the numbers of the run that took the processor least, and the most that one took."""
    best = min(runs, key=lambda run: float(run["cpu_ns"]))
    return {
        "cpu_ns": round(best["cpu_ns"], 1),
        "most_ns": round(max(run["cpu_ns"] for run in runs), 1),
        "cycles": best["cycles"],
        "peak_mib": round(best["peak_kib"] / 1024, 1),
    }
