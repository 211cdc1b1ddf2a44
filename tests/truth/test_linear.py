"""Four times the arenas cost about four times the work: counted in events applied and rows copied, not in seconds."""

import json

import pytest

from arenalab.explore.dangling import DanglingPointer
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.truth.check import check, history_of
from arenalab.truth.recording import load_recording
from arenalab.world import ops, timeline
from arenalab.world.state import World
from arenalab.world.tables import HandleSpans, UserArena
from tests.strategies import GC_OFF

INT = type_of("int")
FEW, MANY = 150, 600
SLACK = 1.5  # a quadratic part would make it 16 times instead of 4


def program(arenas, every):
    """An arena for each request, freed; a cycle every so often, 0 for none."""
    for number in range(arenas):
        yield from (ops.NewArena(number), ops.New(number, INT), ops.Free(number))
        if every and number % every == every - 1:
            yield ops.RunGC()


def recorded(path, arenas, every):
    """The same as `record --program` writes it."""
    rows = [{"oracle": 1, "bits": "hash", "observed": "partial"}, INT.to_row(0)]
    start = {
        "chunk": 2**23,
        "maxalloc": 2**21,
        "heaparena": 2**26,
        "page": 8192,
        "go": "go1.21.13",
        "abs": {},
    }
    rows.append({"start": start})
    names = {ops.NewArena: "new_arena", ops.New: "new", ops.Free: "free", ops.RunGC: "gc"}
    asked = list(program(arenas, every))
    for number, op in enumerate(asked):
        row = {"i": number, "op": names[type(op)], "arena": getattr(op, "user_arena", 0), "type": 0}
        rows.append(row | ({"nfull": 0, "nrefs": 1} if isinstance(op, ops.Free) else {}))
    rows.append({"end": {"ops": len(asked), "chunks": 8}})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return load_recording(path)


@pytest.fixture
def work(monkeypatch):
    """Count what is done: events applied, arenas and handles copied or looked at one by one."""
    done = {"events": 0, "copied": 0, "looked at": 0}
    apply, fork, holding = timeline.apply, World.fork, World.holding

    def counted_apply(world, event):
        done["events"] += 1
        apply(world, event)

    def counted_fork(world):
        done["copied"] += len(world.user_arenas) + len(world.handles) + len(world.small.objects)
        return fork(world)

    def counted_holding(world):
        for user_arena in holding(world):
            done["looked at"] += 1
            yield user_arena

    monkeypatch.setattr(timeline, "apply", counted_apply)
    monkeypatch.setattr(World, "fork", counted_fork)
    monkeypatch.setattr(World, "holding", counted_holding)

    def measured(ask):
        before = sum(done.values())
        ask()
        return sum(done.values()) - before

    return measured


@pytest.mark.parametrize("every", [0, 25])
def test_check_is_linear_in_arenas(work, tmp_path, every):
    few, many = (recorded(tmp_path / f"{n}.jsonl", n, every) for n in (FEW, MANY))
    assert check(few).ok
    assert work(lambda: check(many)) < SLACK * MANY / FEW * work(lambda: check(few))


def test_a_dangling_pointers_band_is_linear_in_arenas(work, tmp_path):
    few, many = (history_of(recorded(tmp_path / f"{n}.jsonl", n, 25)) for n in (FEW, MANY))
    taken = [work(lambda run=run: DanglingPointer(run, cursor=len(run)).view()) for run in (few, many)]
    assert 0 < taken[1] < SLACK * MANY / FEW * taken[0]


@pytest.mark.parametrize("every", [0, 25])
def test_freed_arenas_are_not_looked_at_again(every):
    machine = Machine(GC_OFF)
    machine.run(program(FEW, every))
    world = machine.world
    assert list(world.holding()) == []
    assert isinstance(world.handle_spans, HandleSpans)
    assert world.handle_spans.taken == {slot: number for number, slot in world.handles.items()}
    assert not every or len(world.handles) <= every
    machine.do(ops.NewArena(FEW))
    assert [type(each) for each in world.holding()] == [UserArena]
