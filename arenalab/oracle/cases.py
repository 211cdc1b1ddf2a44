"""What ends badly, and what `Clone` does, in real Go: one row a case (docs/recording-format.md)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from arenalab.errors import ToolchainError
from arenalab.files import written_whole
from arenalab.oracle.build import build_program
from arenalab.oracle.record import ENVIRONMENT
from arenalab.oracle.toolchain import Go, find_toolchain

CASE_SECONDS = 60


def record_errors(out: Path, *, go: Go = None) -> int:
    """Run each case that ends badly in a child process, and again to see what can be recovered.

    Args:
        out: the file to write, one row a case.
        go: a Go command or version, when not the installed one.

    Returns:
        The number of cases.
    """
    program = build_program(find_toolchain(go), "cases")
    names = _run(program).stdout.split()
    with written_whole(out) as file:
        for name in names:
            file.write(json.dumps(_case(program, name), ensure_ascii=False) + "\n")
    return len(names)


def record_clone(out: Path, *, go: Go = None) -> int:
    """Write what `Clone` does in each of its cases; return how many there are."""
    done = _run(build_program(find_toolchain(go), "cases"), "clone")
    if done.returncode:
        raise ToolchainError(f"the Clone cases ended with {done.returncode}:\n{done.stderr[:1000]}")
    with written_whole(out) as file:
        file.write(done.stdout)
    return len(done.stdout.splitlines())


def _case(program: Path, name: str) -> dict[str, Any]:
    done = _run(program, name)
    returned = done.stderr == "returned"
    return {
        "case": name,
        "exit": done.returncode,
        "message": "" if returned else done.stderr.split("\n\n")[0].rstrip(),
        "stdout": done.stdout,
        "returned": returned,
        "recover": None if returned else _recovered(program, name),
    }


def _recovered(program: Path, name: str) -> dict[str, Any] | str:
    done = _run(program, name, "recover")
    if done.returncode:
        return "fatal"
    told: dict[str, Any] = json.loads(done.stdout)
    return {key: told[key] for key in ("type", "runtime_error", "message")}


def _run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(program), *arguments],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=CASE_SECONDS,
    )
