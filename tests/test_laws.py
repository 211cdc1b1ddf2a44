"""The laws of the house hold, and each is seen to catch the fault that it forbids."""

import re
import shutil
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

import arenalab
from arenalab.world.apply import HANDLERS
from arenalab.world.event import EVENTS
from tests import laws
from tests.law_of_counts import one_is_no_plural
from tests.law_of_versions import no_number_of_a_version_stands_elsewhere, nobody_asks_for_a_version
from tests.law_of_words import plain_words
from tests.programs import histories

PACKAGE = Path(arenalab.__file__).parent

#: For each law, faults as (file to append to, text): each one must bring exactly one complaint.
FAULTS = {
    laws.floors_import_downwards: [
        ("go/layout.py", "from arenalab.world import state"),
        ("world/state.py", "def late():\n    import arenalab.machine.machine"),
        ("machine/machine.py", "from arenalab import replay"),
        ("view/planted.py", "from arenalab.machine.machine import Machine"),
        ("view/planted.py", "from ..machine import machine"),
        ("view/planted.py", "from arenalab.oracle import record"),
        ("draw/planted.py", "from arenalab.world import state"),
    ],
    laws.operations_are_described_once: [
        ("replay/trace.py", 'READERS = {"new": 1, "free": 2, "gc": 3, "drop": 4}'),
        ("view/planted.py", 'NAMES = ("new_arena", "new", "slice", "rep")'),
    ],
    laws.pure_floors_need_only_numpy: [
        ("go/layout.py", "import lark"),
        ("world/state.py", "def late():\n    from bokeh.models import Plot"),
        ("view/planted.py", "import ipywidgets as widgets"),
        ("intake/image.py", "import elftools"),
        ("intake/masks.py", "def late():\n    import elftools"),
    ],
    laws.no_import_circles: [
        ("go/layout.py", "from arenalab.go import heapbits"),
        ("world/timeline.py", "def late():\n    from arenalab.world.history import History"),
        ("machine/runtime.py", "if TYPE_CHECKING:\n    from arenalab.machine.heap_bits import set_bits"),
        ("bulk/written.py", "from . import run"),
        ("truth/report.py", "import arenalab.truth.compare"),
    ],
    laws.bits_only_in_go: [
        ("world/state.py", "ALIGNED = 4095 & 7"),
        ("machine/machine.py", "SHIFT = 1 << 3"),
        ("oracle/planted.py", "HALF = 8 >> 1"),
        ("view/planted.py", "ALL = ~0"),
        ("view/planted.py", "x = 7\nx &= 3"),
    ],
    laws.one_place_makes_unfinished_files: [
        ("world/history_file.py", "def late(path):\n    tempfile.mkstemp(dir=path)"),
        ("explore/saved.py", "part = tempfile.NamedTemporaryFile(delete=False)"),
    ],
    plain_words: [
        ("view/planted.py", 'def planted():\n    """Tell it."""'),
        ("draw/planted.py", "x = 1  # bytes of the ordinary heap"),
        ("cli_planted.py", 'raise ValueError(f"{1}: is told")'),
        ("world/planted.py", '"""Rows, held in the end against what is there."""'),
    ],
    one_is_no_plural: [
        ("view/planted.py", 'def told(n):\n    return f"{n} bytes"'),
        ("draw/planted.py", 'def told(n):\n    return f"of {len(n):,} small objects"'),
        ("world/events.py", 'def told(self):\n    return f"it has {self.count} words."'),
    ],
    no_number_of_a_version_stands_elsewhere: [
        ("machine/chunk.py", "USABLE = 8_257_488"),
        ("oracle/planted.py", "META = 68624"),
        ("bulk/planted.py", "LIMIT = 2048 * 8"),
        ("go/layout.py", "def planted(size):\n    return size + (128 * KiB + 48)"),
        ("view/planted.py", "def told():\n    return 'a mask of at most 16,384 words'"),
        ("draw/planted.py", "def told(n):\n    return f'{n} of 8257488 bytes'"),
    ],
    nobody_asks_for_a_version: [
        ("machine/machine.py", "def planted(rules):\n    return 1 if rules.version == '1.21' else 2"),
        ("view/planted.py", "def planted(w):\n    return w.rules.version in ('1.26', '1.27')"),
        ("bulk/planted.py", "def planted(go):\n    return 'tail' if go >= '1.22' else 'arena'"),
        ("world/state.py", "def planted(go):\n    match go:\n        case '1.21':\n            return 1"),
        ("replay/planted.py", "def planted(rules):\n    return rules.version.startswith('1.2')"),
    ],
    laws.only_apply_writes: [
        ("machine/machine.py", "def planted(w):\n    w.now = 3"),
        ("machine/machine.py", "def planted(w):\n    w.counters.heap_live += 1"),
        ("machine/machine.py", "def planted(w):\n    del w.spans[0]"),
        ("machine/machine.py", "def planted(self):\n    self.world.ready.append(1)"),
        ("machine/machine.py", "def planted(state: World):\n    state.reuse.clear()"),
        ("machine/machine.py", "def planted(w):\n    span = w.spans[0]\n    span.state = 1"),
        ("machine/machine.py", "def planted(w):\n    for a in w.user_arenas.values(): a.id = 1"),
        ("view/planted.py", "def planted(world):\n    bits = world.bits\n    bits.write(0, 1, 2, 0)"),
        ("view/planted.py", "def planted(span: MSpan | None):\n    span.epoch, x = 1, 2"),
        ("world/history.py", "def planted(world):\n    setattr(world, 'now', 3)"),
        ("world/invariants.py", "def planted(w):\n    w.span_to_write(0)"),
        ("world/state.py", "def planted(w):\n    w.spans.sort()"),
    ],
    laws.events_never_change: [
        ("machine/machine.py", "def planted(event):\n    event.chunk = 1"),
        ("world/apply.py", "def planted(it: ev.ChunkRetired):\n    it.wasted_bytes += 1"),
    ],
    laws.apply_decides_nothing: [
        ("world/apply.py", "def planted(w, e):\n    w.now = w.rules.page_size"),
        ("world/apply_gc.py", "def planted(w, e):\n    w.now = w.gc.phase"),
        ("world/apply_gc.py", "def planted(w, e):\n    if w.spans[e.chunk].mark_bit:\n        w.now = 1"),
        ("world/apply.py", "def planted(w, e):\n    w.now = max(w.now, e.now)"),
        ("world/apply_run.py", "def planted(w, e):\n    w.ready = [c for c in e.chunks if c in w.fault]"),
    ],
    laws.every_rule_is_read: [
        ("rules/version.py", "class More:\n    never_read_bytes: int = 1"),
        ("rules/settings.py", "class More:\n    nobody_asks: bool = False"),
    ],
    laws.event_kinds_are_types: [
        ("view/planted.py", "MOVING = {'ChunkRetired'}"),
        ("draw/planted.py", "LOOKS = 'first ChunkRetired last'"),
    ],
    laws.files_stay_short: [("view/planted.py", "x = 1\n" * 451)],
    laws.functions_stay_short: [("view/planted.py", "def planted():\n" + "    x = 1\n" * 40)],
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def forget_what_was_parsed():
    """Give back the memory of all sources, parsed."""
    yield
    laws.parsed.cache_clear()
    laws.by_kind.cache_clear()


@pytest.fixture
def copied_tree(tmp_path):
    """A copy of the package's sources that a test may spoil."""
    tree = tmp_path / "arenalab"
    shutil.copytree(PACKAGE, tree, ignore=lambda _, names: {"__pycache__"}.intersection(names))
    return tree


@pytest.mark.parametrize("law", FAULTS, ids=lambda law: law.__name__)
def test_law_holds(law):
    assert law(PACKAGE) == []


def plant(tree, number, file, fault):
    """Append a fault to a file below `tree`, or write a file of its own for it; return that file's name."""
    spoilt = tree / file
    if not spoilt.exists() or spoilt.stem.startswith("planted"):
        spoilt = spoilt.with_stem(f"planted{number}")
        spoilt.parent.mkdir(exist_ok=True)
    with spoilt.open("a", encoding="utf-8") as source:
        source.write(f"\n\n{fault}\n")
    return spoilt.relative_to(tree).as_posix()


@pytest.mark.parametrize("law", FAULTS, ids=lambda law: law.__name__)
def test_law_catches_each_planted_fault_and_complains_of_nothing_else(law, copied_tree):
    """A law reads the whole package, so all its faults are planted at once: each brings one complaint, of its file."""
    planted = [plant(copied_tree, number, *fault) for number, fault in enumerate(FAULTS[law])]
    complaints = law(copied_tree)
    assert Counter(re.split(":| -> ", text)[0] for text in complaints) == Counter(planted), complaints


@pytest.fixture(scope="module")
def happened():
    """Of each kind of event, one that happened in some history."""
    return {type(event): event for _, run in histories() for event in run.events}


@pytest.fixture(scope="module")
def event_parts(happened):
    """For each part that an event must have, the names of the events that have it."""
    return {
        "handler in apply": {kind.__name__ for kind in HANDLERS},
        "sentence": {name for name, kind in EVENTS.items() if "sentence" in vars(kind)},
        "colour in draw.theme": set(import_module("arenalab.draw.theme").EVENT_COLOURS),
        "program that shows it": {kind.__name__ for kind in happened},
    }


def test_every_event_has_all_its_parts(event_parts):
    assert laws.event_parts_missing(laws.event_kinds(PACKAGE), **event_parts) == []


@pytest.mark.parametrize(
    "part", ["handler in apply", "sentence", "colour in draw.theme", "program that shows it"]
)
def test_event_without_a_part_is_named(event_parts, part):
    lacking = event_parts | {part: event_parts[part] - {"ChunkRetired"}}
    assert laws.event_parts_missing(laws.event_kinds(PACKAGE), **lacking) == [f"ChunkRetired has no {part}"]


def test_part_without_an_event_is_named(event_parts):
    stray = event_parts | {"sentence": event_parts["sentence"] | {"ChunkLost"}}
    assert laws.event_parts_missing(laws.event_kinds(PACKAGE), **stray) == [
        "sentence for ChunkLost, which is no event"
    ]


def test_every_sentence_can_be_said(happened):
    assert [kind.__name__ for kind, event in happened.items() if len(event.sentence().split()) < 3] == []


@pytest.mark.parametrize("floor", [*laws.FLOORS, *laws.SIDE_HOUSES])
def test_every_floor_is_there(floor):
    names = {path.stem for path in (PACKAGE / floor).glob("*.py")}
    assert names - {"__init__"}, f"arenalab/{floor} holds no module, so the laws about it say nothing"


def test_no_folder_stands_outside_the_laws():
    folders = {path.parent.relative_to(PACKAGE).parts[0] for path in PACKAGE.glob("*/**/*.py")}
    assert folders <= {*laws.FLOORS, *laws.SIDE_HOUSES, "scenarios"}


def test_reading_and_copying_a_world_is_no_write(tmp_path):
    (tmp_path / "view").mkdir()
    (tmp_path / "view" / "fine.py").write_text(
        "def fine(w, rows: list):\n"
        "    sizes = w.ledger.column('size')\n"
        "    sizes[0] = 3\n"
        "    twin = w.fork()\n"
        "    twin.note = 1\n"
        "    ready = list(w.ready)\n"
        "    ready.append(4)\n"
        "    rows.append(w.spans[0])\n"
    )
    assert laws.only_apply_writes(tmp_path) == []
