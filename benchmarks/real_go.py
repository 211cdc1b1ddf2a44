"""Real Go performing the rows of a trace: the figure that replaying is compared with."""

import shutil
import subprocess
from pathlib import Path

import numpy as np

from arenalab.oracle.toolchain import find_toolchain

SOURCES = Path(__file__).parent / "realgo"
ROW = np.dtype([("op", "u1"), ("user_arena", "<i4"), ("type", "<u2"), ("n", "<i8")])


class RealGo:
    """A Go program that knows the types of a trace."""

    def __init__(self, types, folder):
        """Build it in `folder`."""
        toolchain = find_toolchain()
        self.folder, self.program = Path(folder), Path(folder) / "realgo"
        source = self.folder / "source"
        shutil.copytree(SOURCES, source)
        (source / "pool.go").write_text(pool_of(types), encoding="utf-8")
        toolchain.run(["build", "-o", str(self.program), "."], source)

    def rows(self, trace):
        """Write a trace's rows for it; return the file."""
        packed = np.empty(len(trace), ROW)
        for name in ROW.names:
            packed[name] = getattr(trace, name)
        path = self.folder / "rows"
        path.write_bytes(packed.tobytes())
        return path

    def trace_ns(self, trace, rounds=3):
        """Return processor nanoseconds per operation, chunks mapped, faulted in and zeroed: of the best run.

        That of the thread that performs it, and that of all threads: the collector has its own.
        """
        rows = self.rows(trace)
        runs = [tuple(map(float, self._run("trace", rows).split())) for _ in range(rounds)]
        return tuple(spent / len(trace) for spent in min(runs))

    def bump_ns(self, trace):
        """Return nanoseconds per allocation in a chunk that is there."""
        return float(self._run("bump", self.rows(trace)))

    def _run(self, mode, rows):
        return subprocess.run([self.program, mode, rows], capture_output=True, text=True, check=True).stdout


def pool_of(types):
    """Return the Go file that makes values of each type."""
    entries = "".join(
        f"\t{{func(a *arena.Arena) unsafe.Pointer {{ return unsafe.Pointer(arena.New[{t.expr}](a)) }},\n"
        f"\t\tfunc(a *arena.Arena, n int) unsafe.Pointer {{ "
        f"return unsafe.Pointer(unsafe.SliceData(arena.MakeSlice[{t.expr}](a, n, n))) }}}},\n"
        for t in types
    )
    return f'package main\n\nimport (\n\t"arena"\n\t"unsafe"\n)\n\nvar pool = []pooled{{\n{entries}}}\n'
