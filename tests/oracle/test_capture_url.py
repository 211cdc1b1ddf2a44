"""`arenalab trace capture --url`: one request to the named server; whatever comes instead of a trace is told."""

import gzip
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from arenalab.cli import main
from arenalab.errors import RecordingError, ScenarioError
from arenalab.oracle.capture import served
from arenalab.oracle.capture.served import Address, capture_served
from tests.intake.making import batch, trace

SAMPLE = gzip.decompress(
    (Path(__file__).parents[1] / "data/execution-traces/plain-go1.27.3.trace.gz").read_bytes()
)
SILENT = trace(batch(b""))


@contextmanager
def serving(status=200, body=SAMPLE, kind="application/octet-stream", broken=0):
    """Serve one answer to every request; yield the address and the paths that were asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body) + broken))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_servers_trace_is_written_as_it_comes(tmp_path):
    out, told = tmp_path / "x.trace", []
    with serving() as (address, asked):
        done = capture_served(address, 0.5, out, watch=lambda size, _: told.append(size))
    assert asked == ["/debug/pprof/trace?seconds=0.5"]
    assert out.read_bytes() == SAMPLE
    assert (done.bytes, done.cut_off, told[-1]) == (len(SAMPLE), "", len(SAMPLE))
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("named", "asked"),
    [
        ("localhost:6060", "http://localhost:6060/debug/pprof/trace"),
        ("https://a.example/debug/pprof/", "https://a.example/debug/pprof/trace"),
        ("http://[::1]:80/inner", "http://[::1]:80/inner/debug/pprof/trace"),
        ("host/own/trace", "http://host/own/trace"),
    ],
)
def test_an_address_is_read_as_people_write_it(named, asked):
    assert str(Address.of(named)) == asked


@pytest.mark.parametrize(
    "named", ["", "two words", "ftp://host", "host:port", "host?seconds=1", "http://", "[::1"]
)
def test_what_is_no_address_is_refused(named):
    with pytest.raises(ScenarioError, match=r"expected HOST:PORT, or http"):
        Address.of(named)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            {"status": 404, "body": b"404 page not found\n"},
            r"says 404 Not Found: 404 page not found; expected a",
        ),
        ({"status": 302, "body": b""}, r"says 302 Found"),
        ({"body": b"<html>", "kind": "text/html"}, r"answers with text/html, not with an execution trace"),
        ({"body": b"go 1.22 trace\0\0\0rest"}, r"a trace of go 1\.22 trace; traces without allocations"),
        ({"body": SILENT}, r"GODEBUG=traceallocfree=1 must be in its environment when it is started; end it"),
        ({"body": b"", "broken": 9}, r"answers with application/octet-stream|no trace came"),
    ],
)
def test_what_is_no_trace_with_allocations_is_told_and_nothing_written(answer, told, tmp_path):
    with serving(**answer) as (address, _), pytest.raises(RecordingError, match=told):
        capture_served(address, 0.1, tmp_path / "x.trace")
    assert not list(tmp_path.iterdir())


def test_a_server_that_is_not_there_or_says_nothing_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(served, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = "{}:{}".format(*silent.getsockname())
        with pytest.raises(RecordingError, match=r"no answer \(timed out\); expected a server that imports"):
            capture_served(address, 0.1, tmp_path / "x.trace")
        with pytest.raises(RecordingError, match=r"no answer \("):
            capture_served(f"https://{address}", 0.1, tmp_path / "x.trace")
    with pytest.raises(RecordingError, match=r"no answer \(.*[Cc]onnection refused\)"):
        capture_served(address, 0.1, tmp_path / "x.trace")


def test_no_proxy_is_asked(tmp_path, monkeypatch):
    with serving() as (address, asked):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        capture_served(address, 0.1, tmp_path / "x.trace")
        assert len(asked) == 1


def test_a_trace_that_breaks_off_is_kept_and_said_to_be_cut_off(tmp_path, capsys):
    with serving(broken=1000) as (address, _):
        assert main(["trace", "capture", "--url", address, "-o", str(tmp_path / "x.trace")]) == 1
    assert "cut off: the server broke off" in capsys.readouterr().err
    assert (tmp_path / "x.trace").read_bytes() == SAMPLE


def test_at_the_limit_no_more_is_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(served, "PIECE", 1000)
    with serving() as (address, _):
        done = capture_served(address, 0.1, tmp_path / "x.trace", limit=10_000)
    assert done.cut_off.startswith("at the limit of 0.01 MB; ask for fewer --seconds")
    assert 10_000 <= done.bytes < 11_000 < len(SAMPLE)


def test_on_a_full_disk_nothing_is_written(tmp_path, monkeypatch):
    class Full:
        def write(self, _):
            raise OSError(28, "No space left on device")

    fetched = served._fetched
    monkeypatch.setattr(served, "_fetched", lambda a, s, _, *more: fetched(a, s, Full(), *more))
    with serving() as (address, _), pytest.raises(RecordingError, match=r"free some room, name another disk"):
        capture_served(address, 0.1, tmp_path / "x.trace")
    assert not list(tmp_path.iterdir())


def test_a_program_beside_it_is_refused(capsys):
    assert main(["trace", "capture", "--url", "localhost:1", "--", "./server"]) == 2
    assert "--url traces a server that runs; leave out ./server" in capsys.readouterr().err
