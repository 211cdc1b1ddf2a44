"""The largest value of a run is that of its ledger, however often one asks and however the run grows."""

from hypothesis import given

from arenalab.machine.machine import Machine
from arenalab.view.largest import Largest
from arenalab.world.state import LEDGER
from tests.strategies import GC_OFF, programs


@given(programs(max_ops=12))
def test_largest_is_that_of_all_rows(program):
    machine = Machine(GC_OFF)
    largest = Largest(machine.history)
    for op in program:
        machine.do(op)
        ledger = machine.world.ledger
        sizes = [ledger.row(row)[LEDGER.index("size")] for row in range(len(ledger))]
        assert largest.words() == -(-max(sizes, default=0) // 8)
