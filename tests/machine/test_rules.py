"""Every rule bites: for each field of the rules there is a program whose run it changes."""

from dataclasses import fields, replace

import pytest

from arenalab.errors import ArgumentError, GoError
from arenalab.go.rules import GoRules
from arenalab.go.type_layout import TypeLayout, laid_out
from arenalab.go.versions import GO_1_21, go_rules
from arenalab.machine.machine import Machine
from arenalab.replay.replay import replay
from arenalab.replay.sweeps import sweep
from arenalab.replay.trace import Trace
from arenalab.rules.build import Build
from arenalab.rules.chunk_layout import Region, chunk_layout
from arenalab.rules.platform import Platform
from arenalab.rules.settings import Settings
from arenalab.rules.version import Version
from arenalab.syntax import type_of
from arenalab.units import KiB, MiB
from arenalab.world import ops
from arenalab.world.ops import Clone, Free, MakeSlice, MakeWeak, New, NewArena, Rep, RunGC, StartGC
from tests.strategies import GC_OFF

PARTS = (Platform, Version, Build, Settings)
BYTES, POINTERS = type_of("[3145728]byte"), type_of("[100]*int")
FULL = [NewArena(0), Rep(0, type_of("[2097152]byte"), 5)]
SMALL = {"ptr_size": 4, "heap_arena_bytes": 4 * MiB}

#: Field -> (what else stands so that it shows, another value, a program).
BITES = {
    "ptr_size": ({}, SMALL, [NewArena(0)]),
    "phys_page_size": ({}, {"phys_page_size": 16 * MiB}, [NewArena(0)]),
    "heap_arena_bytes": ({}, {"heap_arena_bytes": 32 * MiB}, [NewArena(0)]),
    "user_arena_hint": ({}, {"user_arena_hint": 2**40}, [NewArena(0)]),
    "heap_hint": ({"build_mode": "race"}, {"heap_hint": 2**40}, [NewArena(0)]),
    "max_alloc": ({}, {"max_alloc": 2**30}, [NewArena(0), MakeSlice(0, type_of("int"), 2**28)]),
    "page_size": ({}, {"page_size": 16 * KiB}, [NewArena(0)]),
    "heap_arena_meta_bytes": ({}, {"heap_arena_meta_bytes": 68_624}, [NewArena(0)]),
    "user_arena_chunk_bytes_max": ({}, {"user_arena_chunk_bytes_max": 4 * MiB}, [NewArena(0)]),
    "bitmap_home": ({}, {"bitmap_home": "chunk", "version": "1.22"}, [NewArena(0)]),
    "mspan_words_before_range": (
        {},
        {"mspan_words_before_range": 14},
        [NewArena(0), Free(0), New(0, POINTERS, copied=True)],
    ),
    "mask_kind": ({}, {"mask_kind": "on demand"}, [NewArena(0), New(0, type_of("[16385]*int"))]),
    "malloc_header_bytes": (
        {},
        {"malloc_header_bytes": 8},
        [*map(NewArena, range(34)), *map(Free, range(34))],
    ),
    "inline_mark_bytes": ({}, {"inline_mark_bytes": 128}, [*map(NewArena, range(170))]),
    "large_scan_in_pages": (
        {},
        {"large_scan_in_pages": True},
        [NewArena(0), New(0, type_of("[300000]*int"))],
    ),
    "pointer_array_scans_one_word": ({}, {"pointer_array_scans_one_word": True}, FULL),
    "weak_handle_bytes": (
        {"version": "1.24", "bitmap_home": "chunk", "weak_handle_bytes": 8},
        {"weak_handle_bytes": 16},
        [NewArena(0), New(0, POINTERS), MakeWeak(0, 0), MakeWeak(1, 0, 8)],
    ),
    "max_alloc_fraction": ({}, {"max_alloc_fraction": 2}, [NewArena(0), New(0, BYTES)]),
    "max_small_size": (
        {},
        {"max_small_size": 16 * KiB},
        [NewArena(0), New(0, type_of("[20000]byte")), Clone(0, type_of("[20000]byte"))],
    ),
    "max_oblet_bytes": ({}, {"max_oblet_bytes": 64 * KiB}, [NewArena(0), StartGC()]),
    "user_arena_handle_bytes": ({}, {"user_arena_handle_bytes": 64}, [NewArena(0)]),
    "max_ptrmask_words": ({}, {"max_ptrmask_words": 16}, [NewArena(0), New(0, POINTERS)]),
    "default_heap_minimum": ({"gogc": 100}, {"default_heap_minimum": 64 * MiB}, [NewArena(0)]),
    "build_mode": ({}, {"build_mode": "asan"}, [NewArena(0)]),
    "asan_red_zone": ({"build_mode": "asan"}, {"asan_red_zone": 4 * KiB}, [NewArena(0)]),
    "gogc": ({}, {"gogc": 100}, [NewArena(0)]),
    "start_heap_live": ({"gogc": 400}, {"start_heap_live": 64 * MiB}, [NewArena(0)]),
    "other_root_bytes": ({"gogc": 100}, {"other_root_bytes": MiB}, [NewArena(0), RunGC()]),
    "heap_known": ({}, {"heap_known": False}, [NewArena(0), RunGC()]),
    "heap_arenas_between": ({"build_mode": "race"}, {"heap_arenas_between": (2,)}, [NewArena(0)]),
    "reuse_order": (
        {},
        {"reuse_order": "fifo"},
        [NewArena(0), NewArena(1), Free(0), Free(1), NewArena(2)],
    ),
}


