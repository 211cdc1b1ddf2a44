"""`arenalab trace`: an ordinary program's objects and scopes, for people and for programs."""

import gzip
import html
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


def test_answer_comes_first_and_the_best_scope_is_proposed(sample, capsys):
    assert main(["trace", sample]) == 0
    text = capsys.readouterr().out
    assert text.startswith(
        f"{sample}: recorded by Go; what says (model) is the model's, (forecast) is forecast\n\nWould an arena help?\n"
    )
    parts = (
        ": an arena for each task request ", "At equal memory (the heap with GOGC=",
        "An arena for each task request, which makes ", "\nWhat it would cost and save (forecast)",
        "instead, GOGC=200: ", "\nAn arena for each task request (model)",
        "\nWhat became", "\nWhat has to stay out of an arena (recorded)\n  task request: ",
        "\nInstead, memory regions (recorded)\n  task request as memory regions (design 70257): OR ",
        "\nScopes in", "\nThe trace", "\n  GC: ", "\nLimits",
    )  # fmt: skip
    assert sorted(parts, key=text.index) == list(parts)
    assert re.search(r"^  task request: 40 scopes, .* % decided$", text, re.MULTILINE)
    for kind, scopes in (("task request", 40), ("region build", 40), ("goroutine main.work", 2)):
        assert re.search(rf"^  {kind} +{scopes}  ", text, re.MULTILINE)
    assert "undecided" in text[: text.index("What became")]
    assert "Not seen: objects on stacks," in text


