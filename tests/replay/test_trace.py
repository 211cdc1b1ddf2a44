"""Traces: what a row says, files that lie, workloads with a seed."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.codec import gathered
from arenalab.errors import ScenarioError, TraceError
from arenalab.go.versions import go_rules
from arenalab.replay.replay import replay
from arenalab.replay.trace import COLUMNS, KINDS, OpsSoFar, Trace
from arenalab.replay.trace_file import load_trace, save_trace
from arenalab.replay.workloads import WORKLOADS, workload, workload_pieces, workload_types
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.forms import history_form
from tests.strategies import TYPES, programs

TRACES = Path(__file__).parents[1] / "data" / "traces"


def columns_of(trace):
    return {name: getattr(trace, name) for name in COLUMNS}


def same(one, other):
    return one.types == other.types and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in COLUMNS
    )


@given(programs(micro_gc=True))
def test_trace_of_a_program_is_the_program_again(program):
    assert list(Trace.from_ops(program)) == program


def gathered_of(objects):
    """Return which kind each operation is of, and what those of each kind hold, as a file is told."""
    read = gathered.Gathered(objects, history_form)
    held = [
        (kind, field.cell.name, list(field.values()))
        for kind, fields in read.kinds.items()
        for field in fields
    ]
    return read.order.tolist(), held


NO_ARGUMENTS = sorted(
    set(KINDS)
    - {"new", "slice", "rep", "new_arena", "free", "drop", "hold", "unhold", "link", "gc", "mark_begin"}
)


@given(programs(micro_gc=True), st.lists(st.sampled_from(NO_ARGUMENTS), max_size=3), st.data())
def test_operations_are_told_to_a_file_without_being_made_as_those_that_are(program, names, data):
    whole = [*program, *(ops.OPS[name]() for name in names)]
    begun = OpsSoFar(Trace.from_ops(whole))
    begun.take(data.draw(st.integers(0, len(whole))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathered, "MANY", data.draw(st.sampled_from([1, 3, gathered.MANY])))
        assert gathered_of(begun) == gathered_of(whole[: len(begun)])


@pytest.mark.parametrize("name", NO_ARGUMENTS)
def test_operation_without_arguments_stands_in_a_trace(name):
    assert list(Trace.from_ops([ops.OPS[name]()])) == [ops.OPS[name]()]


@pytest.mark.parametrize(
    ("op", "said"),
    [
        (ops.Write(0, 8, 42), "a trace holds only"),
        (ops.MakeSlice(0, TYPES[0], 4, len=2), "can't say its last arguments"),
        (ops.New(0, TYPES[0], copied=True), "can't say its last arguments"),
    ],
)
def test_operation_that_no_row_can_say_is_refused(op, said):
    with pytest.raises(ScenarioError, match=f"operation 2, .*{said}"):
        Trace.from_ops([ops.NewArena(0), op])


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("op", len(KINDS), f"row 5 of the trace: operation code {len(KINDS)}"),
        ("type", 17, "row 5 of the trace: type 17 of 17"),
        ("n", 3, "row 5 of the trace: n is 3; a new has -1"),
        ("user_arena", 2**31, "column user_arena: holds a number outside"),
    ],
)
def test_row_that_makes_no_sense_is_named(column, value, said):
    columns = columns_of(workload("tree-build", 50))
    columns[column] = columns[column].astype(np.int64)
    columns[column][5] = value
    with pytest.raises(ScenarioError, match=said):
        Trace(workload_types(), **columns)


def test_columns_of_different_lengths_are_refused():
    columns = columns_of(workload("tree-build", 50))
    with pytest.raises(ScenarioError, match=r"different lengths: .*'n': 49"):
        Trace(workload_types(), **columns | {"n": columns["n"][:-1]})


@pytest.mark.parametrize("values", [[[1, 2]], [0.5], ["new"]], ids=["table", "fractions", "texts"])
def test_column_that_is_no_row_of_whole_numbers_is_refused(values):
    columns = columns_of(workload("tree-build", 1))
    with pytest.raises(ScenarioError, match="column op: must be one row of whole numbers"):
        Trace(workload_types(), **columns | {"op": np.array(values)})


@pytest.fixture(params=["trace", "trace.npz"])
def saved(request, tmp_path):
    """A saved trace, in both forms: (trace, path)."""
    trace = workload("mixed", 500)
    save_trace(trace, tmp_path / request.param)
    return trace, tmp_path / request.param


def test_saved_trace_loads_as_the_same(saved):
    trace, path = saved
    assert same(load_trace(path), trace)


def test_folder_of_columns_is_mapped_not_read(tmp_path):
    save_trace(workload("mixed", 500), tmp_path / "trace")
    assert isinstance(load_trace(tmp_path / "trace").n.base, np.memmap)


@pytest.mark.parametrize("version", ["1.21", "1.27"])
def test_trace_with_a_type_too_large_for_a_mask_survives_a_file(version, tmp_path):
    trace = Trace.from_ops([ops.NewArena(0), ops.New(0, type_of("[262144]*int", rules=go_rules(version)))])
    save_trace(trace, tmp_path / "t.npz")
    assert same(load_trace(tmp_path / "t.npz"), trace)


def test_trace_that_an_older_go_laid_out_is_replayed_as_its_text_is_by_any_go():
    """Saved when types were laid out as Go 1.21 does: a program that rounds up, masks above 128 words, bytes."""
    saved = load_trace(TRACES / "of-1.21.npz")
    assert [go_type.mask_kind for go_type in saved.types] == ["mask", "program", "mask", "mask"]
    for version in ("1.21", "1.23", "1.24", "1.27"):
        rules = go_rules(version)
        anew = Trace([type_of(go_type.expr, rules=rules) for go_type in saved.types], **columns_of(saved))
        old, new = replay(saved, rules), replay(anew, rules)
        assert old.events == new.events
        assert old.world == new.world
    assert replay(saved).rules == go_rules()


def test_existing_folder_is_not_overwritten(tmp_path):
    save_trace(workload("mixed", 50), tmp_path / "trace")
    with pytest.raises(TraceError, match="exists already"):
        save_trace(workload("mixed", 50), tmp_path / "trace")


def npy(array=None, *, claims=None, dtype="<i8"):
    """A .npy column, or a header that claims `claims` numbers with nothing behind it."""
    out = io.BytesIO()
    if claims is None:
        np.save(out, array)
    else:
        np.lib.format.write_array_header_1_0(
            out, {"descr": dtype, "fortran_order": False, "shape": (claims,)}
        )
    return out.getvalue()


TYPES_TEXT = json.dumps({"arenalab_trace": 1, "types": []}).encode()
EMPTY = {name: npy(np.zeros(0, kind)) for name, kind in COLUMNS.items()} | {
    "types": npy(np.frombuffer(TYPES_TEXT, np.uint8))
}
LIES = {
    "a length of 10**15": (
        {"n": npy(claims=10**15)},
        "claims 1000000000000000 numbers of 8 bytes, and has 128 bytes",
    ),
    "pickled objects": ({"n": npy(claims=1, dtype="|O")}, "holds 1-dimensional object"),
    "no header": ({"n": b"hello"}, "can't be read"),
    "a header that Python can't read": (
        {"n": npy(np.zeros(1, "i8")).replace(b"'descr'", b"'desc('")},
        "its header can't be read",
    ),
    "an unknown operation": (
        {name: npy(np.array([99], kind)) for name, kind in COLUMNS.items()},
        "operation code 99",
    ),
    "types that are no JSON": ({"types": npy(np.frombuffer(b"{", np.uint8))}, "types can't be read"),
    "types of another format": (
        {"types": npy(np.frombuffer(TYPES_TEXT.replace(b"1", b"7"), np.uint8))},
        "format 7 with 0 types",
    ),
    "a type that contradicts itself": (
        {"types": npy(np.frombuffer(b'{"arenalab_trace":1,"types":[{"expr":"int","size":-1}]}', np.uint8))},
        "types can't be read",
    ),
}


@pytest.mark.parametrize("form", ["folder", "file"])
@pytest.mark.parametrize("lie", LIES)
def test_file_that_lies_is_refused_before_memory_is_taken(lie, form, tmp_path):
    columns, said = LIES[lie]
    path = tmp_path / ("trace" if form == "folder" else "trace.npz")
    if form == "folder":
        path.mkdir()
        for name, raw in (EMPTY | columns).items():
            (path / f"{name}.npy").write_bytes(raw)
    else:
        with zipfile.ZipFile(path, "w") as archive:
            for name, raw in (EMPTY | columns).items():
                archive.writestr(f"{name}.npy", raw)
    with pytest.raises(TraceError, match=said):
        load_trace(path)


def test_compressed_file_is_refused(tmp_path):
    np.savez_compressed(tmp_path / "t.npz", **columns_of(workload("mixed", 50)), types=np.zeros(1, np.uint8))
    with pytest.raises(TraceError, match=r"is compressed; write it with numpy\.savez"):
        load_trace(tmp_path / "t.npz")


@pytest.mark.parametrize("missing", [*COLUMNS, "types"])
def test_missing_column_is_named(missing, tmp_path):
    with zipfile.ZipFile(tmp_path / "t.npz", "w") as archive:
        for name, raw in EMPTY.items():
            if name != missing:
                archive.writestr(f"{name}.npy", raw)
    with pytest.raises(TraceError, match=f"holds no column {missing}"):
        load_trace(tmp_path / "t.npz")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_trace_or_refused(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("bytes") / "t.npz"
    path.write_bytes(raw)
    with pytest.raises(TraceError):
        load_trace(path)


@pytest.mark.parametrize("name", WORKLOADS)
def test_workload_is_the_same_for_the_same_seed_only(name):
    assert same(workload(name, 2_000), workload(name, 2_000))
    assert not same(workload(name, 2_000), workload(name, 2_000, seed=2))


@pytest.mark.parametrize("name", WORKLOADS)
def test_pieces_of_a_workload_have_all_its_operations(name):
    pieces = list(workload_pieces(name, 5_000, piece=1_999))
    assert [len(piece) for piece in pieces] == [1_999, 1_999, 1_002]


def test_types_of_the_workloads_are_the_compilers():
    for go_type in workload_types():
        assert go_type == type_of(go_type.expr)


@pytest.mark.parametrize(("name", "operations"), [("nothing", 10), ("mixed", 0)])
def test_workload_that_is_not_there_is_refused(name, operations):
    with pytest.raises(ScenarioError, match=r"there is no workload|must be 1 or more"):
        workload(name, operations)


def test_type_of_an_operation_without_one_is_looked_at_too():
    columns = {"op": [KINDS.index("gc")], "user_arena": [0], "type": [65_535], "n": [0]}
    with pytest.raises(ScenarioError, match="row 0 of the trace: type 65535 of 0"):
        Trace([], **{name: np.array(column) for name, column in columns.items()})


def test_repetitions_of_a_trace_are_bounded_together():
    rep = KINDS.index("rep")
    columns = {"op": [rep, rep], "user_arena": [0, 0], "type": [0, 0], "n": [6_000_000, 6_000_000]}
    with pytest.raises(ScenarioError, match="may ask for 10,000,000 values"):
        Trace(TYPES[:1], **{name: np.array(column) for name, column in columns.items()})
