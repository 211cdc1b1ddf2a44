"""A program that is read while it runs: its lines as they come, its end, and that it never outlives its reader."""

import sys
import time

import pytest

from arenalab.errors import ToolchainError
from arenalab.oracle.performance import Performance
from arenalab.oracle.record import run

ECHO = """import sys
for line in sys.stdin:
    print(line.strip().upper(), flush=True)
print("to the end", file=sys.stderr)
sys.stdout.write("no newline")
sys.exit(3)"""


def performance(program, asked=b"", timeout=20):
    return Performance([sys.executable, "-c", program], asked, {}, timeout)


def test_lines_come_one_by_one_and_the_end_is_kept():
    with performance(ECHO, b"one\ntwo\n") as it:
        assert list(it.lines()) == ["ONE\n", "TWO\n", "no newline\n"]
    assert (it.status, it.said) == (3, "to the end\n")


def test_program_that_does_not_end_is_ended_and_told_of():
    began = time.monotonic()
    with (
        pytest.raises(ToolchainError, match="did not end within 0 s"),
        performance("print(1, flush=True)\nwhile True: pass", timeout=0.3) as it,
    ):
        assert list(it.lines()) == ["1\n"]
    assert time.monotonic() - began < 10


def test_reader_that_stops_ends_the_program():
    def read():
        with performance("print(1, flush=True)\nwhile True: pass") as it:
            started.append(it)
            next(it.lines())
            raise KeyboardInterrupt

    started = []
    with pytest.raises(KeyboardInterrupt):
        read()
    assert started[0]._process.poll() is not None


@pytest.mark.go
def test_recording_tells_how_many_operations_are_done():
    from arenalab.oracle.build import build_recorder  # noqa: PLC0415
    from arenalab.oracle.program import Program  # noqa: PLC0415
    from arenalab.oracle.toolchain import find_toolchain  # noqa: PLC0415

    program = Program(["int"], [{"op": "new_arena", "arena": 0}, *[{"op": "new", "arena": 0, "type": 0}] * 3])
    lines, told = [], []
    last = run(build_recorder(find_toolchain(), ["int"], ""), program, lines.append, watch=told.append)
    assert (told, last["end"]["ops"]) == ([1, 2, 3, 4], 4)
    assert lines[-1].startswith('{"end"')
