"""Search: level by level, every state once, in an order that depends on nothing but the bounds.

Rules:
1. A level is expanded in pieces, anywhere; their answers are taken in the order of the pieces.
2. Of two ways to one state the one that comes first in that order stays: it is a shortest one.
3. What is saved is a whole level; a search that was cut off goes on with the level it was in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path as File
from time import monotonic, process_time
from typing import Any
from zipfile import BadZipFile

import numpy as np

from arenalab.errors import ScenarioError, reason
from arenalab.files import bytes_written_whole
from arenalab.search.bounds import Bounds
from arenalab.search.expand import OUTCOMES, Array, Expanded, expand, paths_of
from arenalab.search.moves import Move
from arenalab.search.node import Node, Path, program_of
from arenalab.workers import Workers
from arenalab.world.ops import Op

Watch = Callable[[int, int, int], None]
PIECE = 256  #: states that are expanded as one piece of work.


@dataclass(frozen=True)
class Level:
    """What came of the states after so many moves."""

    depth: int  #: moves from the start.
    states: int  #: new ones.
    tries: int  #: moves that led there, or to states known already.
    past: int  #: states in which a chunk was recycled.
    outcomes: dict[str, int]  #: what reading through held pointers finds, states times pointers.
    #: the same of pointers that the collector does not see; empty where `Bounds.hidden` is not set.
    hidden: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """A state that breaks a property, and a shortest program that leads there."""

    wrong: str  #: which property, and how.
    path: Path  #: the moves that lead there.
    program: list[Op] = field(repr=False)  #: the same as operations, for any Machine and every explorer.


class Search:
    """All programs within bounds: `for level in Search(Bounds(arenas=2, holds=1)).levels(6): print(level)`."""

    def __init__(
        self,
        bounds: Bounds,
        start: Sequence[Move] = (),
        *,
        executor: Workers | Executor | None = None,
        piece: int = PIECE,
    ) -> None:
        """Begin at the start of a program, or after some moves; pieces of work go to the executor, if one is given.

        Any `concurrent.futures.Executor` will do, such as dask.distributed's `client.get_executor()`.

        Raises:
            ScenarioError: the moves lead nowhere.

        """
        self.bounds, self.workers, self.piece = bounds, Workers.of(executor), piece
        node = Node(bounds)
        if not all(move in node.moves() and node.go(move) for move in start):
            raise ScenarioError("the search's start makes no sense under these bounds")
        self.frontier: Array = np.array([start], dtype=np.uint8).reshape(1, len(start), 3)
        self.seen: Array = np.array([node.key()], dtype=np.uint64)  #: keys, sorted.
        self.done: list[Level] = []
        self.found: list[Found] = []
        self.busy = 0.0  #: seconds of a processor that its levels took, wherever they were expanded.

    @property
    def states(self) -> int:
        """Return how many states were found."""
        return len(self.seen)

    def levels(
        self, depth: int, *, seconds: float = float("inf"), watch: Watch = lambda *_: None
    ) -> Iterator[Level]:
        """Search up to a depth, and no longer than so many seconds; yield each level when it is done.

        `watch` gets the level, how many of its states were expanded, and how many there are.

        A level that the time does not suffice for is not counted: what is reported was searched to its end. A level in
        which a property is broken is the last.

        Raises:
            WorkerLost: a piece of work lost its worker, and then another one.

        """
        until = monotonic() + seconds
        while len(self.done) < depth and len(self.frontier) and not self.found:
            answers = self._expanded(until, watch)
            if answers is None:
                return
            self.done.append(self._merged(answers))
            yield self.done[-1]

    def _expanded(self, until: float, watch: Watch) -> list[Expanded] | None:
        """Return what follows from the states of the last level, piece by piece; None once the time is over."""
        pieces = [self.frontier[at : at + self.piece] for at in range(0, len(self.frontier), self.piece)]
        answers, left = list[Expanded](), until - monotonic()
        for answer in self.workers.in_order(partial(expand, self.bounds), pieces, seconds=left):
            answers.append(answer)
            watch(len(self.done) + 1, len(answers) * self.piece, len(self.frontier))
        return answers if len(answers) == len(pieces) else None

    def _merged(self, pieces: list[Expanded]) -> Level:
        """Take in what a level's pieces found: of each new state the first way to it."""
        began = process_time()
        keys = np.concatenate([each.keys for each in pieces])
        fresh = self._first_of_new(keys)
        parents = np.concatenate([each.parents + self.piece * at for at, each in enumerate(pieces)])[fresh]
        moves = np.concatenate([each.moves for each in pieces])[fresh]
        paths = np.concatenate((self.frontier[parents], moves[:, None, :]), axis=1)
        begin = np.cumsum([0, *(len(each.keys) for each in pieces)]).tolist()
        wrongs = {
            first + at: how for first, it in zip(begin, pieces, strict=False) for at, how in it.wrongs.items()
        }
        for at in sorted(set(wrongs).intersection(fresh.tolist())):
            [path] = paths_of(paths[fresh.searchsorted(at)][None])
            self.found.append(Found(wrongs[at], path, program_of(self.bounds, path)))
        self.frontier, self.seen = paths, np.sort(np.concatenate((self.seen, keys[fresh])))
        past = int(np.concatenate([each.past for each in pieces])[fresh].sum())
        found = _summed(np.concatenate([each.found for each in pieces])[fresh])
        hidden = _summed(np.concatenate([each.hidden for each in pieces])[fresh])
        self.busy += sum(each.busy for each in pieces) + process_time() - began
        return Level(len(self.done) + 1, len(fresh), sum(each.tries for each in pieces), past, found, hidden)

    def _first_of_new(self, keys: Array) -> Array:
        """Return which keys are new, each where it comes first, in order."""
        _, first = np.unique(keys, return_index=True)
        first.sort()
        at = np.minimum(self.seen.searchsorted(keys[first]), len(self.seen) - 1)
        fresh: Array = first[self.seen[at] != keys[first]]
        return fresh

    def save(self, path: str | File) -> None:
        """Write what is done, as an npz archive, so that `resumed` goes on with it."""
        about = {
            "bounds": asdict(self.bounds),
            "levels": [asdict(level) for level in self.done],
            "busy": self.busy,
        }
        with bytes_written_whole(path) as file:
            np.savez_compressed(
                file, about=np.array(json.dumps(about)), seen=self.seen, frontier=self.frontier
            )

    @classmethod
    def resumed(cls, path: str | File, *, executor: Workers | Executor | None = None) -> Search:
        """Return a search that goes on where one was saved.

        Raises:
            ScenarioError: no saved search.

        """
        try:
            with np.load(File(path), allow_pickle=False) as kept:
                about: dict[str, Any] = json.loads(str(kept["about"]))
                search = cls(Bounds(**about["bounds"]), executor=executor)
                search.seen, search.frontier = kept["seen"], kept["frontier"]
            search.done, search.busy = [Level(**level) for level in about["levels"]], float(about["busy"])
        except OSError as trouble:
            raise ScenarioError(f"{path}: can't be read ({reason(trouble)})") from None
        except (LookupError, TypeError, ValueError, EOFError, BadZipFile):
            raise ScenarioError(
                f"{path}: no saved search, such as `arenalab explore --save` writes"
            ) from None
        return search


def _summed(counts: Array) -> dict[str, int]:
    """Return what some states' pointers find together, by its name."""
    sums = counts.sum(axis=0, dtype=np.int64).tolist()
    return {str(name): count for name, count in zip(OUTCOMES, sums, strict=True) if count}
