"""`arenalab trace`: an ordinary program's objects and scopes, for people and for programs."""

import gzip
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.cli import main
from tests.intake.making import batch, body_of, leb, trace

SAMPLE = Path(__file__).parent / "data/execution-traces/plain-go1.27.3.trace.gz"


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "plain.trace"
    path.write_bytes(gzip.decompress(SAMPLE.read_bytes()))
    return str(path)


def test_report_tells_of_each_kind_of_scope_how_much_is_decided(sample, capsys):
    assert main(["trace", sample]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"{sample}: recorded, format go 1.26; ")
    for kind in ("task request: 40 scopes", "region build: 40 scopes", "goroutine main.work: 2 scopes"):
        assert re.search(rf"^{kind}, .* % decided$", text, re.MULTILINE)
    assert "\nundecided: no GC cycle says;" in text
    assert "\nnot seen: stack objects," in text


def test_numbers_are_those_of_the_words(sample, capsys):
    main(["trace", sample, "--scope", "task request"])
    words = capsys.readouterr().out
    assert main(["trace", sample, "--scope", "task request", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["format"], facts["unresolved"], facts["lost"], facts["stray_frees"]) == ("go 1.26", 0, 0, 0)
    assert f"{facts['allocated']:,} objects allocated, {facts['there_before']:,} there before" in words
    (scope,) = facts["scopes"]
    for fate in ("dead in scope", "escapes", "undecided"):
        assert f"  {fate}: {scope[fate]['objects']:,} (" in words
        assert sum(scope[fate]["types"].values()) == scope[fate]["objects"]
    assert scope["escapes"]["types"]["main.node"] % 31 == 0


def test_a_scope_that_is_not_there_is_bad_input(sample, capsys):
    assert main(["trace", sample, "--scope", "task answer"]) == 2
    assert capsys.readouterr().err.startswith("arenalab trace: scope: got 'task answer'; expected one of: ")


@pytest.mark.parametrize("command", ["report", "lab"])
def test_other_commands_say_who_reads_an_execution_trace(command, sample, capsys):
    assert main([command, sample]) == 2
    assert "an execution trace of a Go program" in (said := capsys.readouterr().err)
    assert "`arenalab trace` reads it" in said


def test_packed_trace_is_bad_input(capsys):
    assert main(["trace", str(SAMPLE)]) == 2
    assert "a gzip file (unpack it first); expected a Go execution trace" in capsys.readouterr().err


@given(data=st.data())
def test_damaged_trace_is_told_or_refused_in_one_line(data):
    """Whatever a byte becomes, the whole chain to the verdict ends in words or in one error."""
    spoilt = bytearray(gzip.decompress(SAMPLE.read_bytes()))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(16, len(spoilt) - 1) | st.integers(16, 200))
        spoilt[at] = data.draw(st.sampled_from([0, 1, 127, 128, 129, 132, 255]) | st.integers(0, 255))
    with (
        TemporaryDirectory() as folder,
        redirect_stderr(StringIO()) as refused,
        redirect_stdout(StringIO()) as told,
    ):
        path = Path(folder) / "spoilt.trace"
        path.write_bytes(spoilt)
        status = main(["trace", str(path)])
    lines = (refused if status == 2 else told).getvalue().splitlines()
    assert (status, len(lines)) == (2, 1) or (status in (0, 1) and len(lines) > 3)


@pytest.mark.parametrize(
    "event",
    [
        ("SpanAlloc", (0, 2**47, 4)),  # as many pages as addresses have bits for
        ("SpanAlloc", (2**47, 1, 4 * 5)),
        ("HeapObjectAlloc", (2**47, 0)),
        ("HeapObjectAlloc", (2**63, 2**63)),
        ("GoStart", (2**64 - 1, 2**64 - 1)),
        ("GoStatus", (2**64 - 1, 7, 2)),
        ("ProcStart", (2**63, 1)),
        ("GCEnd", (2**64 - 1,)),
        ("UserTaskEnd", (2**64 - 1, 2**64 - 1)),
    ],
)
def test_absurd_numbers_cost_neither_memory_nor_a_traceback(event, tmp_path, capsys):
    path = tmp_path / "some.trace"
    info = batch(b"\x01" + b"".join(map(leb, (1 << 40, 8192, 8, 2048))), experiment=1)
    rows = [(1, "GoStart", (5, 1)), (1, *event), (1, "HeapObjectAlloc", (0, 0)), (1, "HeapObjectFree", (0,))]
    path.write_bytes(trace(info, batch(body_of(rows))))
    assert main(["trace", str(path)]) in (1, 2)
    assert len(capsys.readouterr().err.splitlines()) <= 1


def test_trace_without_scopes_says_so_and_is_no_success(tmp_path, capsys):
    path = tmp_path / "some.trace"
    info = batch(b"\x01" + b"".join(map(leb, (1 << 40, 8192, 8, 2048))), experiment=1)
    path.write_bytes(
        trace(info, batch(body_of([(1, "SpanAlloc", (0, 1, 20)), (1, "HeapObjectAlloc", (0, 0))])))
    )
    assert main(["trace", str(path)]) == 1
    text = capsys.readouterr().out
    assert "1 object allocated" in text
    assert "no task, region or goroutine begins and ends in this trace" in text
