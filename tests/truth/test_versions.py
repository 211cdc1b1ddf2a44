"""Every version of Go: recordings of each agree with its own rules, and with no other layout's."""

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from arenalab.errors import RecordingError
from arenalab.go import rules as rules_module
from arenalab.go import versions
from arenalab.go.versions import VERSIONS, go_rules, version_of
from arenalab.machine import heap_bits
from arenalab.machine import runtime as runtimes
from arenalab.machine.general_heap import grown_cap
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.truth.check import check
from arenalab.truth.follow import rules_of
from arenalab.truth.recording import load_recording
from arenalab.world import chunk_events as ch
from arenalab.world import events as ev
from arenalab.world.ops import Free, New, NewArena
from arenalab.world.state import World

FOLDER = Path(__file__).parents[1] / "data/recordings/versions"
RELEASES = [release for release, _ in versions.CHANGES.values()]
RUNS = ["mix-1", "gc-1", "chunks-5", "small-1"]
POINTERS = type_of("[262144]*int")
ROWS = ["types-1", "errors", "clone"]


@pytest.fixture
def recorded(tmp_path):
    """Read a recording of a release."""

    def read(release, name, change=lambda text: text):
        text = gzip.decompress((FOLDER / f"go{release}-{name}.jsonl.gz").read_bytes()).decode()
        path = tmp_path / f"{name}.jsonl"
        path.write_text(change(text))
        return load_recording(path)

    return read


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("release", RELEASES)
def test_a_run_of_each_release_agrees_with_its_rules(recorded, release, name):
    recording = recorded(release, name)
    report = check(recording)
    assert report.ok, str(report)
    assert rules_of(recording).version == version_of(release)
    assert not [why for why in report.skipped if why.startswith(("bits", "nmp", "type", "dummy", "unknown"))]
    assert report.compared["bits"] > 0


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("release", RELEASES)
def test_types_and_cases_of_each_release_agree_though_the_file_does_not_say_which(recorded, release, name):
    report = check(recorded(release, name))
    assert report.ok, str(report)
    assert report.read_off.startswith("read as Go ")


@pytest.mark.parametrize("release", ["1.22.10", "1.27.3"])
def test_single_steps_compare_the_same_facts(recorded, release):
    stepped = check(recorded(release, "mix-1"), in_bulk=False)
    assert stepped.ok, str(stepped)
    assert stepped.compared == check(recorded(release, "mix-1")).compared


@pytest.mark.parametrize(
    ("release", "other"), [("1.21.13", "1.22.10"), ("1.27.3", "1.21.13"), ("1.23.9", "1.27.3")]
)
def test_rules_of_another_version_differ(recorded, release, other):
    recording = recorded(
        release, "mix-1", lambda text: text.replace(f'"go":"go{release}', f'"go":"go{other}')
    )
    assert disagrees(recording)


def disagrees(recording):
    """Return whether a difference is found, or the file lacks what another layout's snapshots have."""
    try:
        return check(recording).different > 0
    except RecordingError as refused:
        return "mapped" in str(refused)


def test_types_that_fit_no_version_differ(recorded):
    report = check(recorded("1.27.3", "types-1", lambda text: text.replace('"tflag":10', '"tflag":14', 1)))
    assert (report.different, report.ok) == (1, False)


def test_addresses_that_are_random_are_read_off_and_others_are_compared(recorded):
    def moved(text):
        return text.replace("0x40c0", "0x1c5e")

    def random(text):
        return moved(text).replace(",norandomizedheapbase64", "")

    report = check(recorded("1.27.3", "small-1", random))
    assert report.ok, str(report)
    assert check(recorded("1.27.3", "small-1", moved)).different > 0


def test_a_go_that_is_not_modelled_is_refused_with_those_that_are(recorded):
    with pytest.raises(RecordingError, match=r"'go1\.19\.3.*expected one of: 1\.21, .*1\.27"):
        check(recorded("1.27.3", "small-1", lambda text: text.replace('"go":"go1.27.3', '"go":"go1.19.3')))


@pytest.mark.parametrize(
    ("text", "version"),
    [("1.27", "1.27"), ("1.27.3", "1.27"), ("go1.27.3", "1.27"), ("go1.21.13 X:arenas", "1.21")],
)
def test_names_of_a_release_mean_its_version(text, version):
    assert version_of(text) == version


# faults by version: each must be seen


@pytest.fixture
def changed(monkeypatch):
    """Change the rules of a version, or a body, for one test."""
    monkeypatch.setattr(runtimes, "_RESOLVED", {})

    def change(version, **fields):
        monkeypatch.setitem(versions.VERSIONS, version, replace(VERSIONS[version], **fields))

    return change


