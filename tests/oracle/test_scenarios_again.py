"""Each release does again with a scenario what its recording tells, and other experiments change nothing."""

import pytest

from arenalab.scenarios import load_scenario
from arenalab.truth.check import check
from arenalab.truth.recording import load_recording
from tests.test_scenario_recordings import steady
from tools.record_scenarios import recorded_by, recorder_of, text_of, with_experiment

go = [pytest.mark.go, pytest.mark.go_all, pytest.mark.timeout(400)]
#: The bitmap at work, the collector at work, the runtime's own objects at work.
SOME = [
    "slice-of-one-is-not-a-single-value",
    "quarantine-is-kept-by-a-reuse-chunk",
    "refill-refs-grow-by-size-class",
]
#: Release line -> experiments that are not as they are by default there.
EXPERIMENTS = {"1.25": ["greenteagc"], "1.26": ["nogreenteagc", "sizespecializedmalloc"],
               "1.27": ["nogreenteagc", "nosizespecializedmalloc"]}  # fmt: skip


def places(path):
    """Return a recording's rows without counters, which count what another recorder's own types make of the heap."""
    return [
        {name: value for name, value in row.items() if name not in ("d", "counters")} for row in steady(path)
    ]


class TestEachLine:
    pytestmark = go

    def test_a_release_does_it_again(self, go_of, line, tmp_path):
        told = [load_scenario(name).under(line) for name in SOME]
        recorder, types = recorder_of(go_of, told)
        for scenario in told:
            again, before = tmp_path / "again.jsonl", tmp_path / "before.jsonl"
            again.write_text(text_of(scenario, recorder, types))
            before.write_text(recorded_by(line)[scenario.name])
            assert check(load_recording(again)).differences == []
            assert places(again) == places(before)

    def test_an_experiment_is_followed_or_changes_nothing(self, go_of, line, experiment, tmp_path):
        told = [load_scenario(name).under(line) for name in SOME]
        recorder, types = recorder_of(with_experiment(go_of, experiment), told)
        for scenario in told:
            path = tmp_path / "run.jsonl"
            path.write_text(text_of(scenario, recorder, types))
            recording = load_recording(path)
            assert experiment in recording.go
            assert check(recording).differences == []
