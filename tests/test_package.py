"""The package as a newcomer meets it: light to import, complete, its names pinned."""

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

import arenalab

PACKAGE = Path(arenalab.__file__).parent
HEAVY = {"anywidget", "bokeh", "ipywidgets", "lark", "IPython"}
CORE = ["go", "world", "bulk", "machine", "replay", "view", "intake", "advice"]

#: What a reader may rely on. A name leaves or joins this list with a line in CHANGELOG.md.
PUBLIC = [
    "GO_1_21",
    "AddressSpace",
    "Advice",
    "ArenaLabError",
    "ChunkMap",
    "Cloning",
    "Collector",
    "Counters",
    "DanglingPointer",
    "Events",
    "Exercise",
    "GoFault",
    "GoPanic",
    "GoThrow",
    "GoType",
    "Goroutines",
    "HeapBitmap",
    "HeapMovie",
    "History",
    "Lab",
    "LifeCycle",
    "Machine",
    "ModelBug",
    "Recording",
    "RecordingError",
    "Report",
    "ScenarioError",
    "Trace",
    "TraceRun",
    "Types",
    "WhatIf",
    "Workbench",
    "World",
    "check",
    "clone",
    "events",
    "go_rules",
    "history_of",
    "load_recording",
    "load_trace",
    "open",
    "pick_go",
    "ops",
    "sweep",
    "type_of",
    "types",
]


def modules_after(statement):
    """Return the names of all modules that a fresh Python holds after a statement."""
    program = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.split()}


def test_import_brings_no_widgets():
    assert HEAVY.isdisjoint(modules_after("import arenalab"))


@pytest.mark.parametrize("floor", CORE)
def test_core_floor_needs_no_widgets(floor):
    names = sorted(p.stem for p in (PACKAGE / floor).glob("*.py"))
    assert len(names) > 1, f"arenalab/{floor} holds no module"
    statement = "\n".join(f"import arenalab.{floor}.{name}" for name in names if name != "__init__")
    assert HEAVY.isdisjoint(modules_after(statement))


def test_an_explorer_does_bring_widgets():
    """Or else the two tests above would look for the wrong names."""
    assert {"ipywidgets", "anywidget"} <= modules_after("import arenalab.explore.shell")
    assert "bokeh" in modules_after("import arenalab.draw.plots_figure")


def test_public_names_are_pinned():
    assert sorted(arenalab.__all__) == sorted(PUBLIC)


def test_public_names_are_all_there_and_documented():
    assert [name for name in arenalab.__all__ if not getattr(arenalab, name).__doc__] == []


def test_unknown_name_is_refused():
    with pytest.raises(AttributeError, match="no_such_name"):
        arenalab.no_such_name  # noqa: B018  # the access is the test


def test_types_are_shipped():
    assert (PACKAGE / "py.typed").is_file()


def test_wheel_holds_every_file_of_the_package():
    """hatchling leaves out what git ignores, wherever it lies, also where it was committed nevertheless."""
    command = ["git", "ls-files", "--cached", "--ignored", "--exclude-standard", "--", PACKAGE.name]
    done = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    assert done.stdout == ""


def test_core_depends_on_numpy_alone():
    required = importlib.metadata.requires("arenalab")
    assert [line.partition(">")[0] for line in required if "extra ==" not in line] == ["numpy"]
