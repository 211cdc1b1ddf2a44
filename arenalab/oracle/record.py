"""Perform a program in real Go and write what the runtime then held: a recording.

The format is described in docs/recording-format.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from arenalab.errors import ScenarioError
from arenalab.files import written_whole
from arenalab.go.mirror import within
from arenalab.oracle.build import Recorder, build_recorder
from arenalab.oracle.performance import Performance
from arenalab.oracle.program import Program
from arenalab.oracle.toolchain import Go, Toolchain, find_toolchain
from arenalab.progress_line import ProgressLine
from arenalab.world.ops import OPS

HEX_LIMIT = 32_768  # masks of more words are given by their digest alone where a program gives them
Bits = Literal["delta", "full", "hash", "words"]

# The run's surroundings are part of what is recorded. GC only when asked, one P, no preemption
# signals. Go keeps the arguments and the environment in slices on its heap; five arguments make
# one of 80 bytes, a size that nothing an arena needs shares.
ENVIRONMENT = {"GOGC": "off", "GOMAXPROCS": "1", "GODEBUG": "asyncpreemptoff=1"}
ARGUMENTS = ["operations", "from", "standard", "input"]


def record(
    program: Program,
    out: Path,
    *,
    go: Go = None,
    snapshot: int = 5,
    bits: Bits = "delta",
) -> dict[str, Any]:
    """Perform `program` in real Go and write the recording to `out`.

    Args:
        program: the types and operations.
        out: the file to write; it appears whole or not at all.
        go: a Go command or version, when not the installed one; see `find_toolchain`.
        snapshot: operations from one snapshot to the next; 0 for those asked for only.
        bits: how snapshots show pointer bits: what changed, all, hashes only, or what changed without hashes.

    Returns:
        The recording's last row: `end`, or `crash` when the program died.

    Raises:
        ToolchainError: there is no such Go, or it refused the types.
        ScenarioError: raised by `Program` for operations without meaning.
    """
    toolchain = find_toolchain(go)
    refuse_older(program, toolchain)
    recorder = build_recorder(toolchain, program.types, program.declarations())
    count = len(program.ops)
    with written_whole(out) as file, ProgressLine(after=0) as line:
        line.show(f"{count:,} operations in real Go")
        return run(
            recorder, program, file.write, snapshot=snapshot, bits=bits,
            watch=lambda done: line.show(f"{done:,} of {count:,} operations in real Go", done / max(count, 1)),
        )  # fmt: skip


def refuse_older(program: Program, toolchain: Toolchain) -> None:
    """Raise `ScenarioError` if a toolchain is older than what a program asks for."""
    if not within(toolchain.release.line, program.since):
        late = next(op["op"] for op in program.ops if OPS[op["op"]].since == program.since)
        raise ScenarioError(
            f"{late} came with Go {program.since}, and this is {toolchain.version}; choose another with --go"
        )


def run(
    recorder: Recorder,
    program: Program,
    write: Callable[[str], object],
    *,
    snapshot: int = 5,
    bits: Bits = "delta",
    pool: list[int] | None = None,
    timeout: float = 600,
    watch: Callable[[int], None] = lambda _: None,
) -> dict[str, Any]:
    """Run a built recorder on `program` and `write` the recording's lines as they come; return the last row.

    `pool` says which of the recorder's types the program's types are, when it knows more; `watch` receives how many
    operations are done.
    """
    write(_json(header(recorder, program, snapshot, bits)))
    asked = program.text(every=snapshot, bits=bits, pool=pool).encode()
    last: dict[str, Any] = {}
    done = 0
    with Performance([str(recorder.path), *ARGUMENTS], asked, ENVIRONMENT, timeout) as performance:
        for line in performance.lines():
            if line.startswith('{"type":'):
                write(_json(_finish_type(json.loads(line), program)))
                continue
            write(line)
            if line.startswith(('{"end"', '{"error"')):
                last = json.loads(line)
            elif line.startswith('{"i":'):
                done += 1
                watch(done)
    if not last:
        last = {"crash": performance.status, "stderr": performance.said[:4000]}
        write(_json(last))
    return last


def header(recorder: Recorder, program: Program, snapshot: int, bits: Bits) -> dict[str, Any]:
    """The first row of a recording."""
    return {
        "oracle": recorder.release.recording_format,
        "go": recorder.version,
        "experiment": ",".join(recorder.release.experiments),
        "seed": program.seed,
        "profile": program.profile,
        "snapshot": "op" if snapshot == 1 else str(snapshot),
        "bits": bits,
        "nops": len(program.ops),
    }


def _finish_type(row: dict[str, Any], program: Program) -> dict[str, Any]:
    """Add to a type row what Python counts more easily than an allocation-free Go program."""
    mask = bytes.fromhex(row["ptrmask"]["hex"])
    words = row["ptrmask"]["n"]
    row["ptrmask"] = {
        "n": words,
        "ones": int.from_bytes(mask, "little").bit_count(),
        "sha256": hashlib.sha256(mask).hexdigest()[:32],
    } | ({"hex": mask.hex()} if words <= HEX_LIMIT or not row["gcprog"] else {})
    if row["type"] < len(program.names):
        row["name"] = program.names[row["type"]]
    return row


def _json(row: dict[str, Any]) -> str:
    return json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n"


def type_rows(toolchain: Toolchain, program: Program) -> list[dict[str, Any]]:
    """The type rows the Go compiler gives for the program's types."""
    lines: list[str] = []
    recorder = build_recorder(toolchain, program.types, program.declarations())
    empty = Program(program.types, [], names=program.names)
    run(recorder, empty, lines.append, snapshot=0)
    return [json.loads(line) for line in lines if line.startswith('{"type":')]
