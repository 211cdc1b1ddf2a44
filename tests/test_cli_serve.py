"""`arenalab serve FILE` and `arenalab open FILE`, as a person starts them."""

import json
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from arenalab import cli_serve
from arenalab.cli import main
from arenalab.machine.machine import Machine
from arenalab.replay.trace import Trace
from arenalab.replay.trace_file import save_trace
from arenalab.scenarios import load_scenario
from arenalab.world.ops import NewArena
from tests.programs import RECORDINGS

RECORDING = RECORDINGS / "small-1.jsonl"
TRACE = RECORDINGS.parent / "execution-traces/plain-go1.27.3.trace.gz"


def test_address_is_printed_answers_and_ends_by_an_interrupt():
    command = [sys.executable, "-m", "arenalab", "serve", str(RECORDING), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            said = process.stdout.readline()
            assert said.startswith(f"{RECORDING}: http://127.0.0.1:")
            address = said.split(": ", 1)[1].strip()
            with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310  # our own server
                assert b"served.js" in answer.read()
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
        assert process.stderr.read() == ""


@pytest.fixture
def at_once(monkeypatch):
    """A server that is stopped before it answers anybody, and the addresses that a browser was sent to."""
    from arenalab.serving.server import Server  # noqa: PLC0415

    def stopped(_):
        raise KeyboardInterrupt

    opened = []
    monkeypatch.setattr(Server, "serve_forever", stopped)
    monkeypatch.setattr(cli_serve.webbrowser, "open", lambda url: bool(opened.append(url)))
    return opened


def test_browser_is_opened_unless_one_says_not_to(at_once, capsys):
    assert main(["serve", str(RECORDING)]) == 0
    said = capsys.readouterr()
    assert at_once == [said.out.split(": ", 1)[1].splitlines()[0]]
    assert "No browser was found" in said.err
    assert main(["serve", str(RECORDING), "--no-browser"]) == 0
    assert len(at_once) == 1


def test_port_is_the_one_that_is_asked_for(at_once, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", str(RECORDING), "--port", port]) == 2
        assert capsys.readouterr().err.startswith(f"arenalab serve: port {port}: Address already in use")
    assert main(["serve", str(RECORDING), "--port", port, "--no-browser"]) == 0
    assert f"http://127.0.0.1:{port}/" in capsys.readouterr().out
    assert at_once == []


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_port_that_is_none_is_an_error_of_usage(capsys, port):
    with pytest.raises(SystemExit) as end:
        main(["serve", str(RECORDING), "--port", port])
    assert end.value.code == 2
    assert "is no port, 0 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["serve", "open"])
@pytest.mark.parametrize(
    "content", [b"nonsense", None, b'{"oracle":1}\n'], ids=["nonsense", "missing", "cut"]
)
def test_file_that_can_not_be_opened_is_one_error_with_status_2(at_once, tmp_path, capsys, command, content):
    path = tmp_path / "what"
    if content is not None:
        path.write_bytes(content)
    assert main([command, str(path)]) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"arenalab {command}: {path}")
    assert (said.err.count("\n"), said.out, at_once) == (1, "", [])


# open


def files(folder):
    """Return a file of each kind, under a name that does not tell it, and what it is said to be."""
    Machine().run([NewArena(0)]).save(folder / "history")
    save_trace(Trace.from_ops([NewArena(0)]), folder / "trace")
    return {
        RECORDING: "a recording of real Go, Go 1.21",
        folder / "history": "a saved history of the model, Go 1.27",
        folder / "trace": "a trace: a program for the model, Go 1.27",
        load_scenario(
            "arena-is-made-with-a-chunk"
        ).path: "a scenario: a small program and what it expects, Go 1.27",
        TRACE: "an execution trace of a Go program",
    }


def test_each_kind_of_file_is_told_with_what_is_in_it(tmp_path, capsys):
    for path, what in files(tmp_path).items():
        assert main(["open", str(path)]) == 0
        first, size, *_, last = capsys.readouterr().out.splitlines()
        assert first == f"{path}: {what}"
        assert " object" in size
        assert last.startswith("read it with: arenalab ")
        assert str(path) in last


def test_open_as_json_has_the_counts(capsys):
    assert main(["open", "--json", str(RECORDING)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["go"], told["operations"], told["events"]) == ("recording", "1.21", 100, 323)
    assert main(["open", "--json", str(TRACE)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], sum(told["scopes"].values()) > 1, told["objects"] > 1000) == (
        "execution trace",
        True,
        True,
    )
