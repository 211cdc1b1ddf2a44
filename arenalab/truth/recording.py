"""Recording: a run of real Go, read and validated, ready to be re-executed or looked at.

Follows the project's recording format, versions 1 and 2 (docs/recording-format.md).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, MutableSequence, Sequence
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import Any, ClassVar

from arenalab.asked import called, path_of
from arenalab.codec.lines import row_of
from arenalab.errors import RecordingError, ScenarioError, reason, shown
from arenalab.file_kind import ZIP, opened
from arenalab.go.types import GoType
from arenalab.machine.machine import collector_at_rest
from arenalab.names import Named
from arenalab.truth import rows
from arenalab.truth.items import GoesOn, Item, Snap, Step, ValueRun
from arenalab.truth.op_rows import goroutine_of, until_of
from arenalab.truth.packed import GO_ON
from arenalab.truth.packed_file import PackedFile
from arenalab.truth.packed_items import PackedItems, read_item
from arenalab.truth.type_rows import with_mask
from arenalab.units import counted
from arenalab.world import ops
from arenalab.world.actors import MAIN
from arenalab.world.asked import Asked
from arenalab.world.many_ops import ManyOps
from arenalab.world.ops import Op

FORMATS = (1, 2)
HEX = re.compile(r"0x[0-9a-f]{1,16}")


@dataclass(slots=True)
class Recording(Named):
    """A recorded file: types, a run of operations and snapshots, or rows of another kind."""

    offered: ClassVar[tuple[str, ...]] = (
        *(
            "cases",
            "end",
            "go",
            "header",
            "op_count",
            "ops",
            "partial",
            "path",
            "several",
            "start",
            "steps",
            "types",
        ),
    )

    path: str  #: the file that it was read from.
    header: dict[str, Any] = field(default_factory=dict)  #: the file's first row; {} without one.
    start: dict[str, Any] = field(default_factory=dict)  #: its `start` row.
    types: list[GoType] = field(default_factory=list)  #: the types that its rows name by number.
    type_rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)  #: (line, row)
    items: Sequence[Item] = field(default_factory=list)  #: operations and snapshots, in order.
    cases: list[tuple[int, dict[str, Any]]] = field(default_factory=list)  #: crash or Clone cases
    end: dict[str, Any] = field(default_factory=dict)  #: its last row.

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
        stride = self.start.get("chunk")
        told = next(self._chunks(), None)
        return None if told is None or type(stride) is not int else told[1] - told[0] * stride

    @property
    def heap_arenas(self) -> list[int]:
        """Return where each heap arena of user arenas begins, in order, as far as one of its chunks is recorded."""
        stride, whole = (self.start.get(name) for name in ("chunk", "heaparena"))
        if type(stride) is not int or type(whole) is not int or not 0 < stride <= whole:
            return []
        found: dict[int, int] = {}
        for number, base in self._chunks():
            found.setdefault(number * stride // whole, base - number * stride % whole)
        return [found[number] for number in range(len(found)) if number in found]

    def _chunks(self) -> Iterator[tuple[int, int]]:
        """Walk through the chunks that operations tell: (number, address)."""
        for item in self.items:
            if isinstance(item, ValueRun):
                yield item.chunk, item.base
            elif isinstance(item, Step):
                base, number = item.seen.get("base"), item.seen.get("chunk", item.seen.get("active"))
                if isinstance(base, str) and type(number) is int and number >= 0 and HEX.fullmatch(base):
                    yield number, int(base, 16)

    @property
    def ops(self) -> MutableSequence[Op]:
        """Return the program that was run."""
        program = ManyOps()
        for item in self.items:
            if isinstance(item, Step):
                program.append(item.op)
            elif isinstance(item, ValueRun):
                program.extend(item.ops)
        return program

    @property
    def op_count(self) -> int:
        """Return how many operations the program had."""
        if isinstance(self.items, PackedItems):
            return self.items.op_count
        counts = (len(item) if isinstance(item, ValueRun) else isinstance(item, Step) for item in self.items)
        return sum(map(int, counts))

    @property
    def several(self) -> bool:
        """Whether more than main's goroutine acts."""
        if isinstance(self.items, PackedItems):
            return self.items.several
        return any(_of_another(item) for item in self.items)

    @property
    def steps(self) -> Iterator[Step]:
        """Return the operations with what Go reported."""
        for item in self.items:
            if isinstance(item, Step):
                yield item
            elif isinstance(item, ValueRun):
                yield from item.steps()

    def __repr__(self) -> str:
        """Describe what it holds."""
        types, ops = counted(len(self.types), "type"), counted(self.op_count, "operation")
        return f"<Recording {Path(self.path).name}: {types}, {ops}>"


