"""`arenalab check`: several files, bad ones among them, scenarios, and what is no recording at all."""

import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from arenalab import progress_line
from arenalab.cli import main
from arenalab.machine.machine import Machine
from arenalab.progress_line import ProgressLine
from arenalab.replay.trace import Trace
from arenalab.replay.trace_file import save_trace
from arenalab.scenarios import load_scenario
from arenalab.world.ops import NewArena
from tests.programs import RECORDINGS
from tests.strategies import GC_OFF

SCENARIO = Path(load_scenario("arena-is-made-with-a-chunk").path)
GOOD = str(RECORDINGS / "small-1.jsonl")


@pytest.fixture
def different(tmp_path):
    """A recording with one fact falsified."""
    text = (RECORDINGS / "mix-1.jsonl").read_text()
    path = tmp_path / "different.jsonl"
    path.write_text(text.replace('"maxalloc":2097152', '"maxalloc":2097153', 1))
    assert path.read_text() != text
    return str(path)


def test_bad_file_does_not_keep_the_others_from_being_checked(different, tmp_path, capsys):
    cut = tmp_path / "cut.jsonl"
    cut.write_text('{"oracle":1}\n')
    assert main(["check", str(tmp_path / "missing"), str(cut), different, GOOD]) == 2
    said = capsys.readouterr()
    assert [line.partition(": ")[2].partition(":")[0] for line in said.err.splitlines()] == [
        str(tmp_path / "missing"),
        str(cut),
    ]
    assert f"{GOOD}: compared " in said.out
    assert said.out.splitlines()[-1].endswith("; 1 difference; files that can't be checked: 2")


@pytest.mark.parametrize(
    ("names", "status"),
    [(["good"], 0), (["different", "good"], 1), (["good", "missing"], 2), (["missing"], 2)],
)
def test_status_is_that_of_the_worst_file(different, tmp_path, capsys, names, status):
    paths = {"good": GOOD, "different": different, "missing": str(tmp_path / "missing")}
    assert main(["check", *(paths[name] for name in names)]) == status
    capsys.readouterr()


def test_one_file_has_its_result_once_and_several_have_a_sum(different, capsys):
    main(["check", GOOD])
    (said,) = capsys.readouterr().out.splitlines()
    assert said.startswith(f"{GOOD}: compared ")
    assert said.endswith("; 0 differences")
    main(["check", different])
    assert capsys.readouterr().out.count("compared ") == 1
    main(["check", GOOD, GOOD])
    assert capsys.readouterr().out.count("compared ") == 3


def test_scenario_is_held_against_what_it_expects(tmp_path, capsys):
    assert main(["check", str(SCENARIO)]) == 0
    assert "a scenario, no real Go in it: " in capsys.readouterr().out
    wrong = tmp_path / SCENARIO.name
    wrong.write_text(SCENARIO.read_text() + '\n[[expect]]\nafter = 0\nthrow = "never said"\n')
    assert main(["check", str(wrong), GOOD]) == 1
    said = capsys.readouterr().out
    assert "never said" in said
    assert "scenarios: 0 of 1 hold" in said


def test_scenario_under_which_go_does_not_start_may_expect_so(tmp_path, capsys):
    path = Path(load_scenario("init-chunk-of-partial-pages-throws").path)
    assert main(["check", str(path)]) == 0
    wrong = tmp_path / path.name
    wrong.write_text(path.read_text().replace("is not a multiple", "is a multiple"))
    assert main(["check", str(wrong)]) == 1
    assert "Go would not start: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("my.toml", "unknown key 'title'"),
        ("broken.toml", "not TOML"),
        ("words.txt", "neither a recording (`arenalab record` makes one) nor a scenario"),
        ("history", "a saved history is what the model did"),
        ("trace.npz", "a trace is a program"),
        ("folder", "a trace is a program"),
        ("empty", "holds no row of a recording"),
        ("other.json", "not a row of a recording"),
    ],
)
def test_file_of_another_kind_is_told_by_what_it_is(tmp_path, capsys, name, what):
    path = tmp_path / name
    Machine(GC_OFF).run([NewArena(0)]).save(tmp_path / "history")
    save_trace(Trace.from_ops([NewArena(0)]), tmp_path / "trace.npz")
    save_trace(Trace.from_ops([NewArena(0)]), tmp_path / "folder")
    texts = {
        "my.toml": 'title = "x"\n',
        "broken.toml": "a =\n",
        "words.txt": "words\n",
        "empty": "",
        "other.json": "{}\n",
    }
    if name in texts:
        path.write_text(texts[name])
    assert main(["check", str(path)]) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"arenalab check: {path}")
    assert what in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