def test_numbers_are_those_of_the_words(sample, capsys):
    main(["trace", sample, "--scope", "task request"])
    words = capsys.readouterr().out
    assert main(["trace", sample, "--scope", "task request", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["format"], facts["unresolved"], facts["lost"], facts["stray_frees"]) == ("go 1.26", 0, 0, 0)
    assert f"{facts['allocated']:,} objects allocated, {facts['there_before']:,} there before" in words
    assert 0 < facts["gc"]["share"] < 1
    assert facts["escapes"]["objects"] == facts["scopes"][0]["escapes"]["objects"]
    assert facts["regions"]["kind"] == "task request"
    low, high = facts["advice"]["gain"]
    assert low < high
    assert re.search(
        rf"^  {facts['advice']['answer']}: an arena for each", words, re.MULTILINE | re.IGNORECASE
    )
    assert f"chunks: {facts['simulation']['chunks_obtained']} obtained" in words
    first = facts["escapes"]["sites"][0]
    assert f"  {first['objects']:,} of {first['of']:,} {first['type']}, " in words
    assert facts["escapes"]["objects"] == facts["scopes"][0]["escapes"]["objects"]
    assert f"OR {facts['regions']['OR'][0]:.3g}, BR {facts['regions']['BR'][0]:.3g}, OF >= " in words
    (scope,) = facts["scopes"]
    counts = [scope[fate]["objects"] for fate in ("dead in scope", "undecided", "escapes")]
    row = "  ".join(rf" *{count:,}" for count in (sum(counts), *counts))
    assert re.search(rf"^  all {row}$", words, re.MULTILINE)
    for fate in ("dead in scope", "escapes", "undecided"):
        assert sum(scope[fate]["types"].values()) == scope[fate]["objects"]
    assert scope["escapes"]["types"]["main.node"] % 31 == 0


def test_advice_is_for_the_go_and_gogc_asked_for(sample, capsys):
    assert main(["trace", sample, "--go", "1.21", "--gogc", "25"]) == 0
    text = capsys.readouterr().out
    assert ", with Go 1.21.13 at GOGC=25." in text
    assert "instead, GOGC=50: " in text
    assert "with an arena of Go 1.21 (model)" in text
    assert main(["trace", sample, "--gogc", "0"]) == 2
    assert "gogc: got 0; expected 1 to 100,000 percent" in capsys.readouterr().err
    assert main(["trace", sample, "--go", "1.19"]) == 2
    assert "no costs of Go 1.19" in capsys.readouterr().err


def test_a_table_leaves_no_object_out(capsys):
    orders = SAMPLE.with_name("orders-go1.27.3.trace.gz")
    main(["trace", str(orders), "--scope", "http"])
    table = capsys.readouterr().out.split("  type ")[1].split("\n\n")[0].splitlines()[1:]
    rows = [[int(cell.replace(",", "")) for cell in line.split()[-4:]] for line in table]
    assert rows[0] == [sum(column) for column in zip(*rows[1:], strict=True)]
    assert "more types" in table[-1]


def test_page_needs_nothing_else_and_says_what_the_words_say(sample, tmp_path, capsys):
    page = tmp_path / "new/told.html"
    assert main(["trace", sample, "--html", str(page)]) == 0
    words = capsys.readouterr().out
    text = page.read_text(encoding="utf-8")
    markup = re.sub(
        r"(?s)<script.*?</script>", "", text
    )  # BokehJS knows where MathJax would be got, if asked
    assert not re.search(r"""(src|href|url)\s*[=(]\s*["']?\s*(https?:)?//""", markup)
    for line in words.split("\nThe trace")[0].splitlines()[2:]:
        first = re.split(r" {2,}\S|`", line.strip())[0]
        assert html.escape(first) in text
    for part in ("Scopes and lifetimes: task request", "The heap through time", "Bokeh", "arenalab-saved"):
        assert part in text
    assert f"{page}: written" in words
    page.write_text("mine", encoding="utf-8")
    assert main(["trace", sample, "--html", str(page)]) == 2
    assert f"{page} is there already; name another file or use --force" in capsys.readouterr().err
    assert page.read_text(encoding="utf-8") == "mine"
    assert main(["trace", sample, "--html", str(page), "--force"]) == 0
    assert "Would an arena help?" in page.read_text(encoding="utf-8")


def test_names_of_the_program_are_no_markup(tmp_path):
    evil = "<script>alert(1)</script>"
    path = tmp_path / "<b>some.trace"
    info = batch(b"\x01" + b"".join(map(leb, (1 << 40, 8192, 8, 2048))), experiment=1)
    types = batch(b"\x00" + b"".join(map(leb, (3, 1 << 20, 64, 8, len(evil)))) + evil.encode(), experiment=1)
    strings = batch(b"\x04\x05" + b"".join(map(leb, (9, len(evil)))) + evil.encode())
    rows = [
        (1, "GoStart", (5, 1)), (1, "SpanAlloc", (0, 1, 20)), (1, "UserTaskBegin", (1, 0, 9, 0)),
        (1, "HeapObjectAlloc", (0, 3)), (1, "UserTaskEnd", (1, 0)),
    ]  # fmt: skip
    path.write_bytes(trace(info, types, strings, batch(body_of(rows))))
    page = tmp_path / "page.html"
    assert main(["trace", str(path), "--html", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert text.count(html.escape(evil)) >= 3
    assert evil not in text
    assert "<b>some" not in text


def test_a_scope_that_is_not_there_is_bad_input(sample, capsys):
    assert main(["trace", sample, "--scope", "task answer"]) == 2
    assert capsys.readouterr().err.startswith("arenalab trace: scope: got 'task answer'; expected one of: ")


@pytest.mark.parametrize("command", ["report", "check"])
def test_other_commands_say_who_reads_an_execution_trace(command, sample, capsys):
    assert main([command, sample]) == 2
    said = capsys.readouterr().err
    assert "an execution trace" in said
    assert "arenalab trace" in said or "HeapMovie" in said


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_several_traces_have_a_report_each_and_one_that_is_none_keeps_no_other_back(jobs, sample, capsys):
    other = str(SAMPLE.with_name("orders-go1.27.3.trace.gz"))
    main(["trace", "--json", sample])
    alone = json.loads(capsys.readouterr().out)
    assert main(["trace", "--json", "--jobs", jobs, sample, __file__, other]) == 2
    first, none, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {"file": sample} | alone
    assert none.keys() == {"file", "error"}
    assert second["file"] == other
    assert main(["trace", "--jobs", jobs, sample, __file__]) == 2
    said = capsys.readouterr()
    assert said.out.startswith(f"{sample}: recorded by Go")
    assert said.err.startswith(f"arenalab trace: {__file__}: ")
    assert main(["trace", sample, other, "--html", "page.html"]) == 2
    assert "one trace at a time" in capsys.readouterr().err


def test_packed_trace_is_read_as_it_is(sample, capsys):
    main(["trace", sample])
    said = capsys.readouterr().out
    assert main(["trace", str(SAMPLE)]) == 0
    assert capsys.readouterr().out == said.replace(sample, str(SAMPLE))


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (
            "data/recordings/small-1.jsonl",
            "a recording, no execution trace of a Go program; `arenalab report`",
        ),
        ("test_cli_trace.py", "expected a Go execution trace"),
        ("data", "Is a directory"),
        ("nowhere", "No such file"),
    ],
)
def test_file_of_another_kind_is_one_line(file, says, capsys):
    assert main(["trace", str(Path(__file__).parent / file)]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


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
    assert "no request, task, region or goroutine begins and ends in this trace" in text


def test_audited_trace_says_whose_collections_those_are(sample, capsys):
    shop = Path(__file__).parents[1] / "notebooks/data/shop_audit.trace.gz"
    assert main(["trace", str(shop)]) == 0
    assert "Captured with --audit: nearly all of its collections are the audit's" in capsys.readouterr().out
    assert main(["trace", sample]) == 0
    assert "--audit: nearly" not in capsys.readouterr().out


def test_audit_is_not_offered_where_it_decides_nothing(capsys):
    stacks = str(SAMPLE.with_name("stacks-go1.27.3.trace.gz"))
    audit, no_audit = "capture --audit` decides nearly all", "No audit decides more"
    assert main(["trace", stacks, "--scope", "task request"]) == 0
    said = capsys.readouterr().out
    assert (audit in said, no_audit in said) == (True, False)
    assert main(["trace", stacks, "--scope", "under main.build"]) == 0
    said = capsys.readouterr().out
    assert (audit in said, no_audit in said) == (False, True)
