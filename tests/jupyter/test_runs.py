"""Runs of JupyterLab's tabs: each answers from a process of its own, and none is left."""

import asyncio
import json

import psutil
import pytest

from arenalab.errors import ScenarioError
from arenalab.jupyter import runs
from arenalab.jupyter.runs import EndedError, Run, Runs
from tests.programs import RECORDINGS


def test_a_run_answers_refuses_goes_on_and_ends():
    async def whole():
        run = Run(str(RECORDINGS), "file", "small-1.jsonl")
        process = psutil.Process(run._process.pid)
        ticks, opening = 0, asyncio.ensure_future(run.opened())
        while not opening.done():
            await asyncio.sleep(0.02)
            ticks += 1
        assert ticks > 5  # the loop of the server goes on meanwhile
        [session, *_] = json.loads(await run.ask(b'[{"kind": "explorer", "name": ""}]'))
        assert session["content"]["about"].startswith("small-1.jsonl: Go 1.21")
        for nonsense in (b"", b"[3]", b'[{"place": 7}]'):
            with pytest.raises(ScenarioError) as refused:
                await run.ask(nonsense)
            assert "\n" not in str(refused.value)
        assert await run.ask(b"[]") == b"[]"
        process.kill()
        with pytest.raises(EndedError):
            await run.ask(b"[]")
        run.close()
        run.close()

    asyncio.run(whole())


def test_what_can_not_be_opened_is_one_line_that_names_the_file_as_the_reader_does(tmp_path):
    async def whole():
        (tmp_path / "cut.rec").write_bytes((RECORDINGS / "small-1.jsonl").read_bytes()[:3000])
        run = Run(str(tmp_path), "file", "cut.rec")
        with pytest.raises(ScenarioError, match=r"^cut\.rec:\d") as refused:
            await run.opened()
        assert "\n" not in str(refused.value)
        run.close()

    asyncio.run(whole())


class Played:
    """A run that needs no process."""

    def __init__(self, heard):
        self.heard, self.closed = heard, False

    def close(self):
        self.closed = True


def test_who_has_not_been_heard_for_longest_makes_room(monkeypatch):
    monkeypatch.setattr(runs, "monotonic", lambda: 100.0)
    its, kept = [Played(float(n)) for n in (3, 1, 2)], Runs()
    monkeypatch.setattr(runs, "MOST", 2)
    names = [kept.keep(run) for run in its]
    assert [run.closed for run in its] == [False, True, False]
    assert [kept.of(name) for name in names] == [its[0], None, its[2]]
    kept.close()
    assert all(run.closed for run in its)


def test_what_nobody_asks_for_is_put_away(monkeypatch):
    old, new, kept = Played(0.0), Played(runs.IDLE), Runs()
    monkeypatch.setattr(runs, "monotonic", lambda: runs.IDLE + 1)
    name = kept.keep(old)
    kept.keep(new)
    assert (old.closed, new.closed) == (True, False)
    kept.end(name)  # a second time it does nothing