def told(rules, program):
    """Return what a program's run tells under rules: its events, or how Go refuses to start."""
    try:
        return Machine(rules).run(program).events
    except GoError as error:
        return [str(error)]


@pytest.mark.parametrize("name", BITES)
def test_rule_changes_a_run(name):
    beside, changed, program = BITES[name]
    rules = replace(GC_OFF, **beside)
    assert told(rules, program) != told(replace(rules, **changed), program)


@pytest.mark.parametrize("names", [{"goos": "windows"}, {"goarch": "arm64"}], ids=str)
def test_name_of_a_platform_changes_a_run(names):
    assert told(go_rules("1.21"), [NewArena(0)]) != told(go_rules("1.21", **names), [NewArena(0)])


def test_direct_interface_bit_moves_from_the_kind_to_the_flags():
    before, since = (
        type_of("*int", rules=replace(GO_1_21, direct_iface_tflag=moved)) for moved in (False, True)
    )
    assert (before.rawkind, before.tflag, since.rawkind, since.tflag) == (54, 8, 22, 40)


def test_with_the_bit_in_the_flags_any_pointer_sized_pointer_is_direct():
    """Real Go 1.26.6 and 1.27.3: tflag 42 where 1.25.5 has 10, since fields without a size no longer count."""
    before, since = (
        type_of("struct{ F0 [0]int; F1 *int }", rules=replace(GO_1_21, direct_iface_tflag=moved))
        for moved in (False, True)
    )
    assert (before.tflag, since.tflag, before.rawkind, since.rawkind) == (10, 42, 25, 25)


def test_bits_that_lie_where_this_go_does_not_look_are_refused():
    with pytest.raises(ArgumentError, match="'heap arena', as Go"):
        Machine(replace(GO_1_21, bitmap_home="chunk"))


def test_no_rule_is_left_out():
    names = {field.name for part in PARTS for field in fields(part)}
    assert names == {*BITES, "goos", "goarch", "version", "direct_iface_tflag", "random_heap_base"}
    assert names == set(GO_1_21.settings())


def test_rules_are_the_product_of_their_four_records():
    rules = replace(GO_1_21, goarch="arm64", gogc=50, build_mode="race")
    parts = [rules.part(part) for part in PARTS]
    assert GoRules(**{name: value for part in parts for name, value in vars(part).items()}) == rules


def test_sweep_over_the_mask_limit_gives_different_rows():
    trace = Trace.from_ops([NewArena(0), *[New(0, POINTERS)] * 200])
    rows = sweep({"max_ptrmask_words": [16, 16_384]}, trace, rules=GO_1_21)
    assert [row["values_by_program"] for row in rows] == [200, 0]


@pytest.mark.parametrize("version", ["1.21", "1.27"])
@pytest.mark.parametrize("limit", [16, 128, 16_384, 2**20 - 1])
@pytest.mark.parametrize(
    "expr", ["[100]*int", "[20000]*int", "[353][64]string", "struct{ a [99]*int; b int }"]
)
def test_type_laid_out_under_other_rules_is_the_one_that_its_text_gives_there(expr, limit, version):
    rules = replace(go_rules(version), max_ptrmask_words=limit)
    assert (
        laid_out(type_of(expr), rules)
        == type_of(expr, rules=rules)
        == laid_out(type_of(expr, rules=rules), rules)
    )


def test_replay_and_steps_agree_under_another_mask_limit():
    rules, program = replace(GC_OFF, max_ptrmask_words=16), [NewArena(0), *[New(0, POINTERS)] * 200]
    assert replay(program, rules).world.differences(Machine(rules).run(program).world) == []


def test_chunk_of_a_later_go_has_its_bitmap_behind_the_objects():
    layout = chunk_layout(8 * MiB, (("dummy type", 48), ("bitmap", 128 * KiB)))
    assert (layout.stride, layout.usable_bytes, layout.mapped_bytes) == (8 * MiB, 8_257_488, 8 * MiB)
    assert layout.regions == (
        Region("objects", 0, 8_257_488), Region("dummy type", 0x7DFFD0, 48), Region("bitmap", 0x7E0000, 128 * KiB)
    )  # fmt: skip


def test_tail_of_a_chunk_takes_room_and_every_size_follows():
    machine = Machine(replace(go_rules("1.22"), gogc=-1))
    for op in [NewArena(0), *[New(0, type_of("[1048576]byte"))] * 8]:
        machine.do(op)
    world = machine.world
    assert [span.limit - span.base for span in world.spans if span.free_limit] == [8_257_488] * 2
    assert world.spans[1].base - world.spans[0].base == 8 * MiB
    assert world.counters.heap_in_use == 2 * 8 * MiB
    assert world.counters.large_alloc == 2 * 8_257_488
    machine.do(ops.Free(0))
    assert (world.counters.large_free, world.counters.heap_in_use) == (8_257_488, 8 * MiB)


def test_layout_with_another_limit_makes_its_own_programs():
    layout = TypeLayout(replace(GO_1_21, max_ptrmask_words=2))
    elem = layout.pointer_shaped("*int", "ptr")
    assert layout.array("[3]*int", elem, 3).gcprog is not None
    assert layout.array("[2]*int", elem, 2).gcprog is None
