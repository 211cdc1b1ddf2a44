"""Histories as columns: a zip file of .npy columns that is opened without reading it, and read as somebody looks.

Numpy reads and writes the columns (`numpy.load` lists them), so nothing needs a library that the core does not have.
The file holds the operations and the events as tables (`codec.records`), whose they are (`stored_log`), and Worlds to
seek from (`stored_worlds`). An event is applied when a moment is asked for, from the World before it that is kept.

Rule: what is small is certified when it is loaded: each event compared with what must be so for it to happen, each
World compared with what the events make. Of what is large, `certify` says it when it is asked.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from arenalab.asked import path_of
from arenalab.codec.archive import Archive, ArchiveOut
from arenalab.codec.cells import Texts
from arenalab.codec.records import Named, Records, Stored, write_records
from arenalab.errors import HistoryError, ScenarioError, cut, reason, shown
from arenalab.file_kind import COLUMNS_OF_A_HISTORY, ZIP, opened
from arenalab.files import bytes_written_whole
from arenalab.go.rules import GoRules
from arenalab.go.types import GoType
from arenalab.units import counted
from arenalab.world.event import EVENTS, Event
from arenalab.world.forms import event_form, history_form, kind_named
from arenalab.world.history_certify import certify
from arenalab.world.history_head import FileTypes, cycles_of, head_of, remarks_of, rules_of, type_of_row
from arenalab.world.history_indexes import Indexes, indexes_of, is_long, write_indexes
from arenalab.world.history_program import program_row, take_program
from arenalab.world.many_ops import StoredOps
from arenalab.world.ops import Op
from arenalab.world.state import World
from arenalab.world.stored_frames import StoredFrames
from arenalab.world.stored_log import StoredLog, write_log
from arenalab.world.stored_parts import write_worlds
from arenalab.world.stored_worlds import StoredWorlds
from arenalab.world.timeline import Timeline

FORMAT = 4
FORMATS = (FORMAT, 3)  #: that are read; before 4 no column stood in blocks.
HEAD = COLUMNS_OF_A_HISTORY.removesuffix(".npy")
TEXT = (".jsonl", ".json")  #: how the name of a file ends that is written as JSON lines.
FRAME_EVENTS = 4096  #: events between two Worlds that are kept, at least.
FRAME_ROWS = 2**18  #: ledger rows between two, where runs made them.
SMALL = 2**14  #: events of a history that is certified when it is loaded,
SMALL_ROWS = 2**16  #: and its ledger rows.
Kept = TypeVar("Kept", bound=Timeline)


def save_columns(history: Kept, path: str | Path, made: Callable[[GoRules], Kept]) -> None:
    """Write a history to a file; an earlier file stays untouched until all is written.

    Args:
        history: what is written.
        path: of the file.
        made: makes an empty history under its rules.

    Raises:
        HistoryError: it can't be written.

    """
    target = path_of("path", path)
    try:
        with bytes_written_whole(target) as file:
            _write(history, ArchiveOut(file))
            file.flush()
            if is_long(history) and file.seekable():
                _add_indexes(history, Path(file.name), made)
    except OSError as trouble:
        raise HistoryError(f"{target}: can't be written ({trouble.strerror})") from None


def _add_indexes(history: Kept, file: Path, made: Callable[[GoRules], Kept]) -> None:
    """Add the indexes to a file: those that nobody has made yet are made of its columns, far sooner than of events."""
    archive = Archive(file, HEAD, str(file), HistoryError)
    with closing(archive), file.open("r+b") as behind:
        found = indexes_of(history, _take(archive, made))
        out = ArchiveOut(behind, "a")
        write_indexes(out, found)
        out.close()


def _write(history: Timeline, out: ArchiveOut) -> None:
    types, texts = FileTypes(history.rules), Texts()
    said: dict[str, Any] = {"arenalab_history": FORMAT, **head_of(history)}
    said["ops"] = write_records(out, "op", history.ops, _op_named, types.number, texts)
    said["events"] = write_records(out, "event", history.events, _event_named, types.number, texts)
    write_log(out, history.log)
    said |= write_worlds(out, _frames(history), texts)
    out.put("types.of_world", [types.number(each) for each in history.world.types])
    out.put("types.of_world.count", [len(history.world.types)])
    if (program := program_row(history)) is not None:
        said |= program
    said["types"] = [each.to_row(number) for each, number in types.numbers.items()]
    out.end(HEAD, {**said, "texts": texts})
    out.close()


def _op_named(kind: type[Op]) -> Named[Op]:
    return Named(kind.name, history_form(kind))


def _event_named(kind: type[Event]) -> Named[Event]:
    return Named(kind.__name__, event_form(kind))


def _frames(history: Timeline) -> list[World]:
    """Return the Worlds that are kept: of those that the history seeks from some, and the one that it ends in."""
    kept = [history.at(0)]
    for frame in history.frames():
        rows = frame.ledger.count - kept[-1].ledger.count
        if frame.now - kept[-1].now >= FRAME_EVENTS or (rows >= FRAME_ROWS and frame.now > kept[-1].now):
            kept.append(frame)
    return kept if kept[-1].now == len(history.events) else [*kept, history.world]


def is_columns(path: str | Path) -> bool:
    """Return whether a file holds columns, by its first bytes; one that can't be read does not."""
    try:
        with opened(Path(path)) as file:
            return file.read(len(ZIP)) == ZIP
    except (OSError, EOFError, ValueError, zlib.error):
        return False