def _of_another(item: Item) -> bool:
    return not isinstance(item, Snap) and (item.goroutine != MAIN or isinstance(item, GoesOn))


@called
def load_recording(path: str | Path) -> Recording:
    """Read a recording file.

    Raises:
        RecordingError: not a recording, cut off, or a row that lies; names file, line and trouble.

    """
    source = path_of("path", path)
    try:
        with opened(source) as file:
            if file.read(len(ZIP)) == ZIP:
                file.seek(0)
                return _of_columns(str(path), PackedFile(file, str(path)))
            file.seek(0)
            with TextIOWrapper(file, encoding="utf-8") as lines, collector_at_rest():
                return _of_lines(str(path), lines)
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise RecordingError(f"{path}: can't be read ({reason(error)})") from None


def _of_lines(path: str, lines: Iterable[str]) -> Recording:
    recording = Recording(path)
    reader = _Reader(recording)
    for number, line in enumerate(lines, 1):
        if line.strip():
            reader.take(number, line)
    reader.close()
    return recording


def _of_columns(path: str, file: PackedFile) -> Recording:
    """Read what stands once; the operations are read when somebody asks for them."""
    recording = Recording(path)
    reader = _Reader(recording)
    reader.take_row(1, file.header)
    for row in file.types:
        reader.take_row(1, row)
    reader.take_row(1, {"start": file.start})
    recording.items = PackedItems(file, recording.types, partial=recording.partial)
    reader.next_index = recording.op_count
    reader.take_row(1, file.end)
    reader.close()
    return recording


class _Reader:
    """Sorts a file's lines into a Recording and checks each against the format."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.items: list[Item] = []
        recording.items = self.items
        self.next_index = 0
        self.sweep_due = False  # since a finish_mark; rows tell no counters until all is swept.
        self.asked = Asked()

    def take(self, line: int, text: str) -> None:
        where = f"{self.recording.path}:{line}"
        try:
            row = row_of(text)
        except ScenarioError as error:
            raise RecordingError(f"{where}: {error}") from None
        self.take_row(line, row, text)

    def take_row(self, line: int, row: dict[str, Any], text: str = "") -> None:
        where = f"{self.recording.path}:{line}"
        if line == 1 and "oracle" in row:
            self._header(row, where)
        elif "case" in row:
            self.recording.cases.append((line, row))
        elif "op" in row:
            self._op(line, row, where)
        elif GO_ON in row:
            self._inside_run(where)
            self.items.append(GoesOn(line, goroutine_of(row, where, GO_ON), until_of(row, where)))
        elif "snap" in row:
            self._snap(line, row, where, text)
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
            raise RecordingError(
                f"{where}: i: got {index}; expected {self.next_index} or more, as operations are in order"
            )
        item = read_item(row, index, where, line, self.recording.types)
        self.next_index = index + (len(item) if isinstance(item, ValueRun) else 1)
        if isinstance(item, Step) and isinstance(item.op, ops.Rep):
            self._repeated(item.op, where)
        self.sweep_due = (self.sweep_due or row["op"] == ops.FinishMark.name) and "d" not in row
        if "d" in row or not (self.recording.partial or self.sweep_due):
            rows.counters(row, "d", where)
        self.items.append(item)

    def _repeated(self, op: ops.Rep, where: str) -> None:
        try:
            self.asked.add(op.n, op.type)
        except ScenarioError as error:
            raise RecordingError(f"{where}: {error}") from None

    def _snap(self, line: int, row: dict[str, Any], where: str, text: str) -> None:
        self._inside_run(where)
        after = rows.integer(row, "after", where, low=-1)
        self.items.append(Snap(line, after, text))

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
