"""docs/performance.md is made of figures alone: each row is there, and ratios are those of the figures."""

import pytest

from tools.performance import page

ENGINE = {
    "step_ns": 9000.0,
    "cpu_ns": 100.0,
    "read_ns": 50.0,
    "go_ns": 50.0,
    "go_all_ns": 80.0,
    "go_bump_ns": 40.0,
}
BENCH = {
    **{f"test_engines[{name}]": ENGINE for name in ("mixed", "tree-build")},
    **{
        f"test_scaling[{power}]": {"operations": 10**power, "cpu_ns": 100.0 + power, "peak_bytes": 2**26}
        for power in (3, 4)
    },
    "test_memory": {"history_bytes": 8.0, "read_bytes": 70.0, "trace_bytes": 23.0, "numpy": "2"},
    "test_seek": {"median_ms": 0.2, "worst_ms": 0.8},
    "test_gc_cycle": {"ms": 2.0, "chunks": 8},
    "test_bitmap_of_a_million_values": {"cpu_ns": 30.0},
    "test_expand_largest_run": {"operations": 9999, "ms": 100.0},
    "test_first_chunk_map": {"ms": 200.0},
    "test_chunk_map_at[whole]": {"fit": "whole", "ms": 3.0},
    "test_bytes_that_bits_move": {"gigabytes": 20.0, "moved": 16.0, "ns": 0.5},
    "test_step_events": {"ns": 3000.0, "per_second": 333_333.0},
    "test_step_profile": {"shares": {"handlers": 0.75, "Go": 0.25}, "calls": 80.0, "longest": 0.1},
    "test_least_for_an_event": {"ns": 250.0},
}
SAID = {
    "datetime": "2026-01-02T03:04:05",
    "machine_info": {
        "cpu": {"brand_raw": "Some", "count": 2},
        "machine": "x",
        "system": "Linux",
        "release": "6",
        "python_version": "3.11",
    },
}


@pytest.fixture(scope="module")
def made():
    return page(
        SAID, BENCH, {"ChunkMap: click to painted frame, 10^6 objects": {"median_ms": 22.0, "p90_ms": 29.0}}
    )


@pytest.mark.parametrize(
    "row",
    [
        "| mixed | 9,000 ns | 100 ns | 150 ns | 80 ns | 50 ns | 1.25 | 2.00 | 1.44 | 3.00 |",
        '| bulk, "mixed", an operation | 100 ns | 40 ns: real Go\'s allocation alone | 2.5 |',
        "| bits of a value | 30 ns | 0.50 ns: 16 bytes at 20 GB/s | 60 |",
        "| an event of the step machine | 3,000 ns | 250 ns: Python's own cost of one | 12.0 |",
        "| handlers | 75% |",
        "| 10,000 | 104 | +1% | 64 MiB |",
        "| ChunkMap | 22 ms | 29 ms | ≤ 50 and ≤ 100 ms |",
        "| HeapBitmap | not measured | | ≤ 50 and ≤ 100 ms |",
    ],
)
def test_row_says_what_was_measured(made, row):
    assert row in made.splitlines()


def test_a_figure_that_is_missing_is_an_error_not_a_gap():
    with pytest.raises(KeyError, match="test_step_events"):
        page(SAID, {name: row for name, row in BENCH.items() if name != "test_step_events"}, {})
