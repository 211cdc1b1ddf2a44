"""Work in pieces, on any `concurrent.futures.Executor`: here, in processes, on a dask cluster.

Laws:
1. `in_order` hands answers out in the order of the pieces, so nothing depends on which worker was quick.
2. A piece whose worker was lost is given out again, with no other beside it; one that loses worker after worker is
   `WorkerLost`. So the result is the one that there is without losses, or an error; nobody waits for the dead.
3. What else a piece raises is raised here, when its answer is due.
4. Who stops asking, by Ctrl-C or otherwise, has all that waits taken back.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import closing
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Generic, NamedTuple, ParamSpec, TypeVar

from arenalab.errors import ArenaLabError

Piece = TypeVar("Piece")
Answer = TypeVar("Answer")
Asked = ParamSpec("Asked")
Instead = Callable[[Piece, Exception], Answer]

FOREVER = float("inf")
AHEAD = 4  #: pieces that each worker is given at a time, so that it never waits for the next one.
UNKNOWN = 16  #: workers that an executor is taken to have which does not say.
TRIES = 3  #: workers that a piece may lose while no other is under way.
TICK = 0.2  #: seconds between two words on how far it is.


class WorkerLost(ArenaLabError):
    """A worker was lost, and so was the one that took over: killed, out of memory, or its machine is gone."""


class Here(Executor):
    """Runs each piece at once, in this process."""

    def submit(
        self, fn: Callable[Asked, Answer], /, *args: Asked.args, **kwargs: Asked.kwargs
    ) -> Future[Answer]:
        """Run it now."""
        done: Future[Answer] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  # raised when the answer is asked for
            done.set_exception(error)
        return done


class Workers:
    """An executor, how many pieces it is given at a time, and how another is made when its workers are lost."""

    def __init__(
        self,
        executor: Executor,
        ahead: int,
        another: Callable[[], Executor] | None = None,
        *,
        far: bool = False,
    ) -> None:
        """Take an executor; `another` makes another one of its kind, None where nobody here can."""
        self.executor, self.ahead, self.another = executor, ahead, another
        self.far = far  #: whether pieces run in another folder, maybe on another machine: a file goes by its full path.

    @classmethod
    def of(cls, given: Workers | Executor | None) -> Workers:
        """Return workers for what a caller gave: an executor of any kind; None for this process."""
        if isinstance(given, Workers):
            return given
        return cls(Here(), 1) if given is None else cls(given, AHEAD * UNKNOWN)

    def paths(self, files: Iterable[Path]) -> list[Path]:
        """Return files by paths that mean the same where pieces run."""
        return [file.absolute() if self.far else file for file in files]

    @property
    def here(self) -> bool:
        """Whether pieces run in this process."""
        return isinstance(self.executor, Here)

    def in_order(
        self,
        do: Callable[[Piece], Answer],
        pieces: Iterable[Piece],
        *,
        seconds: float = FOREVER,
        meanwhile: Callable[[int], object] | None = None,
        instead: Instead[Piece, Answer] | None = None,
    ) -> Generator[Answer, None, None]:
        """Yield the answer to each piece, in their order; see `as_done`. What a piece raised comes in its turn.

        Raises:
            WorkerLost: of a piece the workers are lost, and there is no `instead`.

        """
        early, due = dict[int, Answer | _Raised](), 0
        meant: Instead[Piece, Answer | _Raised] = instead or (lambda _, error: _Raised(error))
        with closing(self.as_done(do, pieces, seconds=seconds, meanwhile=meanwhile, instead=meant)) as done:
            for number, found in done:
                early[number] = found
                while due in early:
                    answer = early.pop(due)
                    if isinstance(answer, _Raised):
                        raise answer.error
                    yield answer
                    due += 1

    def as_done(
        self,
        do: Callable[[Piece], Answer],
        pieces: Iterable[Piece],
        *,
        seconds: float = FOREVER,
        meanwhile: Callable[[int], object] | None = None,
        instead: Instead[Piece, Answer] | None = None,
    ) -> Generator[tuple[int, Answer], None, None]:
        """Yield each piece's number and the answer to it as it comes.

        Args:
            do: what is done with a piece; it and the pieces go to other processes.
            pieces: as many as there are; they are taken as they are needed.
            seconds: after which no more is yielded, whatever is under way.
            meanwhile: called now and then with how many pieces are done: to say how far it is.
            instead: answers for a piece that failed; without it, what a piece raised is raised.

        """
        run = _Run(self, do, pieces, instead)
        until = monotonic() + seconds
        try:
            while (left := until - monotonic()) > 0 and run.give_out():
                tick = min(left, TICK if meanwhile else FOREVER)
                done = wait(run.asked, None if tick == FOREVER else tick, FIRST_COMPLETED).done
                if meanwhile:
                    meanwhile(run.done)
                yield from run.answers(done)
        finally:
            for future in run.asked:
                future.cancel()

    def renew(self, lost: Executor) -> bool:
        """Get another executor in place of one whose workers are lost, unless that was done; return whether it can."""
        if self.another is None:
            return False
        if lost is self.executor:
            lost.shutdown(wait=False, cancel_futures=True)
            self.executor = self.another()
        return True


class _Raised(NamedTuple):
    """What a piece raised, until it is that piece's turn."""

    error: Exception


