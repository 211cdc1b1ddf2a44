"""What a page without a kernel is answered: the explorers of a run, one or two, each by its own messages."""

import base64
import json

import pytest

from arenalab.errors import ScenarioError
from arenalab.explore.workbench_parts import explorers
from arenalab.serving.session import Session
from tests.programs import RECORDINGS

RECORDING = RECORDINGS / "small-1.jsonl"
TRACE = RECORDINGS.parent / "execution-traces/plain-go1.27.3.trace.gz"
OPEN = {"kind": "open", "id": "v", "seq": 0, "dark": False, "width": 960}


@pytest.fixture
def session():
    made = Session(RECORDING)
    yield made
    made.close()


def kinds(messages):
    return [(message["place"], message["content"]["kind"]) for message in messages]


def asked(session, *contents):
    """Ask as the page "v" does, and take what is answered as a page gets it."""
    return json.loads(json.dumps(session.hear([{"view": "v"} | content for content in contents])))


def test_first_answer_says_what_there_is_and_shows_the_usual_explorer(session):
    (told,) = asked(session, {"kind": "explorer", "name": ""})
    content = told["content"]
    assert content["about"] == f"{RECORDING}: Go 1.21, 100 operations, 323 events"
    assert content["names"] == list(explorers())
    assert (content["shown"], content["error"]) == (["Chunk map"], "")
    assert ".al-served" in content["style"]
    assert ".al-page" in content["style"]


def test_page_opens_steps_and_is_answered_with_frames(session):
    asked(session, {"kind": "explorer", "name": ""})
    (state,) = asked(session, OPEN)
    assert (state["content"]["kind"], state["content"]["frame"]["key"], state["content"]["last"]) == (
        "state",
        "0",
        100,
    )
    ask = {
        "kind": "ask",
        "ask": "1",
        "epoch": state["content"]["epoch"],
        "key": "0",
        "way": "next",
        "count": 3,
        "seen": [],
    }
    frames = [frame["key"] for told in asked(session, ask) for frame in told["content"]["frames"]]
    assert frames == ["1", "2", "3"]
    assert asked(session, {"kind": "moved", "key": "2", "seq": 1}) == []
    assert session.shown[0].here() == "2"


def test_two_explorers_stand_at_the_same_moment(session):
    asked(session, {"kind": "explorer", "name": ""}, OPEN, {"kind": "moved", "key": "5", "seq": 1})
    asked(session, {"kind": "explorer", "name": "Life cycle", "place": 1}, OPEN | {"place": 1})
    assert session.shown[1].here() == "5"
    told = asked(session, {"kind": "moved", "key": "7", "seq": 2, "place": 1})
    assert kinds(told) == [(0, "state")]
    assert told[0]["content"]["frame"]["key"] == "7"
    (told,) = asked(session, {"kind": "explorer", "name": "", "place": 1})
    assert told["content"]["shown"] == ["Chunk map"]
    assert kinds(asked(session, {"kind": "moved", "key": "9", "seq": 3})) == []


def test_other_explorer_goes_on_where_the_one_before_it_stood(session):
    asked(session, {"kind": "explorer", "name": ""}, OPEN, {"kind": "moved", "key": "5", "seq": 1})
    before = session.shown[0]
    asked(session, {"kind": "explorer", "name": "Life cycle"})
    assert (session.shown[0].name, session.shown[0].here()) == ("Life cycle", "5")
    assert before.widget.comm is None  # and is known to nobody any more


def test_every_explorer_can_be_shown_and_its_chart_and_rasters_come_as_text(session):
    asked(session, {"kind": "explorer", "name": ""}, OPEN, {"kind": "moved", "key": "50", "seq": 1})
    for name in session.names:
        (told, *_) = asked(session, {"kind": "explorer", "name": name})
        if name != "Clone":  # there is nothing to clone in it
            assert (told["content"]["error"], told["content"]["shown"]) == ("", [name])
        states = asked(session, OPEN)
        assert [told["content"]["kind"] for told in states] == ["state"]
        assert states[0]["content"]["error"] == ""
    asked(session, {"kind": "explorer", "name": "Heap bitmap"}, OPEN)
    ask = {"kind": "ask", "ask": "2", "way": "at", "key": "50", "count": 1, "base": "", "seen": ["words"]}
    answer = next(told for told in asked(session, ask) if told["content"].get("frames"))
    raster = answer["content"]["frames"][0]["rasters"]["words"]
    assert len(base64.b64decode(answer["buffers"][raster["runs"]])) == raster["words"]


def test_explorer_that_there_is_not_is_an_error_that_the_page_shows(session):
    asked(session, {"kind": "explorer", "name": ""})
    (told,) = asked(session, {"kind": "explorer", "name": "Chunks"})
    assert told["content"]["error"].startswith("explorer: got 'Chunks'; expected the name of an explorer: ")
    assert told["content"]["shown"] == ["Chunk map"]


def test_what_is_said_to_nobody_is_answered_with_nothing(session):
    assert asked(session, OPEN, {"kind": "moved", "key": "1", "seq": 1}) == []


def test_execution_trace_is_shown_by_the_heap_movie():
    session = Session(TRACE)
    (told,) = asked(session, {"kind": "explorer", "name": ""})
    assert told["content"]["names"] == told["content"]["shown"] == ["Heap movie"]
    (state,) = asked(session, OPEN)
    assert state["content"]["kind"] == "state"
    session.close()


def test_file_that_can_not_be_opened_is_one_error(tmp_path):
    (tmp_path / "text").write_text("words\n")
    with pytest.raises(ScenarioError, match="neither a recording"):
        Session(tmp_path / "text")


def test_explorer_that_is_shown_already_stays_with_the_width_that_its_page_has(session):
    asked(session, {"kind": "explorer", "name": "Life cycle"})
    there = session.shown[0]
    asked(session, {"kind": "explorer", "name": "Life cycle"})
    assert session.shown[0] is there
