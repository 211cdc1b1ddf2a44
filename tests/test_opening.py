"""Opening files: the content decides, and whatever is wrong is one error that names the file."""

import gzip
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import arenalab
from arenalab.errors import ArenaLabError, HistoryError, ScenarioError, TraceError
from arenalab.explore.source import as_source
from arenalab.file_kind import kind_of
from arenalab.machine.machine import Machine
from arenalab.opening import open_file
from arenalab.replay.trace import Trace
from arenalab.replay.trace_file import save_trace
from arenalab.scenarios import load_scenario
from arenalab.syntax import type_of
from arenalab.world import ops
from tests.programs import RECORDINGS
from tests.strategies import GC_OFF

PROGRAM = [ops.NewArena(0), ops.New(0, type_of("*int")), ops.Free(0)]
SCENARIO = "arena-is-made-with-a-chunk"
TRACES = Path(__file__).parent / "data/execution-traces"


@pytest.fixture
def files(tmp_path):
    """One file of each kind, none with its usual suffix but the scenario, whose name must be its file's."""
    Machine(GC_OFF).run(PROGRAM).save(tmp_path / "history")
    shutil.copy(RECORDINGS / "small-1.jsonl", tmp_path / "recording.txt")
    save_trace(Trace.from_ops(PROGRAM), tmp_path / "trace.npz")
    save_trace(Trace.from_ops(PROGRAM), tmp_path / "folder")
    shutil.copy(load_scenario(SCENARIO).path, tmp_path / f"{SCENARIO}.toml")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "kind", "operations"),
    [
        ("history", "history", 3),
        ("recording.txt", "recording", 100),
        ("trace.npz", "trace", 3),
        ("folder", "trace", 3),
        (f"{SCENARIO}.toml", "scenario", 1),
    ],
)
def test_content_decides_what_a_file_is(files, name, kind, operations):
    assert kind_of(files / name) == kind
    history = open_file(str(files / name))
    assert len([op for op in history.ops if not isinstance(op, ops.MarkEnd)]) == operations


def told(history):
    """Return what a history says, as text."""
    return [*map(str, history.ops), *(event.sentence() for event in history.events)]


@pytest.mark.parametrize("name", ["history", "recording.txt", "trace.npz", f"{SCENARIO}.toml"])
def test_packed_file_opens_as_the_file_does(files, name):
    packed = files / f"{name}.gz"
    packed.write_bytes(gzip.compress((files / name).read_bytes()))
    assert told(open_file(packed)) == told(open_file(files / name))
    packed.write_bytes(packed.read_bytes()[:-9])
    with pytest.raises(ArenaLabError, match=re.escape(str(packed))):
        open_file(packed)


@pytest.mark.parametrize("suffix", ["", ".gz", ".toml", ".jsonl"])
def test_execution_trace_opens_as_a_run_under_whatever_name(tmp_path, suffix):
    packed = TRACES / "plain-go1.27.3.trace.gz"
    path = tmp_path / f"trace{suffix}"
    path.write_bytes(packed.read_bytes() if suffix == ".gz" else gzip.decompress(packed.read_bytes()))
    run = arenalab.open(str(path))
    assert isinstance(run, arenalab.TraceRun)
    assert run.scopes()["task request"] == 40
    assert arenalab.open(run) is run
    for explorer in (run, path):
        with pytest.raises(ScenarioError, match="an execution trace of a Go program"):
            as_source(explorer)


def test_objects_open_as_the_history_in_them(files):
    machine = Machine(GC_OFF)
    machine.run(PROGRAM)
    assert arenalab.open(machine) is machine.history
    assert arenalab.open(machine.history) is machine.history
    assert told(arenalab.open(Trace.from_ops(PROGRAM))) == told(arenalab.open(files / "trace.npz"))
    recording = arenalab.load_recording(files / "recording.txt")
    assert told(arenalab.open(recording)) == told(arenalab.open(files / "recording.txt"))
    assert len(arenalab.open(load_scenario(SCENARIO)).ops) == 1
    with pytest.raises(ScenarioError, match=r"got 5; expected a History, "):
        arenalab.open(5)


def test_opening_needs_no_widgets():
    program = """
import sys
for name in ("bokeh", "ipywidgets", "anywidget", "IPython", "lark", "PIL", "pandas", "pyarrow", "hypothesis"):
    sys.modules[name] = None
import arenalab
for path in sys.argv[1:]:
    arenalab.open(path)
"""
    packed = str(TRACES / "plain-go1.27.3.trace.gz")
    done = [sys.executable, "-c", program, packed, str(RECORDINGS / "small-1.jsonl")]
    subprocess.run(done, check=True)


def test_scenario_runs_as_its_own_pauses_say():
    scenario = load_scenario("collector-starts-between-obtaining-and-recording-a-chunk")
    history, machine = as_source(scenario)
    assert machine is None
    assert len(history.ops) == len(scenario.ops)


@pytest.mark.parametrize(
    "content",
    [b"", b"nonsense", b"\xff\xfe\x00", b"[1, 2]\n", b"{}\n", b'a = "b"\n', b'{"i":0,"expr":"int"}\n', b"[" * 100_000],
    ids=["empty", "words", "bytes", "list", "object", "toml", "types", "deep"],
)  # fmt: skip
def test_nonsense_is_one_error_that_names_the_file(tmp_path, content):
    path = tmp_path / "what<script>"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match="what<script>: neither a recording, a saved history, a trace"):
        open_file(path)


def test_missing_file_and_other_folder_are_errors(tmp_path):
    with pytest.raises(ScenarioError, match=r"nowhere: can't be read"):
        open_file(tmp_path / "nowhere")
    with pytest.raises(ScenarioError, match="neither a recording"):
        open_file(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("cut", b'{"arenalab_history": 1}\n', HistoryError),
        ("cut.npz", b"PK\x03\x04nothing", TraceError),
        ("cut.jsonl", b'{"oracle":1}\n', ArenaLabError),
        ("cut.toml", b'name = "other"\nops = []\n', ScenarioError),
    ],
)
def test_file_that_is_cut_off_says_so(tmp_path, name, content, error):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(error, match=r"cut"):
        open_file(tmp_path / name)
