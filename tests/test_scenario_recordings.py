"""What real Go did with each scenario, in the first release that it holds for and in each later one."""

import json
from functools import lru_cache

import pytest

from arenalab.go.versions import VERSIONS, version_of
from arenalab.oracle.program import load_program, program_of
from arenalab.scenarios import load_scenario, scenarios
from arenalab.truth.check import check
from arenalab.truth.recording import load_recording
from tests.left import about
from tools.record_scenarios import RECORDINGS, file_of, held_by, record_first, recorded_by

RECORDED = [
    about(str(scenario), scenario.under(version), version, id=f"{scenario}-{version}")
    for version in VERSIONS
    for scenario in scenarios()
    if scenario.recordable and scenario.runs_on(version)
]


@lru_cache(maxsize=1)
def texts_of(version):
    """Return what a release recorded of each scenario."""
    return recorded_by(version)


@pytest.mark.parametrize(("scenario", "version"), RECORDED)
def test_real_go_did_the_same_in_each_release(scenario, version, tmp_path):
    path = tmp_path / f"{scenario.name}.jsonl"
    path.write_text(texts_of(version)[scenario.name])
    recorded, asked = load_program(path), program_of(scenario)
    assert (recorded.ops, recorded.types) == (asked.ops, asked.types), (
        "record it again: tools.record_scenarios, and with --go all"
    )
    recording = load_recording(path)
    assert version_of(recording.go) == version
    report = check(recording)
    assert report.differences == []
    assert report.operations == len(scenario.rows)
    assert report.facts > 100


def test_nothing_is_recorded_that_no_scenario_asks_for():
    plain = {f"{s.name}.jsonl" for s in scenarios() if s.recordable}
    assert {path.name for path in RECORDINGS.iterdir()} == {
        *plain,
        *(file_of(version).name for version in VERSIONS if held_by(version)),
    }
    for version in VERSIONS:
        told = {s.name for s in scenarios() if s.recordable and s.runs_on(version)}
        assert texts_of(version).keys() == told


@pytest.mark.go
@pytest.mark.parametrize(
    "name",
    ["bits-worked-example-word-by-word", "free-while-marking-waits-on-the-fault-list",
     "handle-dropped-is-freed-by-its-finalizer"],
)  # fmt: skip
def test_real_go_does_it_again(name, tmp_path):
    (again,) = record_first([load_scenario(name)], tmp_path)
    assert check(load_recording(again)).differences == []
    assert steady(again) == steady(RECORDINGS / again.name)


def steady(path):
    """Return a recording's rows without what differs from run to run: the page heap and the start."""
    noisy = {"heapReleased", "heapFree", "committed", "mappedReady", "released"}
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    for row in rows:
        for name in ("start", "go", "experiment", "caps"):  # the last three older recordings don't tell
            row.pop(name, None)
        for user_arena in row.get("arenas", ()):
            user_arena.pop("refscap", None)
        for key in ("d", "counters"):
            row[key] = {name: value for name, value in row.get(key, {}).items() if name not in noisy}
        for chunk in row.get("chunks", ()):
            if not chunk["uac"]:
                chunk["nelems"] = chunk["sweepgen"] = None
    return rows