@pytest.mark.parametrize(
    ("version", "field", "value", "name"),
    [
        ("1.27", "max_ptrmask_words", 16_384, "types-1"),
        ("1.26", "direct_iface_tflag", False, "types-1"),
        ("1.24", "heap_arena_meta_bytes", 69_648, "mix-1"),
        ("1.22", "large_scan_in_pages", False, "chunks-5"),
        ("1.24", "pointer_array_scans_one_word", False, "chunks-5"),
        ("1.22", "mspan_words_before_range", 15, "errors"),
        ("1.23", "mask_kind", "on demand", "types-1"),
    ],
)
def test_rule_of_another_version_is_seen(recorded, changed, version, field, value, name):
    changed(version, **{field: value})
    release = dict(zip(VERSIONS, RELEASES, strict=True))[version]
    report = check(recorded(release, name))
    assert report.different > 0 or (report.read_off and f"Go {version}:" not in report.read_off)


def test_reserve_that_is_off_by_the_dummy_type_is_seen(recorded, monkeypatch):
    layout = VERSIONS["1.22"].chunk
    monkeypatch.setattr(
        rules_module, "chunk_layout", lambda *_: replace(layout, usable_bytes=layout.usable_bytes + 48)
    )
    assert check(recorded("1.22.10", "small-1")).different > 0


def test_red_zone_that_is_taken_before_the_counters_in_1_22_is_seen():
    def live(version):
        machine = Machine(replace(go_rules(version, build_mode="asan"), gogc=-1))
        machine.run([NewArena(0), Free(0)])
        return machine.world.counters.large_alloc, machine.world.counters.large_free

    # go-versions: allocations count the whole object until 1.23, frees what the red zone leaves since 1.22.
    assert [live(version) for version in ("1.21", "1.22", "1.23", "1.24")] == [
        (8_388_608, 8_388_608),
        (8_257_488, 8_255_440),
        (8_257_488, 8_255_440),
        (8_255_440, 8_255_440),
    ]


def test_ptr_bytes_of_a_slices_first_element_are_seen(recorded, monkeypatch):
    real = heap_bits.set_slice_type

    def first_only(*args):
        found = False
        for step in real(*args):
            if not (found and isinstance(step, ev.PtrBytesSet)):
                yield step
            found = found or isinstance(step, ev.PtrBytesSet)

    monkeypatch.setattr(heap_bits, "set_slice_type", first_only)
    assert check(recorded("1.27.3", "mix-1"), in_bulk=False).different > 0


@pytest.mark.parametrize("version", VERSIONS)
def test_bits_in_a_chunk_go_when_it_is_set_to_fault(version):
    machine = Machine(replace(VERSIONS[version], gogc=-1))
    machine.run([NewArena(0), *[New(0, POINTERS)] * 5, Free(0)])
    faulted = [span.chunk for span in machine.world.spans if span.faulted and span.is_user_arena_chunk]
    assert faulted
    assert any(machine.world.bits.words(chunk).any() for chunk in faulted) is (version == "1.21")


@pytest.mark.parametrize(
    ("version", "before"),
    [("1.21", ch.ChunkBitsCleared), ("1.22", ch.DummyTypeSet), ("1.27", ch.DummyTypeSet)],
)
def test_chunk_is_pushed_before_its_bits_are_cleared_in_1_21_and_with_its_range_set_since(version, before):
    kinds = [type(event) for event in Machine(replace(go_rules(version), gogc=-1)).do(NewArena(0))]
    assert kinds[kinds.index(ch.ChunkPushedSwept) + 1 :].count(before) == 1
    assert (kinds.index(ch.ChunkPushedSwept) > kinds.index(ch.FreeRangeSet)) is (version != "1.21")


@pytest.mark.parametrize(
    ("version", "refs", "pairs", "handles"),
    [("1.21", [128, 256], [64, 128], 170), ("1.22", [143, 287], [71, 143], 168), ("1.25", [143, 287], [71, 143], 168),
     ("1.26", [143, 287], [71, 143], 165), ("1.27", [143, 287], [71, 143], 165)],
)  # fmt: skip
def test_slices_of_the_runtime_grow_as_each_versions_size_classes_have_room(version, refs, pairs, handles):
    world = World(VERSIONS[version])

    def grown(cap, elem, count):
        caps = []
        for _ in range(count):
            cap = grown_cap(cap, elem, world)
            caps.append(cap)
        return caps

    assert grown(0, 8, 7) == [1, 2, 4, 8, 16, 32, 64]
    assert grown(64, 8, 2) == refs
    assert grown(32, 16, 2) == pairs
    assert VERSIONS[version].handles_per_span == handles
