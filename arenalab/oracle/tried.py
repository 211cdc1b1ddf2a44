"""`arenalab go try`: what of ArenaLab no longer fits a Go release, step by step; the known ones fit."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from arenalab.errors import ArenaLabError, ModelBug
from arenalab.oracle.build import build_program
from arenalab.oracle.capture.overlay import capturing_files
from arenalab.oracle.capture.toolchains import SINCE
from arenalab.oracle.fingerprint import STORED, Prints, tell_changes
from arenalab.oracle.generate import Shape, random_ops
from arenalab.oracle.own.package import Overlay
from arenalab.oracle.pool_types import random_types
from arenalab.oracle.program import Program
from arenalab.oracle.random_types import random_types as random_layouts
from arenalab.oracle.record import record, type_rows
from arenalab.oracle.releases import NEWEST, RELEASES, serves
from arenalab.oracle.toolchain import Toolchain
from arenalab.oracle.types_oracle import read_descriptors
from arenalab.oracle.watch.patch import watching_runtime
from arenalab.truth.check import check
from arenalab.truth.recording import load_recording

OPERATIONS, TYPES = 300, 24


def try_release(toolchain: Toolchain) -> int:
    """Try every part of the recorder, and the model beside it; print what came of each; return 0 if all fit, else 1."""
    known = RELEASES.get(toolchain.minor)
    assumed = known or replace(NEWEST, line=toolchain.minor, tried=toolchain.version.removeprefix("go"))
    print(
        f"{toolchain.version}: {'known' if known else f'not known, taken as {NEWEST.line} with another number'}"
    )
    go = replace(toolchain, assumed=assumed)
    then = Prints.stored(STORED / f"go{(known or NEWEST).tried}.json")
    steps: dict[str, Callable[[], str]] = {
        "texts of the runtime": lambda: _texts(then, go),
        "recorder": lambda: _builds(go, "program"),
        "cases of misuse": lambda: _builds(go, "cases"),
        "types": lambda: f"{len(read_descriptors(random_layouts(1, TYPES), go))} descriptors read",
        "your own program": lambda: f"{_overlaid(watching_runtime, go)} files of the runtime are ours",
        "traces of it": lambda: _traces(go),
        "model": lambda: _checked(go),
    }
    return max([_step(name, step) for name, step in steps.items()])


def _traces(go: Toolchain) -> str:
    if not serves(go.version, SINCE):
        return f"none with allocations before Go {SINCE}"
    return f"{_overlaid(capturing_files, go)} files of Go's packages are ours"


def _overlaid(overlay: Overlay, go: Toolchain) -> int:
    """Return how many files an overlay replaces or adds."""
    with tempfile.TemporaryDirectory() as folder:
        return len(overlay(go, Path(folder)))


def _step(name: str, step: Callable[[], str]) -> int:
    try:
        print(f"{name}: {step()}")
    except (ArenaLabError, ModelBug) as trouble:
        print(f"{name}: DOES NOT FIT: {trouble}")
        return 1
    return 0


class Changed(ArenaLabError):
    """Texts that the model follows are others now."""


def _texts(then: Prints, go: Toolchain) -> str:
    if tell_changes(then, Prints.of(go)):
        raise Changed("what is named above must be read again")
    return "the same"


def _builds(go: Toolchain, name: str) -> str:
    build_program(go, name)
    return "builds"


def _checked(go: Toolchain) -> str:
    """Record a random program, compare it with the model, and return the report's summary."""
    chance = random.Random(go.version)  # noqa: S311  # not for secrets
    types = random_types(chance, TYPES)
    shapes = [Shape.of(row) for row in type_rows(go, Program(types, []))]
    ops = random_ops(chance, OPERATIONS, "gc", shapes, go.release.line)
    program = Program(types, ops, f"try:{go.version}", "gc")
    with tempfile.TemporaryDirectory(prefix="arenalab-try-") as folder:
        path = Path(folder) / "run.jsonl"
        last = record(program, path, go=go, snapshot=10)
        if "end" not in last:
            raise Changed(f"the recorded program died: {last}")
        report = check(load_recording(path))
    if not report.ok:
        raise Changed("\n".join(report.lines()))
    return report.summary()