def test_folder_without_a_trace_is_one_error(tmp_path, capsys):
    assert main(["check", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("arenalab check: ")


def test_disk_that_is_full_is_one_error_with_status_2(tmp_path, capsys, monkeypatch):
    shutil.copy(GOOD, tmp_path / "a")

    def full(*_, **__):
        raise OSError(28, "No space left on device", "somewhere")

    monkeypatch.setattr("arenalab.cli_check.check_files", full)
    assert main(["check", str(tmp_path / "a")]) == 2
    assert capsys.readouterr().err == "arenalab check: [Errno 28] No space left on device: 'somewhere'\n"


class Terminal:
    """stderr as a terminal, and what it was sent."""

    def __init__(self):
        self.sent = []

    def isatty(self):
        return True

    def write(self, text):
        self.sent.append(text)

    def flush(self):
        pass


def test_long_work_is_told_on_a_terminal_and_the_line_is_gone_in_the_end(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(progress_line.sys, "stderr", terminal)
    monkeypatch.setattr(progress_line, "EVERY", 0)
    with ProgressLine(after=0) as line:
        assert list(line.over(range(4), "rows")) == [0, 1, 2, 3]
    shown = "".join(terminal.sent).split("\r")
    assert f"[{'#' * 15}{'.' * 15}] 2 of 4 rows" in shown
    assert shown[-2].strip() == shown[-1] == ""


def test_quick_work_and_work_that_nobody_sees_tell_nothing(monkeypatch, capsys):
    with ProgressLine(after=0) as line:
        line.show("no terminal")
    assert capsys.readouterr().err == ""
    terminal = Terminal()
    monkeypatch.setattr(progress_line.sys, "stderr", terminal)
    with ProgressLine() as line:
        line.show("soon done", 0.5)
    assert terminal.sent == []


def test_check_tells_how_far_it_is(monkeypatch, capsys):
    terminal = Terminal()
    monkeypatch.setattr(progress_line.sys, "stderr", terminal)
    monkeypatch.setattr(progress_line, "EVERY", 0)
    monkeypatch.setattr(ProgressLine.__init__, "__defaults__", (0,))
    assert main(["check", GOOD]) == 0
    assert any(" rows" in text for text in terminal.sent)
    capsys.readouterr()


# several files, folders, JSON, processes


@pytest.fixture
def folder(tmp_path, different):
    """A folder with good and bad files, and with what is meant for nobody."""
    inner = tmp_path / "all" / "inner"
    (inner / ".hidden").mkdir(parents=True)
    shutil.copy(GOOD, tmp_path / "all" / "a-good.rec")
    shutil.copy(different, inner / "b-different.jsonl")
    shutil.copy(SCENARIO, inner / SCENARIO.name)
    (inner / "cut.jsonl").write_text('{"oracle":1}\n')
    (inner / "words.txt").write_text("words\n")
    (inner / "pyproject.toml").write_text("[project]\n")
    shutil.copy(GOOD, inner / ".hidden" / "unseen.jsonl")
    save_trace(Trace.from_ops([NewArena(0)]), inner / "trace")
    return tmp_path / "all"


def test_folder_stands_for_the_recordings_and_scenarios_in_it(folder, capsys):
    assert main(["check", str(folder)]) == 2
    said = capsys.readouterr()
    assert [line.split(": ")[1] for line in said.err.splitlines()] == [str(folder / "inner" / "cut.jsonl")]
    told = [line for line in said.out.splitlines() if line.startswith(str(folder))]
    assert [
        Path(line.split(": ")[0]).name for line in told if ": compared" in line or "scenario" in line
    ] == [
        "a-good.rec",
        SCENARIO.name,
        "b-different.jsonl",
    ]
    end = said.out.splitlines()[-1]
    assert end.startswith("4 files; compared ")
    assert end.endswith("files that can't be checked: 1; left alone: 2 files of other kinds")


def test_folder_of_nothing_is_refused_by_its_name(tmp_path, capsys):
    (tmp_path / "words.txt").write_text("words\n")
    assert main(["check", str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_several_processes_tell_the_same_in_the_same_order(folder, capsys):
    assert main(["check", str(folder)]) == 2
    alone = capsys.readouterr()
    assert main(["check", "--jobs", "2", str(folder)]) == 2
    assert capsys.readouterr() == alone


def test_json_holds_each_file_and_the_totals(folder, capsys):
    assert main(["check", "--json", str(folder)]) == 2
    told = json.loads(capsys.readouterr().out)
    results = {Path(file["file"]).name: file["result"] for file in told["checked"]}
    assert results == {
        "a-good.rec": "agrees", SCENARIO.name: "agrees", "cut.jsonl": "unread", "b-different.jsonl": "differs",
    }  # fmt: skip
    totals = told["totals"]
    assert totals["files"] == 4
    assert totals["facts"] == sum(file.get("facts", 0) for file in told["checked"]) > 1000
    assert (totals["differences"], totals["agrees"], totals["differs"], totals["unread"]) == (1, 2, 1, 1)
    different = next(file for file in told["checked"] if file["result"] == "differs")
    assert "2097153" in "\n".join(different["told"])


@pytest.mark.parametrize("number", ["-1", "many", "1001"])
def test_wrong_number_of_processes_is_an_error_of_usage(capsys, number):
    with pytest.raises(SystemExit) as end:
        main(["check", "--jobs", number, GOOD])
    assert end.value.code == 2
    assert "no number of processes" in capsys.readouterr().err


def test_process_that_is_killed_is_told_of(monkeypatch, capsys):
    """As by a kernel that is out of memory."""
    monkeypatch.setattr("arenalab.cli_checked.outcome_of", _killed)
    assert main(["check", "--jobs", "2", GOOD, GOOD]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 2
    assert said.count("was killed") == 2


def _killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)


# scenarios in real Go


@pytest.mark.go
def test_scenario_is_performed_in_real_go_too(tmp_path, capsys):
    assert main(["check", "--real", str(SCENARIO)]) == 0
    said = capsys.readouterr().out
    assert "expectations, 0 broken; in real Go (go1." in said
    assert said.strip().endswith("; 0 differences")
    wrong = tmp_path / SCENARIO.name
    wrong.write_text(SCENARIO.read_text() + '\n[[expect]]\nafter = 0\nthrow = "never said"\n')
    assert main(["check", "--real", str(wrong)]) == 1
    assert "never said" in capsys.readouterr().out


@pytest.mark.go
def test_what_the_model_does_otherwise_than_real_go_is_told(monkeypatch, capsys):
    from arenalab.oracle import real_scenario  # noqa: PLC0415

    honest = real_scenario.load_recording

    def falsified(path):
        path.write_text(path.read_text().replace('"maxalloc":2097152', '"maxalloc":2097153', 1))
        return honest(path)

    monkeypatch.setattr(real_scenario, "load_recording", falsified)
    assert main(["check", "--real", str(SCENARIO)]) == 1
    assert "2097153" in capsys.readouterr().out


@pytest.mark.go
def test_scenario_that_real_go_can_not_perform_says_why_and_is_no_agreement(capsys):
    path = load_scenario("what-if-reuse-were-a-queue").path
    assert main(["check", str(path)]) == 0
    capsys.readouterr()
    assert main(["check", "--real", str(path)]) == 1
    assert "; real Go can't perform it: " in capsys.readouterr().out


@pytest.mark.go
def test_scenario_that_says_nothing_of_a_go_is_refused(tmp_path, capsys):
    path = tmp_path / SCENARIO.name
    path.write_text('go = ">=1.27"\n' + SCENARIO.read_text())
    assert main(["check", "--real", "--go", "1.21", str(path)]) == 2
    assert "says nothing of go1.21" in capsys.readouterr().err
