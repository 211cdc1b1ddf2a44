"""Compare the ratios of a `make bench` with those of the last release: what has become slower than the rest?

    python -m tools.bench_ratios artifacts/bench.json docs/performance.json [--keep]

A time says nothing on another machine. A ratio does: bulk replay and step machine, each divided by the time of a
yardstick of numpy's that ran in between. With `--keep` the file is written, as for a release.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

Ratios = dict[str, dict[str, float]]
WORSE = 1.5  #: times the last release's ratio; machines differ by less than that.


def ratios_of(benchmarks: list[dict[str, Any]]) -> Ratios:
    """Return workload -> name of a ratio -> its value, the larger the slower."""
    found: Ratios = {}
    for row in benchmarks:
        name, said = row["name"], row["extra_info"]
        if name.startswith("test_engines[") and "yard_ns" in said:
            bulk, yard = said["cpu_ns"], said["yard_ns"]
            found[name[13:-1]] = {
                "bulk ÷ numpy": bulk / yard,
                "all read ÷ numpy": (bulk + said["read_ns"]) / yard,
                "step ÷ numpy": said["step_ns"] / yard,
            }
    return found


def slower(now: Ratios, before: Ratios) -> list[str]:
    """Return a line for each ratio that is so much worse than before."""
    return [
        f"{workload}: {name} is {value:,.2f}, {value / before[workload][name]:.2f} times the last release's"
        for workload, ratios in now.items()
        for name, value in ratios.items()
        if value > WORSE * before.get(workload, {}).get(name, float("inf"))
    ]


def main() -> int:
    """Compare, and write the file where asked for; return 1 where something is slower."""
    figures, kept = Path(sys.argv[1]), Path(sys.argv[2])
    now = ratios_of(json.loads(figures.read_text(encoding="utf-8"))["benchmarks"])
    before: Ratios = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    lines = slower(now, before)
    print(
        "\n".join(lines) or f"no ratio of {len(now)} workloads is more than {WORSE} times the last release's"
    )
    if "--keep" in sys.argv or not before:
        kept.write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
