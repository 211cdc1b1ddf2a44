"""Worlds in an archive: those that a history keeps to seek from, and the one that it ends in.

What never changes once it is written (objects, bitmap stores, pointer stores) stands there once, and of each World how
many rows it saw; the small tables as they change from one World to the next (`stored_tables`).

Rule: a World that is read equals the one that was written, and its rows are made when somebody looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from arenalab.codec.archive import Archive
from arenalab.codec.late_column import LateColumn
from arenalab.errors import cut
from arenalab.go.rules import GoRules
from arenalab.go.types import GoType
from arenalab.world.columns import Columns
from arenalab.world.deferred import IntArray
from arenalab.world.heap_bits import HeapBits
from arenalab.world.late_table import LateTable
from arenalab.world.scan_limits import Marks, Prefixes, scan_limits
from arenalab.world.slots import Slots
from arenalab.world.state import LEDGER, World
from arenalab.world.stored_parts import JOURNALS, LISTS, NO_SCRATCH, NUMBERS, TABLES, lists_of, what_of
from arenalab.world.stored_tables import (
    ANY,
    TableIn,
    list_in,
)
from arenalab.world.tables import (
    Counters,
    GCState,
    HandleSpans,
    Newest,
    SmallHeap,
    UserArena,
)

#: Tables that a World keeps as they are; those that it keeps as lists.
_PLAIN = (
    *(
        "births",
        "holders",
        "holds",
        "masks",
        "cells",
        "heap_objects",
        "specials",
        "weak_handles",
        "weak_pointers",
    ),
    *("gs", "handles"),
)
_LISTED = ("spans", "heap_arenas", "ps")


class _Rows:
    """Writes the rows of a journal that stands in an archive."""

    def __init__(self, archive: Archive, names: Sequence[str], count: int) -> None:
        self._archive, self._names, self._count = archive, names, count

    @cached_property
    def _columns(self) -> list[LateColumn]:
        return [LateColumn(self._archive, name, self._count, ANY.within) for name in self._names]  # type: ignore[arg-type]

    def __call__(self, rows: IntArray, first: int) -> None:
        for place, column in enumerate(self._columns):
            rows[:, place] = column[first : first + len(rows)]

    def pick(self, rows: IntArray, place: int) -> IntArray:
        """Return one column of some rows; the others are not made."""
        return self._columns[place][rows]


class StoredWorlds:
    """The Worlds in an archive, made when somebody asks for one."""

    def __init__(self, archive: Archive, rules: GoRules, types: Sequence[GoType]) -> None:
        """Read when each of them was.

        Args:
            archive: where they are.
            rules: of the history.
            types: those that the objects are of, in the order of their first use.

        Raises:
            ArenaLabError: what the archive says of them makes no sense; of the archive's kind.

        """
        self.archive, self.rules, self.types = archive, rules, list(types)
        self.now = archive.column("now", None, range(2**31))  #: after how many events each of them is.
        if not len(self.now) or self.now[0] != 0 or (np.diff(self.now.astype(np.int64)) <= 0).any():
            raise archive.refused("its Worlds are not in the order of time")
        self._tables = {each.name: TableIn(each, archive, len(self)) for each in TABLES}
        self._lists = {each.name: list_in(each.name, archive, len(self)) for each in lists_of()}
        self._numbers = {path: archive.column(path, len(self), ANY.within) for path in NUMBERS}  # type: ignore[arg-type]
        self._until = {name: archive.column(f"{name}.until", len(self), range(2**40)) for name in JOURNALS}
        self._known_types = archive.column("types", len(self), range(len(types) + 1))
        died = archive.said.get("died")
        if (
            not isinstance(died, list)
            or len(died) != len(self)
            or not all(isinstance(text, str) for text in died)
        ):
            raise archive.refused("died: expected a text for each of its Worlds")
        self._died = died
        self._journals: dict[str, Columns] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.now)

    @property
    def rows(self) -> int:
        """Return how many rows the ledger has in the end."""
        return int(self._until["ledger"][-1])

    def at(self, moment: int) -> World:
        """Return one of them, made now: which of them, from 0.

        Raises:
            ArenaLabError: a column holds what it may not, or they do not fit together.

        """
        try:
            return self._at(moment)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            now = int(self.now[moment])
            raise self.archive.refused(f"its World after event {now} makes no sense ({cut(error)})") from None

    def _at(self, moment: int) -> World:
        made = World(self.rules)
        parts = (
            self._of_tables(moment)
            | self._of_lists(moment)
            | self._of_numbers(moment)
            | self._of_journals(moment)
        )
        for name, part in parts.items():
            setattr(made, name, part)
        return made

    def _of_tables(self, moment: int) -> dict[str, Any]:
        """Return the parts of a World that are tables, and its types."""
        plain: dict[str, Any] = {name: self._tables[name].at(moment) for name in _PLAIN}
        rows = {name: self._tables[name].at(moment) for name in _LISTED}
        listed = {name: [table[n] for n in range(len(table))] for name, table in rows.items()}
        for (n, key), took in self._tables["cached"].at(moment).items():
            listed["ps"][n].cached[key] = took
        types = self.types[: int(self._known_types[moment])]
        user_arenas, late = LateTable[int, UserArena](), self._tables["user_arenas"].late(moment)
        if late is not None:
            user_arenas.add_late(late)
        index = {go_type: number for number, go_type in enumerate(types)}
        return plain | listed | {"user_arenas": user_arenas, "types": types, "type_index": index}

    def _of_lists(self, moment: int) -> dict[str, Any]:
        """Return the parts of a World that are lists of numbers."""
        scratch = self._list("scratch", moment)
        return {
            **{name: self._list(name, moment) for name in LISTS if "." not in name},
            **{name: {n: self._list(f"{name}{n}", moment) for n in (0, 1)} for name in ("swept", "unswept")},
            "scratch": None if tuple(scratch) == NO_SCRATCH else (scratch[0], scratch[1], scratch[2]),
        }

    def _list(self, name: str, moment: int) -> list[int]:
        found: list[int] = self._lists[name].values(slice(moment, moment + 1))[0]
        return found

    def _of_numbers(self, moment: int) -> dict[str, Any]:
        """Return the parts of a World that are numbers, or have some as fields."""
        of: dict[str, dict[str, Any]] = {
            "": {"died": self._died[moment]},
            "gc": {},
            "handle_spans": {},
            "small": {},
        }
        for path, column in self._numbers.items():
            part, _, name = path.rpartition(".")
            of.setdefault(part, {})[name] = int(column[moment])
        grey = self._list("gc.grey", moment)
        of["gc"] |= {"grey": list(zip(grey[::2], grey[1::2], strict=True)), **self._lists_of("gc", moment)}
        of["handle_spans"] |= {
            "taken": self._tables["taken"].at(moment),
            **self._lists_of("handle_spans", moment),
        }
        objects = LateTable(self._tables["small_objects"].at(moment).items())
        newest = Newest((what_of(key), number) for key, number in self._tables["newest"].at(moment).items())
        return of[""] | {
            "counters": Counters(**of["counters"]),
            "gc": GCState(**of["gc"]),
            "handle_spans": HandleSpans(**of["handle_spans"]),
            "small": SmallHeap(objects, newest, **of["small"]),
        }

    def _lists_of(self, part: str, moment: int) -> dict[str, list[int]]:
        """Return the lists that are fields of a part of a World."""
        names = (path.removeprefix(f"{part}.") for path in LISTS if path.startswith(f"{part}."))
        return {name: self._list(f"{part}.{name}", moment) for name in names}

    def _of_journals(self, moment: int) -> dict[str, Any]:
        """Return the parts of a World that are journals: how far they go, and what begins and ends where."""
        tables = {
            name: table.at(moment)
            for name, table in self._tables.items()
            if name.endswith(("since", "until"))
        }
        bits, slots, limits = HeapBits(self.rules.chunk_bitmap_words), Slots(), scan_limits(self.rules)
        bits.journal, bits.since, bits.until = (
            self._rows("bits", bits.journal, moment),
            *(tables["bits_since"], tables["bits_until"]),
        )
        slots.journal, slots.since = self._rows("slots", slots.journal, moment), tables["slots_since"]
        if isinstance(limits, Marks):
            limits.journal = self._rows("marks", limits.journal, moment)
            limits.since, limits.until = tables["marks_since"], tables["marks_until"]
        elif isinstance(limits, Prefixes):
            limits.all_ptr_bytes = self._tables["ptr_bytes"].at(moment)
        ledger = self._rows("ledger", Columns(LEDGER), moment)
        return {"ledger": ledger, "bits": bits, "slots": slots, "scan_limits": limits}

    def _rows(self, name: str, empty: Columns, moment: int) -> Columns:
        """Return the rows that a World saw of a journal, which all of them share."""
        if name not in self._journals:
            count = int(self._until[name][-1])
            write = _Rows(self.archive, [f"{name}.{column}" for column in empty.names], count)
            if count:
                empty.extend_later(count, write)
            self._journals[name] = empty
        twin = self._journals[name].fork()
        twin.count = int(self._until[name][moment])
        return twin
