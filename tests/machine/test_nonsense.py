"""Whatever is asked, it is performed or refused; what is refused leaves everything as it was."""

import dataclasses
import re
from collections.abc import Callable
from fractions import Fraction
from itertools import cycle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import arenalab
from arenalab.errors import ArgumentError, ModelBug, NoSuchError, ScenarioError
from arenalab.go.rules import GoRules
from arenalab.go.versions import GO_1_21, VERSIONS
from arenalab.machine.machine import Machine
from arenalab.world import ops
from arenalab.world.event import Event
from arenalab.world.events import ObjectAllocated
from arenalab.world.history import History
from arenalab.world.touch import Pointer
from tests.examples import examples

INT, NODE = arenalab.type_of("int"), arenalab.type_of("struct{ next *int }")
BIG = arenalab.type_of("[2097152]byte")
RULES = dataclasses.replace(GO_1_21, gogc=-1)
FILLED = (
    ops.NewArena(0),
    ops.New(0, NODE),
    ops.New(0, INT),
    ops.Hold(0, 0),
    ops.NewArena(1),
    ops.New(1, NODE),
)


class Hostile:
    """Raises wherever anybody looks."""

    def __repr__(self) -> str:
        raise RuntimeError

    __index__ = __eq__ = __repr__  # type: ignore[assignment]
    __hash__ = object.__hash__


def attempted(ask: Callable[[], object]) -> tuple[object, ScenarioError | None]:
    """What came of it, or how it was refused; any other error is a failure of the test."""
    try:
        return ask(), None
    except ScenarioError as error:
        return None, error


def machine(rules: GoRules = RULES) -> Machine:
    made = Machine(rules)
    made.run(FILLED)
    return made


def history() -> History:
    return machine().history


def do(op: ops.Op) -> list[Event]:
    return machine().do(op)


def as_it_was(history: History) -> tuple:
    """Everything that an operation which did not happen must leave alone."""
    rows = [list(history.op_starts), list(history.op_rows), list(history.ops), list(history.events)]
    return (*rows, history.world.fork(), history.at(len(history)))


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-4, 40), st.integers(-(2**70), 2**70), st.floats(),
    st.sampled_from([10**5000, 2**31, 2**63, object(), ops.New, ops.RunGC(), float("nan")]),
    st.text(max_size=4), st.binary(max_size=3), st.lists(st.integers(), max_size=2), st.complex_numbers(),
    st.sampled_from([kind(n) for kind in (np.int8, np.int64, np.uint64, np.float32, np.array) for n in range(9)]),
    st.sampled_from([np.int16(-1), np.True_, np.array([1, 2]), Fraction(2), INT, NODE, BIG]),
    st.builds(Hostile), st.sampled_from(["nil", "*T", "ptr", "slice", "string", "10", "int", "\ud800"]),
)  # fmt: skip
USUAL = {
    "user_arena": 0, "type": NODE, "cap": 3, "n": 2, "hold": 0, "from_arena": 0, "to_arena": 1, "object": 0,
    "offset": 8, "value": 7, "slot": 0x40C000000000, "target": 0, "weak": 0,
}  # fmt: skip


def usual(field: dataclasses.Field) -> object:
    return USUAL[field.name] if field.default is dataclasses.MISSING else field.default


@pytest.mark.parametrize("name", [name for name, kind in ops.OPS.items() if dataclasses.fields(kind)])
@examples(80)
@given(data=st.data())
def test_any_value_of_any_field_is_performed_or_refused_without_a_trace(name, data, tmp_path_factory):
    kind = ops.OPS[name]
    used = machine(dataclasses.replace(VERSIONS[kind.since], gogc=-1))
    fields = {field.name: usual(field) for field in dataclasses.fields(kind)}
    wrong = data.draw(st.sampled_from(sorted(fields)))
    value = data.draw(VALUES)
    before = as_it_was(used.history)
    op, refused = attempted(lambda: kind(**fields | {wrong: value}))
    if refused is not None:
        assert refused.given is value
        assert refused.name == f"{kind.__name__}.{wrong}"
        assert re.match(rf"{refused.name}: got .*; expected {re.escape(refused.expected)}$", str(refused))
        return
    if getattr(op, "n", 0) > 1000:
        return
    _, refused = attempted(lambda: used.do(op))
    assert refused is None or as_it_was(used.history) == before
    path = tmp_path_factory.mktemp("saved") / "history.jsonl"
    used.history.save(path)
    read = History.load(path)
    assert list(read.ops) == list(used.history.ops)
    assert read.world == used.world


