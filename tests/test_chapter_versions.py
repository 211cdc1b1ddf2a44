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
from tools import notebooks as tool

PICKS = re.compile(r'^GO = arenalab\.pick_go\((?:"([^"]*)")?', re.MULTILINE)


def held(source):
    """Return the versions that a chapter holds for; none where it lets nobody pick."""
    found = PICKS.search(source.read_text(encoding="utf-8"))
    return [v for v in VERSIONS if holds_in(found[1] or EVERY_GO, v)] if found else []


CASES = [(source, version) for source in tool.sources() for version in held(source)]


def run(source, version, monkeypatch, change=lambda text: text):
    """Run all cells of a chapter under a version of Go; return what they print."""
    monkeypatch.setenv("ARENALAB_GO", version)
    monkeypatch.setattr(GoPicker, "picks", {})
    monkeypatch.chdir(source.parent)
    names, out = {"__name__": source.stem}, io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(change(source.read_text(encoding="utf-8")), source.name, "exec"), names)  # noqa: S102  # our own chapters
    assert names["GO"] == version
    return out.getvalue()


def brief(version):
    return version in ("1.21", "1.22", NEWEST)


@pytest.mark.parametrize(
    ("source", "version"),
    [
        pytest.param(
            source, version, id=f"{source.stem}-{version}", marks=[] if brief(version) else [pytest.mark.slow]
        )
        for source, version in CASES
    ],
)
def test_a_chapter_is_true_for_each_go_that_it_holds_for(source, version, monkeypatch):
    printed = run(source, version, monkeypatch)
    assert f"Go {version}, picked from" in printed
    assert f"go{version}." in printed, "the recording is of another Go"


def test_chapters_that_pick_cover_every_go_that_is_modelled():
    assert {version for _, version in CASES} == {*VERSIONS}
    assert len({source for source, _ in CASES}) >= 10


def test_an_assertion_of_one_go_is_noticed_under_another(monkeypatch):
    [source] = [source for source in tool.sources() if source.stem == "02_two_ends"]

    def planted(text):
        return text.replace("span.free_base - span.base, room", "span.free_base - span.base, 0x7DFFD0")

    run(source, NEWEST, monkeypatch, planted)
    with pytest.raises(AssertionError):
        run(source, "1.21", monkeypatch, planted)
