"""docs/programs.md is a table of measurements: its rows are whole and say what its totals and its text say."""

import re
import shlex
from pathlib import Path

import pytest

from arenalab.errors import RecordingError
from arenalab.oracle.cli import parser
from arenalab.oracle.own.flags_of_tests import test_arguments as arguments_of_tests
from arenalab.oracle.releases import RELEASES

PAGE = Path(__file__).resolve().parent.parent / "docs/programs.md"
WORDS = {10: "Ten", 11: "Eleven", 12: "Twelve", 13: "Thirteen", 14: "Fourteen", 15: "Fifteen"}
COLUMNS = ["repository", "commit", "what ran", "asks for", "Go", "goroutines", "operations", "facts compared"]


def tables(text):
    """Return the tables of a page, each the list of its rows as dictionaries."""
    found = []
    for table in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
        head, _, *rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]
        found.append([dict(zip(head, row, strict=True)) for row in rows])
    return found


def number(text):
    return int(text.strip("*").replace(",", ""))


def complaints(text):
    """Return what is wrong with such a page, [] for nothing."""
    recorded, unrecorded = tables(text)
    *rows, total = recorded
    told = WORDS[len({row["repository"] for row in rows})]
    wrong = [
        f"{row['repository']}: no whole commit"
        for row in [*rows, *unrecorded]
        if not is_commit(row["commit"])
    ]
    wrong += [f"{row['repository']}: no release of Go" for row in rows if row["Go"] not in tried_releases()]
    wrong += [
        f"{row['repository']}: a cell is empty" for row in rows if not all(row[name] for name in COLUMNS)
    ]
    wrong += [f"{row['repository']}: {said}" for row in rows if (said := unrepeatable(row["what ran"]))]
    wrong += [f"{row['repository']}: differs" for row in rows if number(row["differences"])]
    wrong += [f"{row['repository']}: no reason" for row in unrecorded if not row["why"]]
    wrong += [
        f"the total of {name} is not its rows'"
        for name in ("operations", "facts compared", "differences")
        if number(total[name]) != sum(number(row[name]) for row in rows)
    ]
    return wrong + [f"the text does not say {told}"] * (f"{told} public repositories" not in text)


def unrepeatable(what):
    """What hinders a reader from giving `arenalab record` what the row says, "" for nothing."""
    given = [flags for flags in re.findall("`([^`]*)`", what) if flags.startswith("--")]
    if len(given) != 1:
        return "it does not say what the recorder was given"
    own, _, rest = given[0].partition(" -- ")
    try:
        asked = parser().parse_args([*shlex.split(own), "-o", "x.rec"])
        arguments_of_tests(shlex.split(rest) if asked.tests else [], Path())
    except (SystemExit, RecordingError) as trouble:
        return f"the recorder does not take {given[0]}: {trouble}"
    return ""


def is_commit(text):
    return re.fullmatch("[0-9a-f]{40}", text) is not None


def tried_releases():
    return {release.tried for release in RELEASES.values()}


def test_page_of_public_programs_is_whole():
    assert complaints(PAGE.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (r"\| 0 \|\n", "| 1 |\n"),
        (r"\*\*(\d+),(\d)", r"**\1,9\2"),
        ("([0-9a-f]{39})[0-9a-f]", r"\1"),
        (r"1\.21\.13", "1.21.99"),
        ("Thirteen", "Fourteen"),
        ("`--program ./arena`", "./arena"),
        ("--program ./tests", "--programme ./tests"),
        ("-benchtime 50x", "-json"),
        (r"(\n\| thepudds.*\| ).* \|", r"\1 |"),
    ],
)
def test_fault_in_the_page_is_noticed(before, after):
    text = PAGE.read_text(encoding="utf-8")
    spoilt, planted = re.subn(before, after, text, count=1)
    assert planted
    assert complaints(spoilt)