REFUSED = {
    "a type's text for a type": (lambda: ops.New(0, "int"), "New.type: got 'int'; expected a GoType"),
    "a float": (lambda: ops.MakeSlice(0, INT, 1e3), r"MakeSlice.cap: got 1000.0; expected a whole number"),
    "a text": (lambda: ops.MakeSlice(0, INT, "10"), "MakeSlice.cap: got '10'"),
    "nothing": (lambda: ops.MakeSlice(0, INT, None), "MakeSlice.cap: got None"),
    "a negative arena": (lambda: ops.NewArena(-1), "NewArena.user_arena: got -1; expected a whole number from 0"),
    "a truth value": (lambda: ops.NewArena(bool(1)), "NewArena.user_arena: got True"),
    "an endless repetition": (lambda: ops.Rep(0, INT, 10**12), "Rep.n: got 1000000000000"),
    "an argument too few": (
        lambda: ops.New(0),
        r"New: got New\(0\); expected New\(user_arena, type, .*\) \(missing a required argument: 'type'\)",
    ),
    "an unknown keyword": (lambda: ops.NewArena(0, name=1), r"got NewArena\(0, name=1\); expected NewArena"),
    "what is no operation": (lambda: do("New"), "op: got 'New'; expected an operation"),
    "nothing, in steps": (lambda: machine().begin(None), "op: got None; expected an operation"),
    "a link to no arena": (lambda: do(ops.Link(0, 7)), "user arena: got 7; expected .* NewArena made: 0, 1"),
    "a hold of no arena": (lambda: do(ops.Hold(0, 9)), "user arena: got 9; expected .* NewArena made: 0, 1"),
    "a global that holds nothing": (
        lambda: do(ops.Unhold(5)), "Unhold.hold: got 5; expected a global that Hold named: 0"
    ),
    "no such operation": (lambda: history().after_op(99), "got 99; expected how many operations are done: 0 to 6"),
    "no such operation's end": (lambda: history().op_end(99), "number: got 99"),
    "the events of no operation": (lambda: history().events_of(0), "got 0; expected the number of an operation: 1"),
    "no such moment": (lambda: history().at(10**6), "index: got 1000000"),
    "half a moment": (lambda: history().at(1.5), "index: got 1.5"),
    "the operation of no moment": (lambda: history().op_of(10**6), "index: got 1000000"),
    "the operation of no object": (lambda: history().op_of_row(99), "row: got 99"),
    "the story of no chunk": (lambda: history().story(chunk=9), "got 9; expected the number of a chunk: 0 to 7"),
    "the story of no arena": (lambda: history().story(user_arena=9), "user_arena: got 9; expected a user arena: 0, 1"),
    "the story of no kind of event": (lambda: history().story(kind="Free"), "got 'Free'; expected a kind of event"),
    "the list of no chunk": (lambda: history().world.list_of(99), "got 99; expected the number of a chunk: 0 to 7"),
    "the owner of no chunk": (lambda: history().world.owner_of(-1), "chunk: got -1"),
    "the chunk of a text": (lambda: history().world.span_of("0x40"), "addr: got '0x40'"),
    "a pointer to no object": (lambda: machine().touch(Pointer(99)), "Pointer.object: got 99"),
    "a pointer with half an offset": (lambda: machine().touch(Pointer(0, 0.5)), "Pointer.offset: got 0.5"),
    "a text for a pointer": (lambda: machine().touch("0"), "pointer: got '0'; expected a Pointer"),
    "a finalizer of no object": (lambda: do(ops.SetFinalizer(99)), "object: got 99"),
}  # fmt: skip


@pytest.mark.parametrize(("ask", "text"), REFUSED.values(), ids=REFUSED)
def test_a_request_for_what_is_not_there_is_one_clear_error(ask, text):
    with pytest.raises(ArgumentError, match=text):
        ask()


def test_a_number_that_is_not_there_is_an_index_error_too():
    with pytest.raises(NoSuchError) as refused:
        history().at(99999)
    assert isinstance(refused.value, IndexError)


