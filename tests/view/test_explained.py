"""Every word on the screen has its sentence: event kinds, states, counters, looks, families; short, plain, and true."""

import re
from dataclasses import fields
from itertools import chain

import pytest

from arenalab.draw.theme import EVERY_LOOK, FAMILIES
from arenalab.view import explained
from arenalab.view.counter_series import COLUMNS
from arenalab.view.event_kinds import FAMILY
from arenalab.view.explained_events import EVENTS_EXPLAINED
from arenalab.view.explained_looks import LOOKS_EXPLAINED
from arenalab.view.sentences import own_words
from arenalab.world.event import EVENTS
from arenalab.world.life_cycle import STATES
from arenalab.world.tables import Counters
from tools import glossary

SENTENCES = {
    "event": {kind.__name__: said for kind, said in EVENTS_EXPLAINED.items()},
    "state": explained.STATES_EXPLAINED,
    "counter": explained.COUNTERS_EXPLAINED,
    "family": explained.FAMILIES_EXPLAINED,
    "look": LOOKS_EXPLAINED,
}
ALL = [(home, key, said) for home, table in SENTENCES.items() for key, said in table.items()]
#: What a Go programmer would not write; see a glossary of Go's runtime.
HOME_MADE = (
    "ordinary heap",
    "carve",
    "gives the goroutine",
    "anew",
    "nobody",
    "look at",
    "tell",
    "learn",
    "keeps to",
)


def test_each_kind_of_event_has_a_sentence():
    assert {*SENTENCES["event"]} == {*EVENTS}


def test_each_state_counter_and_family_has_a_sentence():
    assert {*SENTENCES["state"]} == {*STATES}
    assert {*SENTENCES["counter"]} == {*COLUMNS} >= {field.name for field in fields(Counters)}
    assert {*SENTENCES["family"]} == {*FAMILIES} == {*FAMILY.values()}


def test_each_look_has_a_sentence_and_nothing_else_has():
    assert [key for key in (*EVERY_LOOK, *FAMILIES) if not explained.explain_meaning(key)] == []
    assert [key for key in LOOKS_EXPLAINED if key not in EVERY_LOOK] == []


@pytest.mark.parametrize(("home", "key", "said"), ALL, ids=lambda each: str(each)[:24])
def test_sentence_is_short_and_plain(home, key, said):
    assert 20 <= len(said) <= explained.LONGEST, f"{home} {key}: {len(said)} characters"
    assert said.endswith("."), f"{home} {key} is no sentence"
    assert said == " ".join(said.split())
    assert [word for word in HOME_MADE if word in said] == [], f"{home} {key}"


@pytest.mark.parametrize("kind", EVENTS_EXPLAINED, ids=lambda kind: kind.__name__)
def test_sentence_of_an_event_is_plain(kind):
    said = own_words(kind.__name__)
    assert said
    assert [word for word in (*HOME_MADE, "born", "the counters see", "only now could") if word in said] == []


def test_no_two_events_or_states_are_explained_alike():
    said = [*chain(SENTENCES["event"].values(), SENTENCES["state"].values(), SENTENCES["counter"].values())]
    assert len({*said}) == len(said)


def test_what_there_is_not_has_no_sentence():
    said = (
        explained.explain_kind("Nothing"), explained.explain_meaning("nothing"), explained.explain_meaning("state_odd"),
        explained.explain_state(""), explained.explain_counter("heap"),
    )  # fmt: skip
    assert said == ("",) * 5


def test_looks_of_states_say_what_the_states_are():
    assert explained.explain_meaning("state_in_transit") == explained.explain_state("in transit") != ""


def test_functions_that_a_sentence_names_are_the_ones_that_events_follow():
    """A Go function at the head of a sentence is the one of its event, or one that this calls."""
    called = {
        "sysMap": "allocUserArenaChunk",
        "refill": "refill",
        "free": "free",
        "sysFault": "setUserArenaChunkToFault",
    }
    for kind, said in EVENTS_EXPLAINED.items():
        head = re.match(r"([a-z]+[A-Z]\w+|refill|free)\b", said)
        if head and not said.startswith(("heapLive", "freeindex")):
            assert called.get(head[1], head[1]) in kind.go, kind.__name__


def test_glossary_page_is_current():
    assert glossary.PAGE.read_text(encoding="utf-8") == glossary.page(), "run: python -m tools.glossary"
