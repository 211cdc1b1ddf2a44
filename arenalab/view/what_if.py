"""What-if: one program under two settings side by side, after the same number of operations.

Nothing here is compared with Go: a side says in words what stands behind its numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from arenalab.go.rules import GoRules
from arenalab.go.versions import other_version
from arenalab.units import counted, human, plainly
from arenalab.view.chunk_map import PAGE
from arenalab.view.chunk_state import for_objects
from arenalab.view.columns import listing, text_column
from arenalab.view.reading import Reading, chunk_in_focus, reading
from arenalab.view.what_if_rows import (
    LEFT,
    RIGHT,
    Bands,
    Lines,
    Rows,
    RunSummary,
    Totals,
    chunk_bands,
    class_bands,
    lines_of,
    totals_of,
)
from arenalab.world.history import History

RECORDED = "the run itself: nothing was performed again"
ANEW = "by the model's own rules (certified); Go can be set so, unverified"
NO_GO = "what-if only: by the model's own rules (certified); no Go can do it"
ORDINARY = "what-if only: bytes agree with real Go, cycles nearly; not certified"
GO_HAS = {"version", "gogc", "build_mode"}  #: settings that Go itself has.


@dataclass(frozen=True)
class Side:
    """One of the two runs."""

    title: str  #: what was chosen, in words.
    settings: str  #: every setting, in words.
    behind: str  #: what stands behind the numbers.
    trouble: str  #: what was refused, how it ended, what is not counted; "" when nothing is to be said.
    bad: bool  #: whether something was refused or it had ended.
    warns: bool  #: whether `trouble` says something at the end of the run: if not, it never does.
    rows: Rows  #: chunks, or size classes.
    bands: Bands  #: what fills each of them.
    scale: int  #: bytes of a row's full width.
    more: int  #: rows that are not shown.
    most: int  #: rows that its whole run needs, a page's at most.

    def text(self) -> str:
        """Describe the side in words and numbers."""
        head = [self.title, f"  {self.settings}", f"  {self.behind}"]
        head += [f"  {self.trouble}"] if self.trouble else []
        row = self.bands.row
        bands = {"row": self.rows.name[row], "said": self.bands.said, "kept": self.rows.kept[row]}
        return "\n".join([*head, listing(bands)])


@dataclass(frozen=True)
class WhatIf:
    """All that the picture shows."""

    reading: Reading  #: where in the history it is, in words.
    focus: int  #: the chunk in focus of the recorded run, −1 while there is none.
    position: int  #: operations done.
    operations: int  #: of the program.
    left: Side  #: the first run.
    right: Side  #: the second.
    rows: int  #: rows of bands, the same for the whole history.
    lines: Lines  #: heapLive of both through time.
    totals: Totals  #: numbers of both side by side.

    def text(self) -> str:
        """Return the picture as text, with its numbers."""
        columns = self.totals.columns()
        for side in (LEFT, RIGHT):
            pairs = zip(columns[side], columns["in_bytes"], strict=True)
            columns[side] = text_column([human(int(n)) if in_bytes else f"{n:,}" for n, in_bytes in pairs])
        columns["better"] = text_column([better or "–" for better in columns["better"]])
        del columns["in_bytes"]
        where = f"after {self.position} of {plainly(self.operations, 'operation')}"
        sides = f"left: {self.left.text()}\n\nright: {self.right.text()}"
        return "\n\n".join([self.reading.text(), sides, f"{where}\n{listing(columns)}"])


def what_if(
    moment: tuple[History, int, int | None],
    position: int,
    left: RunSummary,
    right: RunSummary,
    *,
    focus: int | None = None,
) -> WhatIf:
    """Return both runs after the same number of operations.

    Args:
        moment: the recorded history, the cursor in it, and the operation that led there.
        position: operations of the program that have begun.
        left: one run.
        right: the other.
        focus: chunk whose page is shown on both sides; None follows the events of each.

    """
    history = moment[0]
    there = focus if focus is not None else chunk_in_focus(history, moment[1]) if history.world.spans else -1
    sides = [_side(run, history.rules, position, focus) for run in (left, right)]
    return WhatIf(
        reading=reading(*moment), focus=there, position=position,
        operations=left.operations, left=sides[0], right=sides[1],
        rows=min(PAGE, max(1, left.rows, right.rows)),
        lines=lines_of(left, right), totals=totals_of(left, right, position),
    )  # fmt: skip


# words


def _side(run: RunSummary, recorded: GoRules, position: int, focus: int | None) -> Side:
    rows, bands, scale, more = class_bands(run, position) if run.plain else chunk_bands(run, position, focus)
    changed = _changed(run, recorded)
    words = settings_words(run.rules)
    title = ", ".join(words[name] for name in changed if name in words) or "as recorded"
    if run.plain:
        title = ", ".join(["no arenas: plain new and make", *([title] if changed else [])])
    bad = run.done(position) < position or any(number < position for number in run.refused)
    behind = RECORDED if run.recorded else ANEW if GO_HAS.issuperset(changed) else NO_GO
    return Side(
        title=title, settings=_all_settings(run, words), behind=ORDINARY if run.plain else behind,
        trouble=_trouble(run, position), bad=bad, warns=bool(_trouble(run, run.operations)),
        rows=rows, bands=bands, scale=scale, more=more, most=min(PAGE, max(1, run.rows)),
    )  # fmt: skip


def _changed(run: RunSummary, recorded: GoRules) -> list[str]:
    """Return the settings that differ from the recorded ones; what another version decides is named by it alone."""
    same_go = other_version(recorded, run.rules.version)
    chosen = run.rules.settings()
    changed = [name for name, value in chosen.items() if getattr(same_go, name) != value]
    if same_go != recorded:
        changed = ["version", *changed]
    return [name for name in changed if not run.plain or name in ("version", "gogc")]


def settings_words(rules: GoRules) -> dict[str, str]:
    """Describe each setting in a few words."""
    return {
        "version": f"Go {rules.version}",
        "user_arena_chunk_bytes_max": f"chunks of {human(rules.user_arena_chunk_bytes_max)}{for_objects(rules.chunk)}",
        "max_alloc_fraction": f"over 1/{rules.max_alloc_fraction} to the heap",
        "reuse_order": f"reuse {rules.reuse_order}",
        "gogc": "GOGC=off" if rules.gogc < 0 else f"GOGC={rules.gogc}",
        "build_mode": f"{rules.build_mode} build",
    }


def _all_settings(run: RunSummary, words: Mapping[str, str]) -> str:
    return (
        f"{words['gogc']}, size classes of Go {run.rules.version}" if run.plain else ", ".join(words.values())
    )


def _trouble(run: RunSummary, position: int) -> str:
    if run.stopped is not None and run.stopped[0] < max(position, 1):
        return f"ended at operation {run.stopped[0] + 1}: {run.stopped[1]}"
    refused = [number for number in run.refused if number < position]
    if refused:
        count = f"{plainly(len(refused), 'operation')}"
        return f"{count} left out, the last at {refused[-1] + 1}: {run.refused[refused[-1]]}"
    on_heap = run.totals(position).get("on_heap", 0)
    return (
        f"{counted(on_heap, 'value')} on the heap: here a cycle frees them, and small ones weigh nothing"
        if on_heap
        else ""
    )
