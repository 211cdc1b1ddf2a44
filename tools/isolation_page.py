"""The text of docs/isolation.md, around the figures that `tools/isolation.py` keeps in docs/isolation.json."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from arenalab.errors import ModelBug
from arenalab.go.versions import CHANGES
from arenalab.search.properties import PROPERTIES
from arenalab.world.touch import Outcome

Row = dict[str, Any]
RECORDED = Path(__file__).parents[1] / "tests" / "data" / "recordings" / "versions"
AIM = 10_000_000  #: states.
LATE = (Outcome.STALE, Outcome.FAULTS, Outcome.REPORTED)  #: what may be found where the arena is freed.
STRANGE = (Outcome.OTHER, Outcome.NOTHING)
#: Recorded cases of real Go, and what each is about.
CASES = {
    "use_after_free_full_read": "a value in a full chunk, read after Free",
    "use_after_free_full_write": "the same, written",
    "use_after_free_full_panic_on_fault": "the same under debug.SetPanicOnFault",
    "use_after_free_full_after_gc_held": "the same after a collection that saw the pointer",
    "use_after_free_active": "a value in the chunk that was being filled, read after Free",
    "use_after_free_active_then_reused": "the same after the next arena took that chunk over",
}

TEXT = Path(__file__).with_suffix(".md").read_text(encoding="utf-8")  #: with a field for each table and sum.


def page(done: dict[str, Row]) -> str:
    """Return the whole page.

    Raises:
        ModelBug: a state breaks a property, so the page's answer is wrong.

    """
    if broken := [f"{name}: {wrong}" for name, row in done.items() for wrong in row["found"]]:
        raise ModelBug(f"docs/isolation.md says that no state breaks a property; {broken[0]}")
    plans, hidden = _without(done, "hidden"), _with(done, "hidden")
    reads = _all(level["hidden"] for row in hidden.values() for level in row["levels"])
    late = {name: count for name, count in reads.items() if name != Outcome.FINE}
    return TEXT.format(
        states=_number(sum(row["states"] for row in done.values())),
        looks=_number(sum(sum(level["outcomes"].values()) for row in done.values() for level in row["levels"])),
        strange=_share(sum(late.get(name, 0) for name in STRANGE), sum(late.values())),
        hidden_reads=_number(sum(late.values())),
        first=min(CHANGES, key=_order), last=max(CHANGES, key=_order),
        properties="\n".join(f"- {each.__name__.replace('_', ' ')}: {_said(each)}" for each in PROPERTIES),
        total=_total(done), searches="\n".join(_search(name, row) for name, row in done.items()),
        busy=_hours(sum(row["busy"] for row in done.values())), wall=_hours(sum(row["wall"] for row in done.values())),
        builds="\n".join(_builds(plans)), hidden="\n".join(_hidden(hidden)), cases="\n".join(_cases()),
    )  # fmt: skip


def _order(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _said(law: Any) -> str:
    text = str(law.__doc__).strip().splitlines()[0]
    return text[:1].lower() + text[1:]


def _without(done: dict[str, Row], word: str) -> dict[str, Row]:
    return {name: row for name, row in done.items() if not row["bounds"].get(word)}


def _with(done: dict[str, Row], word: str) -> dict[str, Row]:
    return {name: row for name, row in done.items() if row["bounds"].get(word)}


def _total(done: dict[str, Row]) -> str:
    states = sum(row["states"] for row in done.values())
    past = sum(level["past"] for row in done.values() for level in row["levels"])
    said = (
        f"**{_number(states)} states, {_number(past)} of them past a recycling; each keeps every property.**"
    )
    return said if states >= AIM else f"{said} {_number(AIM)} are aimed at."


def _search(name: str, row: Row) -> str:
    bounds, late = row["bounds"], _late(row)
    past = sum(level["past"] for level in row["levels"])
    links = ", links" if bounds["links"] else ""
    cells = (
        name, f"{bounds['arenas']}, {bounds['holds']}{links}", bounds["collector"], row["start"], len(row["levels"]),
        _number(row["states"]), _number(past), _number(sum(late.values())), *(_number(late[each]) for each in LATE),
        f"{row['busy']:.0f} s",
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def _late(row: Row) -> Counter[str]:
    found = _all(level["outcomes"] for level in row["levels"])
    return Counter({name: count for name, count in found.items() if name != Outcome.FINE})


def _builds(done: dict[str, Row]) -> Iterator[str]:
    for build in ("plain", "race", "msan", "asan"):
        late = _all(_late(row) for row in done.values() if row["bounds"]["build_mode"] == build)
        whole = sum(late.values())
        yield f"| {build} | {_number(whole)} | {' | '.join(_share(late[each], whole) for each in LATE)} |"


def _hidden(done: dict[str, Row]) -> Iterator[str]:
    columns = (Outcome.FINE, *LATE, *STRANGE)
    for row in done.values():
        for pointer, name in (("held", "outcomes"), ("hidden", "hidden")):
            found = _all(level[name] for level in row["levels"])
            whole = sum(found.values())
            shares = " | ".join(_share(found[each], whole) for each in columns)
            yield f"| {row['bounds']['build_mode']} | {pointer} | {_number(whole)} | {shares} |"


def _cases() -> Iterator[str]:
    printed = {name: Counter[str]() for name in CASES}
    for path in sorted(RECORDED.glob("*-errors.jsonl.gz")):
        for row in map(json.loads, gzip.decompress(path.read_bytes()).decode().splitlines()):
            if row["case"] in CASES:
                said = (row["message"] or row["stdout"]).strip().splitlines()[0]
                printed[row["case"]][re.sub(r"0x[0-9a-f]+", "0x…", said)] += 1
    for name, about in CASES.items():
        for said, times in printed[name].items():
            yield f"| {about} | `{said}` | {times} of {len(CHANGES)} |"


def _all(counts: Iterable[dict[str, int]]) -> Counter[str]:
    found = Counter[str]()
    for each in counts:
        found.update(each)
    return found


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if part else "0"


def _number(count: int) -> str:
    return f"{count:,}"


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.1f} hours" if seconds > 3600 else f"{seconds / 60:.0f} minutes"
