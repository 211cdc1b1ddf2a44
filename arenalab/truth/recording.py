"""Recording: a run of real Go, read and validated, ready to be re-executed or looked at.

Follows the project's recording format, versions 1 and 2 (docs/recording-format.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arenalab.asked import called, path_of
from arenalab.errors import RecordingError, ScenarioError, shown
from arenalab.go.types import GoType
from arenalab.truth import rows
from arenalab.truth.type_rows import with_mask
from arenalab.world import ops
from arenalab.world.asked import Asked
from arenalab.world.ops import Op

FORMATS = (1, 2)
HEX = re.compile(r"0x[0-9a-f]{1,16}")


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of the run: what was asked and what Go reported."""

    line: int  #: line of the file, from 1.
    index: int  #: number of the operation.
    op: Op
    seen: dict[str, Any]  #: the whole row.


@dataclass(frozen=True, slots=True)
class Snap:
    """One snapshot of the runtime's internals."""

    line: int
    after: int  #: number of the operation before it.
    seen: dict[str, Any]


@dataclass(slots=True)
class Recording:
    """A recorded file: types, a run of operations and snapshots, or rows of another kind."""

    path: str
    header: dict[str, Any] = field(default_factory=dict)
    start: dict[str, Any] = field(default_factory=dict)
    types: list[GoType] = field(default_factory=list)
    type_rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)  #: (line, row)
    items: list[Step | Snap] = field(default_factory=list)
    cases: list[tuple[int, dict[str, Any]]] = field(default_factory=list)  #: crash or Clone cases
    end: dict[str, Any] = field(default_factory=dict)

    @property
    def partial(self) -> bool:
        """Whether a fact that is absent was not looked at: the recording of a program that nobody changed."""
        return self.header.get("observed") == "partial"

    @property
    def go(self) -> str:
        """Return which Go made it, as runtime.Version says: "go1.21.13 X:arenas"; "" where the file doesn't say."""
        return next(
            (said for said in (self.start.get("go"), self.header.get("go")) if isinstance(said, str)), ""
        )

    @property
    def first_chunk(self) -> int | None:
        """Return the address of the first chunk, as the first operation that got one tells; None without one."""
        for step in self.steps:
            base, number = step.seen.get("base"), step.seen.get("chunk", step.seen.get("active"))
            if isinstance(base, str) and type(number) is int and number >= 0 and HEX.fullmatch(base):
                stride = self.start.get("chunk")
                return int(base, 16) - number * stride if type(stride) is int else None
        return None

    @property
    def ops(self) -> list[Op]:
        """Return the program that was run."""
        return [item.op for item in self.items if isinstance(item, Step)]

    @property
    def steps(self) -> Iterator[Step]:
        """Return the operations with what Go reported."""
        return (item for item in self.items if isinstance(item, Step))

    def __repr__(self) -> str:
        """Say what it holds."""
        return f"<Recording {Path(self.path).name}: {len(self.types)} types, {len(self.ops)} operations>"


@called
def load_recording(path: str | Path) -> Recording:
    """Read a recording file.

    Raises:
        RecordingError: not a recording, cut off, or a row that lies; names file, line and trouble.

    """
    source = path_of("path", path)
    recording = Recording(str(path))
    reader = _Reader(recording)
    try:
        with source.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    reader.take(number, line)
    except (OSError, UnicodeDecodeError) as error:
        raise RecordingError(f"{path}: can't be read ({error})") from None
    reader.close()
    return recording


