"""A table with late rows is a dict to all who read it, however its blocks lie; and a search asks few of them."""

from itertools import pairwise

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, precondition, rule

from arenalab.world.late_blocks import Blocks
from arenalab.world.late_table import LateTable
from arenalab.world.tables import Newest
from tests.examples import examples

KEYS = st.integers(0, 15)


class Rows:
    """Late rows of some keys; counts how often it is asked for one."""

    def __init__(self, keys):
        self.keys, self.asked = list(keys), 0
        self.bounds = min(self.keys), max(self.keys)

    def __len__(self):
        return len(self.keys)

    def place(self, key):
        self.asked += 1
        return self.keys.index(key) if key in self.keys else -1

    def row(self, place):
        return f"late {self.keys[place]}"

    def among(self, keys):
        self.asked += 1
        return [key for key in keys if key in self.keys]

    def items(self):
        return [(key, self.row(place)) for place, key in enumerate(self.keys)]


class Tables(RuleBasedStateMachine):
    """A table, and beside it a dict to which the same is done with no row late."""

    twins = Bundle("twins")

    def __init__(self):
        super().__init__()
        self.table, self.dict, self.blocks = LateTable(), {}, []

    @rule(keys=st.lists(KEYS, min_size=1, max_size=4, unique=True))
    def add(self, keys):
        new = [key for key in keys if key not in self.dict]
        assert self.table.has_none(keys) == (new == keys)
        if new:
            rows = Rows(new)
            self.table.add_late(rows)
            self.blocks.append(rows)
            self.dict.update(rows.items())

    @rule(key=KEYS, row=st.text(max_size=2))
    def write(self, key, row):
        self.table[key] = self.dict[key] = row

    @rule(key=KEYS)
    def take_away(self, key):
        assert self.table.pop(key, None) == self.dict.pop(key, None)
        self.blocks = []

    @rule(key=KEYS)
    def delete(self, key):
        if key in self.dict:
            del self.table[key], self.dict[key]
            self.blocks = []

    @precondition(lambda self: self.blocks)
    @rule(data=st.data())
    def drop(self, data):
        gone = data.draw(st.lists(st.sampled_from(self.blocks), unique_by=id))
        self.table.drop_late(gone)
        self.blocks = [rows for rows in self.blocks if not any(rows is each for each in gone)]
        for key in (key for rows in gone for key in rows.keys):
            del self.dict[key]

    @rule()
    def walk(self):
        assert list(self.table.copy().items()) == list(self.dict.items())

    @rule()
    def make_all(self):
        assert self.table.whole() == self.dict
        self.blocks = []

    @rule(target=twins)
    def copy(self):
        return self.table.copy(), self.dict.copy()

    @rule(twin=twins, key=KEYS)
    def go_the_twins_way(self, twin, key):
        table, rows = twin
        table[key] = rows[key] = "twin"
        assert table.copy() == rows

    @rule(keys=st.lists(KEYS, max_size=8, unique=True))
    def look(self, keys):
        assert len(self.table) == len(self.dict)
        assert bool(self.table) == bool(self.dict)
        for key in keys:
            assert (key in self.table) == (key in self.dict)
            assert self.table.get(key) == self.dict.get(key)
        late = {key: row for rows in self.blocks for key, row in rows.items()}
        for some in (keys, *(rows.keys for rows in self.blocks)):
            unwritten = [key for key in some if key in late and self.dict[key] == late[key]]
            assert self.table.late_ones(some) == unwritten
        for rank in range(17):
            assert self.table.is_below(rank) == (max(self.dict, default=-1) < rank)


TestTables = Tables.TestCase
TestTables.settings = examples(200, stateful_step_count=30)


@pytest.mark.parametrize("rising", [True, False], ids=["rising", "out of order"])
def test_blocks_near_a_key_are_those_whose_bounds_hold_it(rising):
    bounds = [(0, 4), (5, 5), (9, 20), (21, 30)]
    blocks = [Rows(pair) for pair in (bounds if rising else reversed(bounds))]
    found = Blocks(enumerate(blocks))
    for low in range(32):
        for high in range(low, 32):
            wanted = [rows for rows in blocks if rows.bounds[0] <= high and low <= rows.bounds[1]]
            assert set(map(id, found.near(low, high))) == set(map(id, wanted))


def test_of_a_thousand_blocks_a_search_asks_one():
    blocks = [Rows(range(at, at + 3)) for at in range(0, 3000, 3)]
    table = LateTable()
    for rows in blocks:
        table.add_late(rows)
    assert 1501 in table
    assert table[1501] == "late 1501"
    assert table.late_ones([1500, 1502]) == [1500, 1502]
    assert not table.has_none([1500])
    assert table.is_below(3000)
    assert 3000 not in table
    assert [rows.asked for rows in blocks if rows.asked] == [4]


def test_late_row_that_was_made_is_still_the_highest():
    table = LateTable()
    table.add_late(Rows([5]))
    table[3] = "made"
    assert not table.is_below(5)
    assert not table.whole().is_below(5)
    assert table.is_below(6)


def test_small_objects_are_found_by_their_owners_whatever_they_are():
    class Owned(Rows):
        def __init__(self, keys):
            self.keys, self.asked = keys, 0
            self.bounds = keys[0][1], keys[-1][1]

    blocks = [Owned([(what, owner) for owner in (low, low + 1) for what in "ba"]) for low in range(0, 40, 2)]
    assert all(one.bounds < other.bounds for one, other in pairwise(blocks))
    table = Newest()
    for rows in blocks:
        table.add_late(rows)
    assert table["a", 7] == "late ('a', 7)"
    assert ("c", 7) not in table
    assert ("a", -1) not in table
    assert [rows.asked for rows in blocks if rows.asked] == [2]
