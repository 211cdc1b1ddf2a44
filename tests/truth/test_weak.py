"""What real Go reported of weak pointers is compared, and a fault of the model or a lie of the file is seen."""

import json

import pytest

from arenalab.go.mirror import within
from arenalab.go.versions import CHANGES, VERSIONS
from arenalab.machine import runtime as runtimes
from arenalab.machine import sweep, weak
from arenalab.truth.check import check
from arenalab.truth.recording import load_recording
from arenalab.world import ops, weak_events
from arenalab.world.apply import HANDLERS
from tools.record_scenarios import recorded_by

WITH_WEAK = [version for version in VERSIONS if within(version, ops.MakeWeak.since)]
READY = "weak-pointer-is-nil-once-its-chunk-is-ready"
MARKING = "weak-pointer-asked-while-marking-keeps-its-chunk"
BEFORE = "weak-pointer-asked-before-the-sweep-has-its-chunk-swept"
BLOCKS = "weak-handles-take-half-a-block-or-a-whole"
LARGE = "weak-pointer-to-a-large-object-is-nil-once-that-is-freed"


@pytest.fixture
def checked(tmp_path):
    """Check a scenario's recording by a release, after a change to its rows."""

    def run(name, version=WITH_WEAK[-1], change=lambda rows: rows):
        rows = change([json.loads(line) for line in recorded_by(version)[name].splitlines()])
        path = tmp_path / "run.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return check(load_recording(path))

    return run


@pytest.mark.parametrize("version", WITH_WEAK)
@pytest.mark.parametrize("name", [READY, MARKING, BEFORE, BLOCKS, LARGE])
def test_weak_pointers_of_each_release_are_compared_and_agree(checked, name, version):
    report = checked(name, version)
    assert report.ok, str(report)
    assert report.compared["weak pointers"] > 3
    assert not [why for why in report.skipped if why.startswith("unknown")]


def test_every_release_with_weak_pointers_recorded_them():
    assert [version for version in CHANGES if READY in recorded_by(version)] == WITH_WEAK


def changed(row_is, **values):
    """Return a change that gives the first such row other values."""

    def change(rows):
        next(row for row in rows if row_is(row)).update(values)
        return rows

    return change


def chunk_lies(rows):
    row = next(row for row in rows if any(chunk["specials"] for chunk in row.get("chunks", ())))
    row["chunks"][0]["specials"] = False
    return rows


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (READY, changed(lambda row: row.get("op") == "make_weak", off=24), "off"),
        (READY, changed(lambda row: row.get("op") == "weak_value", at="nil"), "at"),
        (READY, changed(lambda row: row.get("at") == "nil", at="chunk"), "at"),
        (LARGE, changed(lambda row: row.get("op") == "weak_value", spanpages=3), "spanpages"),
        (
            READY,
            changed(lambda row: "weak" in row and "snap" in row, weak=[[0, True, 0, 0]]),
            "weak pointers",
        ),
        (
            READY,
            lambda rows: [{k: v for k, v in row.items() if k != "weak" or "op" in row} for row in rows],
            "weak",
        ),
        (READY, chunk_lies, "specials of chunk 0"),
    ],
)
def test_a_lie_about_a_weak_pointer_is_named(checked, name, change, said):
    report = checked(name, change=change)
    assert report.different > 0
    assert said in str(report)


def _keeps_its_handle(monkeypatch):
    monkeypatch.setitem(HANDLERS, weak_events.WeakHandleCleared, lambda *_: None)


def _frees_no_special(monkeypatch):
    monkeypatch.setattr(sweep, "free_specials", lambda *_: iter(()))


def _shades_nothing(monkeypatch):
    monkeypatch.setattr(weak, "_shade", lambda *_: iter(()))


def _sweeps_nothing_before(monkeypatch):
    monkeypatch.setattr(weak, "ensure_swept", lambda *_: iter(()))


FAULTS = [
    (_frees_no_special, READY, "1.27"),
    (_shades_nothing, MARKING, "1.24"),
    (_shades_nothing, LARGE, "1.26"),
    (_sweeps_nothing_before, BEFORE, "1.25"),
    (_keeps_its_handle, READY, "1.27"),
]


@pytest.mark.parametrize(("fault", "name", "version"), FAULTS)
def test_a_fault_of_the_model_is_seen(checked, monkeypatch, fault, name, version):
    fault(monkeypatch)
    assert checked(name, version).different > 0


@pytest.mark.parametrize(("version", "nbytes"), [("1.24", 16), ("1.25", 16), ("1.26", 8), ("1.27", 8)])
def test_a_weak_handle_of_another_size_is_seen_in_what_is_allocated(checked, monkeypatch, version, nbytes):
    monkeypatch.setattr(runtimes, "_RESOLVED", {})
    rules = VERSIONS[version]
    monkeypatch.setitem(VERSIONS, version, type(rules)(**rules.settings() | {"weak_handle_bytes": nbytes}))
    report = checked(BLOCKS, version)
    assert report.different > 0
    assert "change of totalAlloc" in str(report)
