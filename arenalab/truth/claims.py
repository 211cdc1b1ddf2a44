"""What the recorder claims of a whole run, checked against the rows: a row that is lost or changed does not add up."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from arenalab.truth.compare import Comparer
from arenalab.truth.items import Step, ValueRun
from arenalab.truth.packed import sum_of
from arenalab.truth.recording import Recording
from arenalab.world import ops

ALLOCATING = ops.New | ops.MakeSlice | ops.Rep


def compare_goroutines(facts: Comparer, recording: Recording) -> None:
    """Compare what each goroutine did, and the arenas that several used, with what the end row claims.

    Notes that don't fit together are no run of Go's: each is a difference, named by the recorder.
    """
    end = recording.end
    facts.at(getattr(recording.items[-1], "line", 0) + 1 if len(recording.items) else 1, -1)
    facts.what = "the end of the run"
    for misfit in _texts(end.get("misfits")):
        facts.fact("notes", "fit together", misfit, label="the program's notes")
    if not {"goroutines", "shared"}.intersection(end):
        return
    done, numbers, users = _who_did_what(recording)
    if "goroutines" in end:
        told = {str(goroutine): [count, numbers[goroutine]] for goroutine, count in sorted(done.items())}
        facts.fact("goroutines", told, end["goroutines"], label="operations of each goroutine")
    shared = [
        {"arena": arena, "goroutines": sorted(who)} for arena, who in sorted(users.items()) if len(who) > 1
    ]
    facts.fact("goroutines", shared[: _shown(end)], end.get("shared", []), label="arenas that several use")


def _shown(end: dict[str, Any]) -> int:
    """Return how many arenas the recorder names at most: as many as it does, and one more where that is few."""
    named = end.get("shared", [])
    return max(len(named), 1) if isinstance(named, list) else 1


def _texts(given: Any) -> list[str]:
    return [str(each) for each in given] if isinstance(given, list) else []


def _who_did_what(recording: Recording) -> tuple[Counter[int], Counter[int], dict[int, set[int]]]:
    """Return how many operations each goroutine did, the sum of their numbers, and who allocated from each arena."""
    done: Counter[int] = Counter()
    numbers: Counter[int] = Counter()
    users: dict[int, set[int]] = defaultdict(set)
    for item in recording.items:
        if isinstance(item, ValueRun):
            done[item.goroutine] += len(item)
            numbers[item.goroutine] += sum_of(item.index, len(item))
            users[item.user_arena].add(item.goroutine)
        elif isinstance(item, Step):
            done[item.goroutine] += 1
            numbers[item.goroutine] += item.index
            if isinstance(item.op, ALLOCATING):
                users[item.op.user_arena].add(item.goroutine)
    return done, numbers, users
