"""What explorers keep: one index of a history for all of them, nothing of a cell that is run again."""

import gc
import json
import subprocess
import sys
import weakref
from pathlib import Path
from types import SimpleNamespace

import pytest
from ipywidgets.widgets.widget import _instances

from arenalab.explore import Advice, ChunkMap, HeapBitmap, HeapMovie, LifeCycle, Workbench, cells
from arenalab.explore.cloned import clone_now
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.chunk_index import ChunkIndex
from arenalab.world.ops import Clone, New, NewArena, Rep
from tests.examples import TRIES_ALL, number
from tests.recorded import PLAIN, run_of
from tests.strategies import GC_OFF

ROOT = Path(__file__).resolve().parents[2]
INT = type_of("*int")
MANY = 4_000_000 if TRIES_ALL else 400_000


def measured(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "tests.explore.memory", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_explorers_take_half_as_much_as_the_run_at_most():
    _, run, *with_explorers = measured("explorers", number(4_000_000))
    assert max(with_explorers) <= 1.5 * run


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_explorers_of_a_run_that_is_unwritten_leave_it_so():
    """A written object takes 48 bytes; all explorers and the six runs that they compare take a sixth of that."""
    few, many = 20_000, MANY // 2
    (_, _, *small), (unwritten, _, *large) = (measured("explorers", n, 0) for n in (few, many))
    assert unwritten > 5.9 * many  # all but those that ended a chunk, which were placed one by one
    assert max(large) - max(small) <= 8 * (many - few)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_runs_of_a_cell_are_flat():
    runs = measured("cell", MANY // 4, number(20))
    assert max(runs) <= 1.05 * runs[0]


def machine():
    made = Machine(GC_OFF)
    made.run([NewArena(0), *[New(0, INT)] * 5])
    return made


def test_explorers_of_one_history_share_its_index_and_others_do_not():
    one, other = machine(), machine()
    assert ChunkMap(one).index is HeapBitmap(one).index
    assert ChunkMap(one).index is not ChunkMap(other).index
    assert LifeCycle(one).lives is LifeCycle(one).lives


def test_shared_index_knows_what_came_later():
    made = machine()
    early, late = ChunkMap(made), HeapBitmap(made)
    late.do(New(0, INT))
    assert early.index.contents(0, made.world).objects == 6


def test_fork_of_a_machine_is_read_by_readers_of_its_own():
    made = machine()
    index, twin = made.history.reader(ChunkIndex), made.fork().history
    assert twin.reader(ChunkIndex) is not index
    assert twin.reader(ChunkIndex).history is twin


def test_history_that_nobody_holds_goes_with_its_readers():
    made = machine()
    index = weakref.ref(made.history.reader(ChunkIndex))
    history = weakref.ref(made.history)
    del made
    gc.collect()
    assert (history(), index()) == (None, None)


class Kernel(SimpleNamespace):
    """IPython's shell with its results, as a kernel has it: each run of a cell is a message."""

    def __init__(self):
        super().__init__(user_ns={"_oh": {}}, user_ns_hidden={}, displayhook=SimpleNamespace(), messages=0)

    def show(self, thing, cell, *, code=""):
        """Run a cell whose last value is `thing`."""
        self.messages += 1
        self.parent_header = {
            "header": {"msg_id": str(self.messages)},
            "metadata": {"cellId": cell} if cell else {},
            "content": {"code": code},
        }
        thing._view()
        number = self.messages
        self.user_ns |= {"_": thing, f"_{number}": thing}
        self.user_ns_hidden |= {"_": thing, f"_{number}": thing}
        self.user_ns["_oh"][number] = self.displayhook._ = thing
        return thing


@pytest.fixture
def kernel(monkeypatch):
    made = Kernel()
    monkeypatch.setattr(cells, "_shell", lambda: made)
    monkeypatch.setattr(cells, "_SHOWN", {})
    return made


@pytest.mark.parametrize("kind", [ChunkMap, HeapBitmap, LifeCycle, Workbench])
def test_cell_that_is_run_again_leaves_nothing_of_its_last_run(kernel, kind):
    made = machine()
    kernel.show(kind(made), "cell")
    gc.collect()
    widgets, first = len(_instances), weakref.ref(kernel.user_ns["_"])
    for _ in range(3):
        kernel.show(kind(made), "cell")
    gc.collect()
    assert first() is None
    assert len(_instances) == widgets
    assert len(kernel.user_ns["_oh"]) == 1


@pytest.mark.parametrize("kind", [Advice, HeapMovie])
def test_cell_that_shows_a_trace_and_is_run_again_leaves_nothing_of_its_last_run(kernel, kind):
    first = weakref.ref(kernel.show(kind(run_of(PLAIN)), "cell"))
    for _ in range(2):
        kernel.show(kind(run_of(PLAIN)), "cell")
    gc.collect()
    assert first() is None


def test_front_end_that_names_no_cell_is_known_by_its_text(kernel):
    one = kernel.show(ChunkMap(machine()), "", code="ChunkMap(m)")
    other = kernel.show(ChunkMap(machine()), "", code="ChunkMap(n)")
    kernel.show(ChunkMap(machine()), "", code="ChunkMap(m)")
    assert one.widget.comm is None
    assert other.widget.comm is not None


def test_explorer_that_another_cell_shows_stays(kernel):
    shown = kernel.show(ChunkMap(machine()), "one")
    kernel.show(shown, "two")
    kernel.show(ChunkMap(machine()), "one")
    assert shown.widget.comm is not None
    kernel.show(ChunkMap(machine()), "two")
    assert shown.widget.comm is None


def test_same_explorer_shown_again_by_its_cell_stays(kernel):
    shown = kernel.show(ChunkMap(machine()), "cell")
    kernel.show(shown, "cell")
    assert shown.widget.comm is not None


def test_explorer_that_was_closed_comes_back_when_it_is_shown(kernel):
    kept = kernel.show(ChunkMap(machine()), "one")
    words = kept.text()
    kernel.show(ChunkMap(machine()), "one")
    kernel.show(kept, "two")
    kept.first()
    kept.last()
    assert kept.widget.comm is not None
    assert (kept.text(), kept.drawn()) == (words, ChunkMap(kept.history, cursor=len(kept.history)).drawn())


def test_click_in_the_page_closes_nothing(kernel):
    shown = kernel.show(ChunkMap(machine()), "cell")
    kernel.parent_header = {"header": {"msg_id": "click"}, "metadata": {}, "content": {"comm_id": "7"}}
    ChunkMap(machine())._view()
    assert shown.widget.comm is not None


def test_clone_at_a_past_moment_leaves_what_a_bulk_run_made_unwritten():
    made = Machine(GC_OFF, in_bulk=True)
    history = made.run([NewArena(0), New(0, INT), Rep(0, INT, 5_000), New(0, INT)])
    left = made.world.ledger._data.left
    cloned = clone_now(history, history.op_end(2), Clone(0, INT))
    assert len(cloned.world.ledger) == 2
    assert made.world.ledger._data.left == left > 0
