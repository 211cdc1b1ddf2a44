"""The README's gallery, made anew: `python -m tools.pictures [NAME...]` writes docs/pictures/NAME_light.png and _dark.

Each picture is what Chromium shows of an explorer's saved page, at a moment that its program names, so nobody has to
remember how it came about.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import sync_playwright

from arenalab import explore, go_rules, history_of, load_recording, type_of
from arenalab.draw.theme import PAPERS
from arenalab.explore.shell import Explorer
from arenalab.explore.stepper import EVENT
from arenalab.machine.machine import Machine
from arenalab.world import ops
from arenalab.world.events import BitmapWordWritten
from arenalab.world.history import History
from arenalab.world.touch import Pointer
from tools.chromium import find_chromium

WIDTH, SHARPNESS = 1008, 1.5  #: what JupyterLab leaves for a picture at 1440 by 900; pixels for each of CSS.
AROUND = 40  #: steps before and after that the page holds, too.
SETTLES_MS = 700
SHOWN = ".arenalab-explorer, .arenalab-chart"

ROOT = Path(__file__).resolve().parents[1]
TRACES = ROOT / "tests" / "data" / "execution-traces"
FOLDER, RECORDINGS = ROOT / "docs" / "pictures", ROOT / "tests" / "data" / "recordings"
GC_OFF = replace(go_rules(), gogc=-1)
NODE, ENTRY = (
    type_of("struct{ next *int; value int }"),
    type_of("struct{ name *string; count int; key string }"),
)
TABLE, BYTES, LIST = (
    type_of("[131072]*string"),
    type_of("[2000000]byte"),
    type_of("[65536]struct{ a, b *int; c int }"),
)


def filled(arena: int, *types: object) -> list[ops.Op]:
    """Return the making of an arena and of a value of each type in it."""
    return [ops.NewArena(arena), *(ops.New(arena, go_type) for go_type in types)]  # type: ignore[arg-type]


#: Chunks on every list: two arenas freed before a cycle, one while it marks, one that lives.
BUSY = [
    *filled(0, *[TABLE] * 9, ENTRY), *filled(1, *[BYTES] * 5, NODE), ops.Hold(0, 1),
    ops.Free(0), ops.RunGC(), *filled(2, *[TABLE] * 6, *[BYTES] * 3), ops.Link(1, 2), *filled(3, NODE, BYTES),
    ops.MarkBegin(detail=True), ops.Free(2), ops.New(3, NODE), ops.MarkEnd(), ops.Free(1), ops.RunGC(),
]  # fmt: skip
FREED = [
    *filled(0, *[TABLE] * 3, NODE, *[BYTES] * 3, NODE), *filled(1, NODE), ops.MarkBegin(), ops.Free(0),
    ops.New(1, NODE), ops.MarkEnd(), ops.RunGC(), *filled(2, *[TABLE] * 9), ops.Free(2),
]  # fmt: skip
KEPT = [
    ops.NewArena(0), ops.Rep(0, NODE, 3000), ops.New(0, BYTES), ops.Hold(0, 0), *[ops.New(0, TABLE)] * 8,
    ops.Free(0), ops.RunGC(), *filled(1, *[BYTES] * 3, NODE), ops.RunGC(),
]  # fmt: skip
#: A cycle that has marked some and has more queued, an arena freed meanwhile.
MARKING = [
    *BUSY[: BUSY.index(ops.MarkBegin(detail=True))], ops.StartGC(), ops.Free(2), *[ops.MarkStep()] * 75,
]  # fmt: skip


def run(program: list[ops.Op]) -> History:
    """Perform a program with the collector off but where it asks for it."""
    return Machine(GC_OFF).run(program)


def at_end_of(history: History, kind: type[ops.Op], nth: int = 0) -> int:
    """Return the moment at which the nth operation of a kind is done."""
    found = [number for number, op in enumerate(history.ops) if isinstance(op, kind)]
    return history.op_end(found[nth] + 1)


def _life_cycle() -> Explorer:
    history = run(BUSY)
    return explore.LifeCycle(history, cursor=at_end_of(history, ops.Free, 1))


def _chunk_map() -> Explorer:
    history = run(BUSY)
    return explore.ChunkMap(history, cursor=at_end_of(history, ops.Free, 1), chunk=2)


def _heap_bitmap() -> Explorer:
    history = run(filled(0, NODE, LIST))
    stores = [n for n, event in enumerate(history.events) if isinstance(event, BitmapWordWritten)]
    return explore.HeapBitmap(history, cursor=stores[270] + 1)


def _address_space() -> Explorer:
    history = run([*BUSY, *filled(4, *[BYTES] * 25), ops.Free(4), *filled(5, *[TABLE] * 4, *[BYTES] * 9)])
    return explore.AddressSpace(history, cursor=len(history))


def _collector() -> Explorer:
    history = run(MARKING)
    return explore.Collector(history, cursor=len(history))


def _dangling() -> Explorer:
    history = run(FREED)
    return explore.DanglingPointer(history, cursor=at_end_of(history, ops.Free), pointer=Pointer(3, 8))


def _counters() -> Explorer:
    shown = explore.Counters(load_recording(RECORDINGS / "gc-1.jsonl"))
    shown.cursor = at_end_of(shown.history, ops.Free, 4)
    return shown


def _what_if() -> Explorer:
    history = run(KEPT)
    return explore.WhatIf(history, cursor=len(history))


def _cloning() -> Explorer:
    program = [*filled(0, NODE, ENTRY), ops.Link(0, 0), ops.Clone(1, ENTRY), ops.RunGC()]
    history = run(program)
    return explore.Cloning(history, cursor=at_end_of(history, ops.Clone))


def _goroutines() -> Explorer:
    history = history_of(load_recording(ROOT / "notebooks" / "data" / "server-1.27.jsonl.gz"))
    lost = next(op.user_arena for op in history.ops if isinstance(op, ops.Free) and op.by_finalizer)
    made = history.ops.index(ops.NewArena(lost + 10))
    return explore.Goroutines(history, cursor=history.op_end(made + 1))


def _heap_movie() -> explore.HeapMovie:
    movie = explore.HeapMovie(TRACES / "orders-go1.27.3.trace.gz")
    movie.last()
    movie.find(forwards=False)
    return movie


def _advice() -> explore.Advice:
    advice = explore.Advice(TRACES / "orders-go1.27.3.trace.gz")
    advice.select.value = "something escapes"
    return advice


PICTURES: dict[str, Callable[[], Explorer | explore.HeapMovie | explore.Advice]] = {
    "life_cycle": _life_cycle, "chunk_map": _chunk_map, "heap_bitmap": _heap_bitmap,
    "address_space": _address_space, "collector": _collector, "dangling": _dangling, "counters": _counters,
    "goroutines": _goroutines, "what_if": _what_if, "cloning": _cloning, "heap_movie": _heap_movie, "advice": _advice,
}  # fmt: skip


def saved(explorer: Explorer | explore.HeapMovie | explore.Advice, path: Path) -> Path:
    """Save an explorer's page, with the steps around where it stands."""
    if isinstance(explorer, explore.HeapMovie | explore.Advice):  # of a trace, whose steps are few
        return explorer.save_html(path)
    stepper = explorer.stepper
    if stepper.place(stepper.position(explorer.place)).cursor != explorer.cursor:
        stepper.unit = EVENT  # within an operation
    here = stepper.position(explorer.place)
    return explorer.save_html(path, first=max(here - AROUND, 0), last=min(here + AROUND, stepper.last))


def make(names: Sequence[str], folder: Path, browser: Any) -> Iterator[Path]:
    """Write each picture on each paper, as a Chromium shows it; yield the files."""
    for name in names:
        yield from _shot(name, folder, browser)


def _shot(name: str, folder: Path, browser: Any) -> Iterator[Path]:
    with TemporaryDirectory() as temporary:
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, device_scale_factor=SHARPNESS)
        page.goto(saved(PICTURES[name](), Path(temporary) / "page.html").as_uri())
        for paper in PAPERS:
            page.evaluate(
                "light => document.body.dataset.jpThemeLight = light", str(paper == "light").lower()
            )
            page.wait_for_timeout(SETTLES_MS)
            path = folder / f"{name}_{paper}.png"
            page.locator(SHOWN).first.screenshot(path=path)
            yield path
        page.close()


def main(names: list[str]) -> int:
    """Make the pictures that are named, or all."""
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for path in make(names or list(PICTURES), FOLDER, browser):
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