class _Reader:
    """Sorts a file's lines into a Recording and holds each against the format."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.next_index = 0
        self.sweep_due = False  # since a finish_mark; rows tell no counters until all is swept.
        self.asked = Asked()

    def take(self, line: int, text: str) -> None:
        where = f"{self.recording.path}:{line}"
        row = rows.parse_line(text, where)
        if line == 1 and "oracle" in row:
            self._header(row, where)
        elif "case" in row:
            self.recording.cases.append((line, row))
        elif "op" in row:
            self._op(line, row, where)
        elif "snap" in row:
            self._snap(line, row, where)
        elif "expr" in row:
            self._type(line, row, where)
        elif "start" in row:
            self.recording.start = rows.mapping(row, "start", where)
            rows.counters(self.recording.start, "abs", where)
        elif "end" in row:
            self._end(row, where)
        elif "crash" in row or "error" in row:
            self.recording.end = row
        else:
            raise RecordingError(f"{where}: not a row of a recording (keys {shown(sorted(row))})")

    def close(self) -> None:
        recording = self.recording
        if recording.header and not recording.end:
            raise RecordingError(
                f"{recording.path}: the run is cut off: its last line is no end, crash or error row"
            )
        if not (recording.header or recording.type_rows or recording.cases):
            raise RecordingError(f"{recording.path}: holds no row of a recording")

    def _header(self, row: dict[str, Any], where: str) -> None:
        if row["oracle"] not in FORMATS or type(row["oracle"]) is not int:
            known = " and ".join(map(str, FORMATS))
            raise RecordingError(f"{where}: format {shown(row['oracle'])}; this reads formats {known}")
        self.recording.header = row

    def _type(self, line: int, row: dict[str, Any], where: str) -> None:
        if "type" in row and row["type"] != len(self.recording.types):
            raise RecordingError(
                f"{where}: type {shown(row['type'])} comes as number {len(self.recording.types)}"
            )
        earlier = (given for _, given in self.recording.type_rows)
        try:
            self.recording.types.append(GoType.from_row(with_mask(row, earlier)))
        except (RecordingError, ValueError) as error:
            raise RecordingError(f"{where}: {error}") from None
        self.recording.type_rows.append((line, row))

    def _op(self, line: int, row: dict[str, Any], where: str) -> None:
        self._inside_run(where)
        index = rows.integer(row, "i", where)
        if index < self.next_index:
            raise RecordingError(f"{where}: operation {index} comes after operation {self.next_index - 1}")
        self.next_index = index + 1
        if "g" in row:
            rows.integer(row, "g", where, low=1)
        self.sweep_due = (self.sweep_due or row["op"] == "finish_mark") and "d" not in row
        if "d" in row or not (self.recording.partial or self.sweep_due):
            rows.counters(row, "d", where)
        self.recording.items.append(Step(line, index, self._read_op(row, where), row))

    def _snap(self, line: int, row: dict[str, Any], where: str) -> None:
        self._inside_run(where)
        after = rows.integer(row, "after", where, low=-1)
        self.recording.items.append(Snap(line, after, row))

    def _end(self, row: dict[str, Any], where: str) -> None:
        self.recording.end = row
        claimed = rows.integer(rows.mapping(row, "end", where), "ops", where)
        if claimed != self.next_index:
            raise RecordingError(
                f"{where}: the run claims {claimed} operations; the file has {self.next_index}"
            )

    def _inside_run(self, where: str) -> None:
        if not self.recording.start:
            raise RecordingError(f"{where}: an operation or snapshot before the header and start rows")
        if self.recording.end:
            raise RecordingError(f"{where}: a row after the end row")

    def _read_op(self, row: dict[str, Any], where: str) -> Op:
        name = rows.text(row, "op", where)
        reader = OP_READERS.get(name)
        if reader is None:
            raise RecordingError(
                f"{where}: unknown operation {shown(name)}; there is {', '.join(OP_READERS)}"
            )
        try:
            op = reader(row, where, self.recording.types)
            if isinstance(op, ops.Rep):
                self.asked.add(op.n, op.type)
        except ScenarioError as error:
            raise RecordingError(f"{where}: {error}") from None
        return op


def _arena(row: dict[str, Any], where: str, key: str = "arena") -> int:
    return rows.integer(row, key, where, high=rows.MAX_ID)


def _type_of(row: dict[str, Any], where: str, types: list[GoType]) -> GoType:
    number = rows.integer(row, "type", where)
    if number >= len(types):
        raise RecordingError(f"{where}: type {number} of {len(types)}")
    return types[number]


def _schedule(row: dict[str, Any], where: str) -> tuple[int, ...]:
    """Return when the finalizer goroutine ran, where a row says it."""
    if "finalizers_after" not in row:
        return ops.FINALIZERS_FIRST
    visits = rows.integers(row, "finalizers_after", where)
    if any(not 0 <= number <= rows.MAX_ID for number in visits):
        raise RecordingError(
            f"{where}: 'finalizers_after' must hold numbers of spans swept, not {shown(visits)}"
        )
    return tuple(visits)


OP_READERS: dict[str, Callable[[dict[str, Any], str, list[GoType]], Op]] = {
    "new_arena": lambda row, where, _: ops.NewArena(_arena(row, where)),
    "new": lambda row, where, types: ops.New(_arena(row, where), _type_of(row, where, types)),
    "slice": lambda row, where, types: ops.MakeSlice(
        _arena(row, where), _type_of(row, where, types), rows.integer(row, "cap", where, low=-rows.MAX_INT)
    ),
    "rep": lambda row, where, types: ops.Rep(
        _arena(row, where), _type_of(row, where, types), rows.integer(row, "n", where)
    ),
    "free": lambda row, where, _: ops.Free(_arena(row, where), by_finalizer=row.get("finalizer") is True),
    "drop": lambda row, where, _: ops.Drop(_arena(row, where)),
    "hold": lambda row, where, _: ops.Hold(_arena(row, where, "hold"), _arena(row, where)),
    "unhold": lambda row, where, _: ops.Unhold(_arena(row, where, "hold")),
    "link": lambda row, where, _: ops.Link(_arena(row, where, "from"), _arena(row, where, "to")),
    "make_weak": lambda row, where, _: ops.MakeWeak(
        _arena(row, where, "weak"),
        rows.integer(row, "object", where),
        rows.integer(row, "offset", where) if "offset" in row else 0,
    ),
    "weak_value": lambda row, where, _: ops.WeakValue(_arena(row, where, "weak")),
    "gc": lambda row, where, _: ops.RunGC(finalizers_after=_schedule(row, where)),
    "mark_begin": lambda *_: ops.MarkBegin(),
    "mark_end": lambda row, where, _: ops.MarkEnd(_schedule(row, where)),
    "finish_mark": lambda *_: ops.FinishMark(),
    "sweep_step": lambda row, where, _: ops.SweepStep(
        _arena(row, where, "chunk") if "chunk" in row else None
    ),
    "run_finalizers": lambda *_: ops.RunFinalizers(),
    "snapshot": lambda *_: ops.Snapshot(),
}
