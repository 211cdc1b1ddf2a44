"""Every recorded type row agrees with the model, and a row that was tampered with is found out."""

import copy
import json
from pathlib import Path

import pytest

from arenalab.go.versions import GO_1_21
from arenalab.syntax.compare import compare_row, row_facts

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data" / "types-1.jsonl").read_text().splitlines()
]
ROW = next(row for row in ROWS if row["ptrmask"].get("hex") and row["offsets"] and row["ptrmask"]["n"] > 64)


def test_recorded_types_agree_fact_by_fact():
    facts = [fact for row in ROWS for fact in row_facts(row, GO_1_21)]
    assert [str(fact) for fact in facts if not fact.agrees] == []
    assert len(facts) == sum(
        len(row) + len(row["ptrmask"]) - 2 for row in ROWS
    )  # all keys but "i", "ptrmask"


@pytest.mark.parametrize("key", sorted(set(ROW) - {"i", "ptrmask"}))
def test_a_tampered_fact_is_the_one_that_is_named(key):
    value = ROW[key]
    other = {int: lambda: value + 1, bool: lambda: not value, str: lambda: value + "0"}.get(
        type(value), lambda: [8]
    )
    wrong = [fact.name for fact in compare_row({**ROW, key: other()}, GO_1_21)]
    assert wrong == [key]


@pytest.mark.parametrize("key", ["n", "ones", "sha256", "hex"])
def test_a_tampered_mask_is_named_by_its_part(key):
    row = copy.deepcopy(ROW)
    row["ptrmask"][key] = row["ptrmask"]["n"] + 1 if key in ("n", "ones") else "0" * 32
    assert [fact.name for fact in compare_row(row, GO_1_21)] == [f"ptrmask.{key}"]


def test_a_flipped_mask_bit_is_named_by_its_word():
    row = copy.deepcopy(ROW)
    data = bytearray.fromhex(row["ptrmask"]["hex"])
    data[2] ^= 0b1000
    row["ptrmask"]["hex"] = data.hex()
    (fact,) = compare_row(row, GO_1_21)
    assert f"type {row['expr'][:60]}" in str(fact)
    assert "first differ at word 19" in str(fact)


def test_an_expression_that_cannot_be_read_is_a_difference():
    (fact,) = compare_row({**ROW, "expr": "struct{ a Foo }"}, GO_1_21)
    assert str(fact) == (
        "type struct{ a Foo }: expr is struct{ a Foo } in real Go, "
        "unreadable: line 1, column 11: undefined: Foo in the model"
    )
    assert len(compare_row({"size": 8}, GO_1_21)) == 1


def test_blanks_in_an_expression_mean_nothing():
    assert compare_row({"expr": "func( int )  ", "size": 8}, GO_1_21) == []


def test_names_come_from_the_declarations_given():
    row = {"expr": "[2]Node", "size": 32, "offsets": None, "array": [2, 16]}
    assert compare_row(row, GO_1_21, "type Node struct { next *Node; n int }") == []
    assert [fact.name for fact in compare_row(row, GO_1_21)] == ["expr"]


@pytest.mark.parametrize(
    ("junk", "wrong"),
    [
        ({"n": 1, "hex": "zz"}, ["ptrmask.hex"]),
        ({"hex": None, "n": "x"}, ["ptrmask.n", "ptrmask.hex"]),
        ({"ones": [1]}, ["ptrmask.ones"]),
    ],
)
def test_a_nonsense_mask_is_a_difference_and_nothing_worse(junk, wrong):
    facts = compare_row({"expr": "*int", "size": 8, "ptrmask": junk}, GO_1_21)
    assert [fact.name for fact in facts] == wrong
    assert all(str(fact).startswith("type *int: ") for fact in facts)
