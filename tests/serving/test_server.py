"""The server of `arenalab serve`: who is answered, who is not, and that each page has its own explorers."""

import http.client
import json
from threading import Thread

import pytest

from arenalab.errors import ScenarioError
from arenalab.serving import server as module
from arenalab.serving.server import Server
from tests.programs import RECORDINGS

RECORDING = RECORDINGS / "small-1.jsonl"
SHOW = [{"kind": "explorer", "name": ""}]
OPEN = [{"kind": "open", "id": "v", "seq": 0, "dark": False, "width": 960}]


@pytest.fixture(scope="module")
def running():
    with Server(RECORDING, "a <run>") as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def asks(running):
    """Ask the server; return status, headers and text."""

    def ask(path, said=None, **headers):
        link = http.client.HTTPConnection("127.0.0.1", running.server_address[1], timeout=20)
        body = None if said is None else said if isinstance(said, str) else json.dumps(said)
        link.request("GET" if said is None else "POST", path, body, headers)
        answer = link.getresponse()
        text = answer.read().decode()
        link.close()
        return answer.status, answer.headers, text

    return ask


def test_page_and_script_are_below_a_path_that_nobody_guesses(running, asks):
    status, headers, text = asks(running.path)
    assert (status, headers.get_content_type()) == (200, "text/html")
    assert "a &lt;run&gt;" in text
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    status, headers, text = asks(f"{running.path}served.js")
    assert (status, headers.get_content_type()) == (200, "text/javascript")
    assert len(running.path) > 20
    assert running.url.startswith("http://127.0.0.1:")


def test_whoever_knows_less_is_refused(running, asks):
    port = running.server_address[1]
    for path in ("/", "/served.js", "/send?view=1", f"{running.path}../etc/passwd", f"{running.path}nothing"):
        assert asks(path)[0] == 404
    assert asks("/send?view=1", SHOW)[0] == 404
    assert asks(f"{running.path}send?view=1", SHOW, Host=f"evil.example:{port}")[0] == 404
    assert asks(running.path, Host="evil.example")[0] == 404
    assert asks(f"{running.path}send?view=1", SHOW, Origin="http://evil.example")[0] == 404
    assert asks(f"{running.path}send", SHOW)[0] == 404
    assert asks(f"{running.path}send?view=1", SHOW, Origin=f"http://127.0.0.1:{port}")[0] == 200


@pytest.mark.parametrize("said", ["nonsense", "5", '["text"]', "[" * 5000])
def test_nonsense_is_refused(running, asks, said):
    assert asks(f"{running.path}send?view=n", said)[0] == 400
    assert "n" not in running.views


def test_what_goes_wrong_is_one_line_that_the_page_shows(running, asks, monkeypatch):
    status, _, text = asks(f"{running.path}send?view=w", [*SHOW, {"kind": "open", "place": 7}])
    assert (status, text) == (500, "place: got 7; expected a place of an explorer: 0, 1")

    def fails(*_):
        raise ValueError("a fault of ours")

    monkeypatch.setattr(running, "hear", fails)
    assert asks(f"{running.path}send?view=w", SHOW)[::2] == (500, "ValueError: a fault of ours")


def test_too_much_at_once_is_refused_unread(running, asks):
    assert asks(f"{running.path}send?view=n", None, **{"Content-Length": "0"})[0] == 404
    link = http.client.HTTPConnection("127.0.0.1", running.server_address[1], timeout=20)
    link.putrequest("POST", f"{running.path}send?view=n")
    link.putheader("Content-Length", "99999999999")
    link.endheaders()
    assert link.getresponse().status == 413
    link.close()


def test_each_page_stands_where_its_own_reader_is(running, asks):
    for view in ("one", "two"):
        (told,) = json.loads(asks(f"{running.path}send?view={view}", SHOW)[2])
        assert told["content"]["shown"] == ["Chunk map"]
    asks(f"{running.path}send?view=one", [*OPEN, {"kind": "moved", "key": "9", "seq": 1}])
    assert (running.views["one"].shown[0].here(), running.views["two"].shown[0].here()) == ("9", "0")
    assert running.views["one"].run is running.views["two"].run
    assert asks(f"{running.path}send?view=one&close=1", "")[0] == 200
    assert "one" not in running.views


def test_page_that_was_forgotten_is_told_to_load_again(running, asks, monkeypatch):
    monkeypatch.setattr(module, "MOST_VIEWS", 1)
    asks(f"{running.path}send?view=first", SHOW)
    asks(f"{running.path}send?view=second", SHOW)
    assert list(running.views) == ["second"]
    status, _, text = asks(f"{running.path}send?view=first", OPEN)
    assert (status, text) == (409, module.OLD)


def test_port_that_is_taken_is_one_error(running):
    with pytest.raises(ScenarioError, match=r"^port \d+: Address already in use; name another with --port"):
        Server(running.run, "", port=running.server_address[1])
