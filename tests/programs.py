"""Programs that make every kind of event happen at least once: the scenarios and the committed recordings."""

from pathlib import Path

from arenalab.replay.replay import replay
from arenalab.replay.workloads import workload
from arenalab.scenarios import scenarios
from arenalab.scenarios.run import ENGINES, run, start_trouble
from arenalab.truth.check import history_of
from arenalab.truth.recording import load_recording

RECORDINGS = Path(__file__).parent / "data" / "recordings"
MANY = 50_000  #: values above which a scenario is performed in bulk only.


def is_large(scenario):
    """Tell whether single steps would take minutes: more than a few bulk allocations' worth of values."""
    return sum(row.get("n", 1) for row in scenario.rows) > MANY


def histories():
    """Yield (name, history) of each scenario, step by step and in bulk, and of each committed recording."""
    for scenario in scenarios():
        for name in () if start_trouble(scenario) else ("step", "bulk"):
            if name == "bulk" or not is_large(scenario):
                yield f"{scenario.name} {name}", run(scenario, ENGINES[name], after_op=lambda _: None)
    yield "mixed workload replayed in bulk", replay(workload("mixed", 1_000))
    for path in sorted(RECORDINGS.glob("*.jsonl")):
        yield path.stem, history_of(load_recording(path))