def load_columns(path: str | Path, made: Callable[[GoRules], Kept]) -> Kept:
    """Open a history in a file; `made` makes an empty one under the file's rules.

    The file stays open as long as the history lives, and may be replaced meanwhile.

    Raises:
        HistoryError: not a history, cut off, or it makes no sense; names the file.

    """
    archive = Archive(_source(path_of("path", path)), HEAD, str(path), HistoryError)
    history = _take(archive, made)
    if len(history.events) <= SMALL and history.world.ledger.count <= SMALL_ROWS:
        certify(history)
    return history


def _source(path: Path) -> Path | BytesIO:
    """Return what the archive is read from: the file, or what it unpacks to."""
    try:
        with path.open("rb") as file:
            if file.read(len(ZIP)) == ZIP:
                return path
        with opened(path) as inner:
            return BytesIO(inner.read())
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise HistoryError(f"{path}: can't be read ({reason(error)})") from None


def _take(archive: Archive, made: Callable[[GoRules], Kept]) -> Kept:
    said, where = archive.said, archive.where
    rules = rules_of(said, where, FORMATS)
    types = _types(archive)
    events = Stored(
        Records(
            archive,
            "event",
            [_event_named(_event(archive, name)) for name in _names(archive, "events")],
            types,
        )
    )
    ops = StoredOps(
        Records(archive, "op", [_op_named(_op(archive, name)) for name in _names(archive, "ops")], types)
    )
    of_world = archive.column("types.of_world", _world_types(archive), range(len(types))).tolist()
    worlds = StoredWorlds(archive, rules, [types[number] for number in of_world])
    if worlds.now[-1] != len(events):
        after = counted(int(worlds.now[-1]), "event")
        raise archive.refused(f"ends in a World after {after}; it has {len(events):,}")
    history = made(rules)
    history.cycles, history.remarks = cycles_of(said, where), remarks_of(said, where)
    log = StoredLog(archive, events, len(ops), worlds.rows)
    history.take_over(ops, log, StoredFrames(worlds), worlds.now.tolist(), where)
    history.indexes = Indexes(archive)
    if "program" in said:
        take_program(history, said["program"], where)
    return history


def _types(archive: Archive) -> list[GoType]:
    rows = archive.said.get("types")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise archive.refused("types: expected a list of rows")
    return [type_of_row(row, archive.where) for row in rows]


def _world_types(archive: Archive) -> int:
    return int(archive.column("types.of_world.count", 1, range(2**31))[0])


def _names(archive: Archive, key: str) -> list[Any]:
    names = archive.said.get(key)
    if (
        not isinstance(names, list)
        or len(names) > np.iinfo(np.uint8).max + 1
        or not all(type(it) is str for it in names)
    ):
        raise archive.refused(f"{key}: expected a list of names")
    if len(set(names)) != len(names):
        raise archive.refused(f"{key}: names a kind twice")
    return names


def _event(archive: Archive, name: str) -> type[Event]:
    if name not in EVENTS:
        raise archive.refused(f"unknown event {shown(name)}")
    return EVENTS[name]


def _op(archive: Archive, name: str) -> type[Op]:
    try:
        return kind_named(name)
    except ScenarioError as error:
        raise archive.refused(cut(error)) from None
