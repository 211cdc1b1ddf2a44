"""`arenalab lab FILE`: the notebook that is written, what is refused, and the server that serves it."""

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import nbformat
import pytest

from arenalab import cli_lab
from arenalab.cli import main
from arenalab.install import install_command
from tests.programs import RECORDINGS

RECORDING = RECORDINGS / "small-1.jsonl"
TRACE = RECORDINGS.parent / "execution-traces/plain-go1.27.3.trace.gz"


@pytest.fixture
def served(monkeypatch):
    """What JupyterLab would have been started with."""
    asked = []
    monkeypatch.setattr(cli_lab, "serve", lambda arguments: asked.append(arguments) or 0)
    return asked


@pytest.mark.parametrize(("user", "flags"), [(0, ["--allow-root"]), (1000, [])])
def test_root_may_serve_as_make_lab_does(served, monkeypatch, user, flags):
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert main(["lab", str(RECORDING), "--no-browser"]) == 0
    assert served[0][2:] == [*flags, "--no-browser"]


def test_flags_of_jupyter_are_passed_on_and_the_notebook_is_one_cell(served, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    path = tmp_path / "mine.ipynb"
    assert main(["lab", str(RECORDING), "--no-browser", "--notebook", str(path), "--port=9"]) == 0
    at = [f"--ServerApp.root_dir={tmp_path}", "--LabApp.default_url=/lab/tree/mine.ipynb"]
    assert served == [[*at, "--no-browser", "--port=9"]]
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    (cell,) = notebook.cells
    assert cell.source.endswith(f"Workbench({str(RECORDING.absolute())!r})")


def test_execution_trace_is_shown_by_the_heap_movie(served, tmp_path):
    path = tmp_path / "mine.ipynb"
    assert main(["lab", str(TRACE), "--notebook", str(path)]) == 0
    assert len(served) == 1
    (cell,) = nbformat.read(path, as_version=4).cells
    shown = {}
    exec(cell.source.replace("\nHeapMovie(", "\nshown = HeapMovie("), shown)  # noqa: S102  # as a reader runs it
    assert len(shown["shown"].run.objects) > 1000


def test_notebook_of_its_own_is_gone_afterwards(served):
    assert main(["lab", str(RECORDING)]) == 0
    assert served[0][1].endswith("/workbench.ipynb")
    assert not os.path.exists(served[0][0].partition("=")[2])  # noqa: PTH110  # a plain name


def test_path_with_quotes_is_still_a_path(tmp_path):
    file = tmp_path / 'it\'s a "file".jsonl'
    cli_lab.write_notebook(tmp_path / "made.ipynb", file)
    code = json.loads((tmp_path / "made.ipynb").read_text())["cells"][0]["source"].splitlines()[-1]
    assert eval(code, {"Workbench": str}) == str(file)  # noqa: S307  # the line that we wrote


@pytest.mark.parametrize(
    "content", [b"nonsense", None, b'{"oracle":1}\n'], ids=["nonsense", "missing", "cut"]
)
def test_file_that_can_not_be_opened_is_one_error_with_status_2(served, tmp_path, capsys, content):
    path = tmp_path / "what"
    if content is not None:
        path.write_bytes(content)
    assert main(["lab", str(path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("arenalab lab: ")
    assert str(path) in said
    assert said.count("\n") == 1
    assert served == []


def test_notebook_that_is_there_already_is_not_overwritten(served, tmp_path, capsys):
    path = tmp_path / "mine.ipynb"
    path.write_text("kept")
    assert main(["lab", str(RECORDING), "--notebook", str(path)]) == 2
    assert f"{path} is there already; name another file or use --force" in capsys.readouterr().err
    assert (path.read_text(), served) == ("kept", [])
    assert main(["lab", str(RECORDING), "--notebook", str(path), "--force"]) == 0
    assert len(nbformat.read(path, as_version=4).cells) == 1


def test_missing_extra_is_one_error_with_status_2(served, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "jupyterlab", None)
    assert main(["lab", str(RECORDING)]) == 2
    told = f"arenalab lab: jupyterlab is missing; install with: {install_command('lab')}\n"
    assert capsys.readouterr().err == told
    assert served == []


def test_no_file_is_an_error_of_usage(capsys):
    with pytest.raises(SystemExit) as end:
        main(["lab"])
    assert end.value.code == 2
    assert "FILE" in capsys.readouterr().err


@pytest.mark.slow
def test_real_lab_serves_the_notebook_and_stops(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    token, notebook, log = secrets.token_hex(8), tmp_path / "bench.ipynb", tmp_path / "log"
    folders = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    flags = [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        f"--IdentityProvider.token={token}",
    ]
    command = [
        sys.executable,
        "-m",
        "arenalab.cli",
        "lab",
        str(RECORDING),
        "--notebook",
        str(notebook),
        *flags,
    ]
    with log.open("w") as out:
        process = subprocess.Popen(command, env=os.environ | folders, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + 90
        while True:
            try:
                url = f"http://127.0.0.1:{port}/api/contents/bench.ipynb?token={token}"
                with urllib.request.urlopen(url, timeout=5) as answer:  # our own server
                    seen = json.load(answer)
                break
            except (urllib.error.URLError, OSError):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.3)
        assert str(RECORDING.absolute()) in seen["content"]["cells"][0]["source"]
        printed = re.findall(r"http://127\S+", log.read_text())
        assert [url.partition("?")[0] for url in printed] == [
            f"http://127.0.0.1:{port}/lab/tree/bench.ipynb"
        ] * len(printed)
        assert printed
    finally:
        process.terminate()
        process.wait(timeout=30)
    assert process.returncode == 0
