"""Each chapter is true for every Go that it holds for: its cells run, its assertions hold, its recording agrees.

Pictures are left out: explorers are made, but nobody looks.
"""

import contextlib
import io
import re

import pytest

from arenalab.course import GoPicker
from arenalab.go.versions import NEWEST, VERSIONS
from arenalab.scenarios.values import EVERY_GO, holds_in
from tests.examples import TRIES_ALL
from tools import notebooks as tool

PICKS = re.compile(r'^GO = arenalab\.pick_go\((?:"([^"]*)")?', re.MULTILINE)


def held(source):
    """Return the versions that a chapter holds for; none where it lets nobody pick."""
    found = PICKS.search(source.read_text(encoding="utf-8"))
    return [v for v in VERSIONS if holds_in(found[1] or EVERY_GO, v)] if found else []


def tried(source):
    """Return the first, the newest and one in between, another for each chapter; all of them in a weekly run."""
    its = held(source)
    if TRIES_ALL or len(its) <= 3:
        return its
    return [its[0], its[1 + int(source.stem[:2]) % (len(its) - 2)], its[-1]]


UNRECORDED = {"20_arena_inventory"}  #: what the model computes is all that is shown.
CASES = [(source, version) for source in tool.sources() for version in tried(source)]


def performed(source, monkeypatch, change=lambda text: text, names=None):
    """Run all cells of a notebook in a fresh kernel, as far as picks go; return what they print."""
    monkeypatch.setattr(GoPicker, "picks", {})
    monkeypatch.chdir(source.parent)
    code, out = compile(change(source.read_text(encoding="utf-8")), source.name, "exec"), io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, {"__name__": source.stem} if names is None else names)  # noqa: S102  # our own chapters
    return out.getvalue()


def run(source, version, monkeypatch, change=lambda text: text):
    """Run all cells of a chapter under a version of Go; return what they print."""
    monkeypatch.setenv("ARENALAB_GO", version)
    names = {"__name__": source.stem}
    printed = performed(source, monkeypatch, change, names)
    assert names["GO"] == version
    return printed


def brief(source, version):
    return version in (held(source)[0], NEWEST)


@pytest.mark.parametrize(
    ("source", "version"),
    [
        pytest.param(
            source,
            version,
            id=f"{source.stem}-{version}",
            marks=[] if brief(source, version) else [pytest.mark.slow],
        )
        for source, version in CASES
    ],
)
def test_a_chapter_is_true_for_each_go_that_it_holds_for(source, version, monkeypatch):
    printed = run(source, version, monkeypatch)
    assert f"Go {version}, picked from" in printed
    assert source.stem in UNRECORDED or f"go{version}." in printed, "the recording is of another Go"


PAIRS = [("1.21", NEWEST), ("1.22", "1.24"), ("1.26", "1.21"), ("1.23", "1.23")]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_what_changed_is_true_for_two_versions_whichever_they_are(before, after, monkeypatch):
    monkeypatch.setenv("ARENALAB_GO_BEFORE", before)
    monkeypatch.setenv("ARENALAB_GO_AFTER", after)
    [source] = [source for source in tool.sources() if source.stem.startswith("16_")]
    printed = performed(source, monkeypatch)
    assert f"go{before}." in printed
    assert f"go{after}." in printed


def test_chapters_that_pick_cover_every_go_that_is_modelled():
    assert {version for _, version in CASES} == {*VERSIONS}
    assert len({source for source, _ in CASES}) >= 9


def test_an_assertion_of_one_go_is_noticed_under_another(monkeypatch):
    [source] = [source for source in tool.sources() if source.stem == "02_two_ends"]

    def planted(text):
        return text.replace("span.free_base - span.base, room", "span.free_base - span.base, 0x7DFFD0")

    run(source, NEWEST, monkeypatch, planted)
    with pytest.raises(AssertionError):
        run(source, "1.21", monkeypatch, planted)
