"""`arenalab trace`: an ordinary program's objects and scopes, for people and for programs."""

import gzip
import json
import re
from pathlib import Path

import pytest

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


def test_packed_trace_is_bad_input(capsys):
    assert main(["trace", str(SAMPLE)]) == 2
    assert "a gzip file (unpack it first); expected a Go execution trace" in capsys.readouterr().err


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