def test_integers_of_numpy_are_integers(tmp_path):
    used = machine()
    used.do(ops.MakeSlice(np.uint8(0), INT, np.int32(10)))
    assert [type(used.history.ops[-1].cap), type(used.history.ops[-1].user_arena)] == [int, int]
    assert len(used.history.events_of(np.int64(1) + 1)) == len(used.history.events_of(2))
    used.history.save(tmp_path / "h")
    assert History.load(tmp_path / "h").world == used.world


def test_arenas_that_no_newarena_made_can_be_used_where_go_can():
    for number in (ops.NIL_ARENA, ops.ZERO_ARENA):
        for op in (
            ops.New(number, INT),
            ops.MakeSlice(number, INT, 1),
            ops.Rep(number, INT, 1),
            ops.Free(number),
        ):
            assert "nil pointer" in do(op)[-1].sentence()
    for op in (ops.Drop, lambda n: ops.Hold(0, n), lambda n: ops.Link(n, 0), lambda n: ops.Link(0, n)):
        with pytest.raises(ArgumentError):
            op(ops.NIL_ARENA)


def test_holding_what_a_freed_arena_had_does_nothing_and_may_be_undone():
    used = machine()
    used.run([ops.Free(0), ops.Hold(3, 0)])
    assert used.do(ops.Unhold(3)) == []


def in_steps(used: Machine, op: ops.Op) -> None:
    used.begin(op)
    used.finish()


class Watch:
    """A check that fails at the nth event."""

    def __init__(self, at: int, error: type[BaseException]) -> None:
        self.left, self.error = at, error

    def __call__(self, _: object) -> None:
        self.left -= 1
        if self.left == 0:
            raise self.error("planted")


@pytest.mark.parametrize("error", [ModelBug, ScenarioError, RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("perform", [Machine.do, in_steps], ids=["do", "begin and step"])
def test_an_operation_that_fails_midway_has_not_happened(error, perform):
    for at in (1, 4, 300):
        used = Machine(RULES, check=Watch(0, error))
        used.run([*FILLED, *[ops.New(0, NODE)] * 400])
        before = as_it_was(used.history)
        used.scheduler.check.left = at  # type: ignore[union-attr]
        with pytest.raises(error, match="planted"):
            perform(used, ops.Rep(0, NODE, 300))
        assert as_it_was(used.history) == before
        used.scheduler.check.left = 0  # type: ignore[union-attr]
        plain = Machine(RULES)
        rest = [ops.New(1, INT), ops.Rep(0, BIG, 5), ops.New(0, NODE), ops.Free(0), ops.RunGC()]
        assert used.run(rest).world == plain.run([*FILLED, *[ops.New(0, NODE)] * 400, *rest]).world
        assert used.history.at(len(plain.history)) == plain.world


def test_an_interleaved_operation_that_is_refused_leaves_the_one_begun():
    used = machine()
    used.begin(ops.Rep(0, NODE, 3))
    used.until(lambda event: isinstance(event, ObjectAllocated))
    before = as_it_was(used.history)
    for wrong in (ops.Drop(7), ops.MarkEnd(), ops.Link(0, 9)):
        with pytest.raises(ScenarioError):
            used.interleave(wrong)
        assert as_it_was(used.history) == before
    used.finish()
    assert used.world == Machine(RULES).run([*FILLED, ops.Rep(0, NODE, 3)]).world


def test_an_operation_spoilt_by_one_beside_it_is_taken_back_with_it():
    used = machine()
    before = as_it_was(used.history)
    used.begin(ops.RunGC(detail=True))
    used.until(lambda event: type(event).__name__ == "ObletScanned")
    used.interleave(ops.FinishMark())
    with pytest.raises(ScenarioError, match="no cycle is marking"):
        used.finish()
    assert as_it_was(used.history) == before


def test_a_program_with_nonsense_between_ends_as_without():
    used, plain = machine(), machine()
    nonsense = cycle(
        (ops.New(7, NODE), ops.NewArena(0), ops.MarkEnd(), ops.Drop(3), ops.Link(0, 5), ops.SweepStep(3))
    )
    for op in (ops.New(0, NODE), ops.RunGC(), ops.Free(1), ops.Rep(0, BIG, 9), ops.RunGC(), ops.NewArena(5)):
        with pytest.raises(ScenarioError):
            used.do(next(nonsense))
        used.do(op)
        plain.do(op)
    assert as_it_was(used.history) == as_it_was(plain.history)
