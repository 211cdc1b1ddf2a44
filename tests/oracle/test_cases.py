"""Panics, throws, faults and Clone, recorded from real Go, are what they were."""

import json
import re
from pathlib import Path

import pytest

from arenalab.oracle.cases import record_clone, record_errors

pytestmark = [pytest.mark.go, pytest.mark.usefixtures("toolchain")]
COMMITTED = Path(__file__).parent.parent / "data" / "cases"


def rows_of(path):
    """The rows without what differs from build to build: code addresses and bytes in use."""
    text = re.sub(r"pc=0x[0-9a-f]+|\(\d+ in use\)", "…", path.read_text())
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(("make", "name"), [(record_errors, "errors.jsonl"), (record_clone, "clone.jsonl")])
def test_the_committed_cases_can_be_made_again(tmp_path, make, name):
    assert make(tmp_path / name) == len(rows_of(COMMITTED / name)) > 40
    assert rows_of(tmp_path / name) == rows_of(COMMITTED / name)


def test_a_case_that_dies_keeps_text_and_exit_code():
    row = next(
        row for row in rows_of(COMMITTED / "errors.jsonl") if row["case"] == "use_after_free_full_read"
    )
    assert row["exit"] == 2
    assert row["message"].startswith("accessed data from freed user arena 0x40c000000008\nfatal error: fault")
    assert row["recover"] == "fatal"