class _Run(Generic[Piece, Answer]):
    """Pieces on their way: who has which, and which were lost."""

    def __init__(
        self,
        workers: Workers,
        do: Callable[[Piece], Answer],
        pieces: Iterable[Piece],
        instead: Instead[Piece, Answer] | None,
    ) -> None:
        self.workers, self.do, self.instead = workers, do, instead
        self.fresh = enumerate(pieces)
        self.asked: dict[
            Future[Answer], tuple[int, Piece, Executor, bool]
        ] = {}  #: the last: given out alone.
        self.again: deque[tuple[int, Piece]] = deque()  #: pieces that lost a worker.
        self.losses: Counter[int] = Counter()
        self.done = 0  #: pieces that are answered.

    def give_out(self) -> bool:
        """Give out pieces; return whether somebody is at work."""
        if not self.again:
            for number, piece in islice(self.fresh, self.workers.ahead - len(self.asked)):
                self._ask(number, piece)
        elif not self.asked:  # alone, so that it is known which piece it is
            self._ask(*self.again.popleft(), alone=True)
        return bool(self.asked)

    def _ask(self, number: int, piece: Piece, *, alone: bool = False) -> None:
        executor = self.workers.executor
        try:
            future = executor.submit(self.do, piece)
        except BrokenExecutor as error:
            future = Future()
            future.set_exception(error)
        self.asked[future] = number, piece, executor, alone

    def answers(self, done: Iterable[Future[Answer]]) -> Iterator[tuple[int, Answer]]:
        """Yield what came, and note what was lost."""
        for future in sorted(done, key=lambda each: self.asked[each][0]):
            number, piece, executor, alone = self.asked.pop(future)
            try:
                answer = future.result()
            except Exception as error:  # noqa: BLE001  # raised below in our words, or answered for
                if self._again(number, piece, executor, error, alone=alone):
                    continue
                told = _told(error, self.losses[number])
                if told is not error:
                    told.__cause__ = error
                if self.instead is None:
                    raise told  # noqa: B904  # its cause is noted
                answer = self.instead(piece, told)
            self.done += 1
            yield number, answer

    def _again(self, number: int, piece: Piece, executor: Executor, error: Exception, *, alone: bool) -> bool:
        """Return whether a piece that failed is given out again: its worker was lost, and it may not be why."""
        if not isinstance(error, BrokenExecutor) or not self.workers.renew(executor):
            return False
        self.losses[number] += alone
        if self.losses[number] < TRIES:
            self.again.append((number, piece))
        return self.losses[number] < TRIES


def if_lost(answer: Instead[Piece, Answer]) -> Instead[Piece, Answer]:
    """Return an `instead` that answers for pieces whose workers are lost and raises all else."""

    def instead(piece: Piece, error: Exception) -> Answer:
        if not isinstance(error, WorkerLost):
            raise error
        return answer(piece, error)

    return instead


def _told(error: Exception, losses: int) -> Exception:
    """Return an error in our words where it is about workers; a dask scheduler has tried several of its own by then."""
    if isinstance(error, BrokenExecutor):
        return WorkerLost(
            f"the process that did this was killed, {losses} times (is memory short?)" if losses else
            "the executor lost a worker and takes no more work; give another one"
        )  # fmt: skip
    if isinstance(error, CancelledError):
        return WorkerLost(f"the cluster gave this up: {str(error) or 'its scheduler is gone'}")
    if type(error).__name__ == "KilledWorker":  # of `distributed`, which is not loaded for its name
        return WorkerLost(f"worker after worker was lost: {error}")
    return error
