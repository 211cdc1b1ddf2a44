"""`arenalab check --types`: fresh random types, laid out by the real compiler and by the model.

One Go program is built with all the types in it; it prints their descriptors as they stand in its
memory, each mask as the runtime itself gives it (probe/types/main.go).
"""

from __future__ import annotations

import json
import random
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from arenalab.errors import ToolchainError
from arenalab.go.rules import GoRules
from arenalab.go.types import GoType
from arenalab.go.versions import go_rules
from arenalab.oracle.build import build_once
from arenalab.oracle.random_types import RandomTypes, random_types
from arenalab.oracle.toolchain import Go, Toolchain, chosen_toolchains
from arenalab.syntax.compare import TypeFact, facts_against
from arenalab.syntax.parse import parse_declarations, parse_expression
from arenalab.syntax.resolve import Resolver


def check_types(seed: int | None = None, n: int = 2000, go: Go = None) -> int:
    """Compare `n` random types with the real compiler's descriptors, print the outcome, return 0 or 1.

    Args:
        seed: which types; a fresh one is drawn, and printed, when None.
        n: how many.
        go: a Go command or version, "all" for each release line; the `go` extra's, or the one on the PATH, when None.

    Raises:
        ToolchainError: there is no such Go, or the types do not compile.
    """
    if n < 1:
        raise ToolchainError(f"at least one type must be compared, not {n}")
    seed = random.SystemRandom().randrange(2**32) if seed is None else seed
    print(f"seed {seed}")
    drawn = random_types(seed, n)
    return max([_check_types(drawn, n, toolchain) for toolchain in chosen_toolchains(go)])


def _check_types(drawn: RandomTypes, n: int, toolchain: Toolchain) -> int:
    facts = list(compare_with_compiler(drawn, toolchain))
    wrong = [fact for fact in facts if not fact.agrees]
    if wrong:
        print(f"first difference: {wrong[0]}")
    bare = len(drawn.expressions) - sum(fact.name == "ptrmask.sha256" for fact in facts)
    skipped = f"{bare} (digests of masks above 2**31 bits)" if bare else "0"
    print(
        f"{toolchain.version}: compared {len(facts)} facts over {n} types; skipped {skipped}; "
        f"{len(wrong)} differences"
    )
    return 0 if facts and not wrong else 1


def compare_with_compiler(drawn: RandomTypes, toolchain: Toolchain) -> Iterator[TypeFact]:
    """Yield each fact of each type's descriptor beside the model's.

    Raises ToolchainError when a row is missing: every type must have been compared.
    """
    rows = read_descriptors(drawn, toolchain)
    if [row["i"] for row in rows] != list(range(len(drawn.expressions))):
        raise ToolchainError(f"{len(drawn.expressions)} types were compiled, {len(rows)} came back")
    for made, row in zip(laid_out(drawn, go_rules(toolchain.minor)), rows, strict=True):
        yield from facts_against(row, made)


def laid_out(drawn: RandomTypes, rules: GoRules) -> Iterator[GoType]:
    """Yield the model's types under a version's rules."""
    resolver = Resolver(parse_declarations(drawn.source), rules)
    for expression in drawn.expressions:
        yield resolver.type_of(parse_expression(expression))


def read_descriptors(drawn: RandomTypes, toolchain: Toolchain) -> list[dict[str, Any]]:
    """Build a program that holds the types, run it, return the rows it prints.

    Raises ToolchainError when the recorder doesn't know this Go, or it refuses the types.
    """
    with tempfile.TemporaryDirectory(prefix="arenalab-types-") as folder:
        program = build_once(toolchain, "types", {"pool.go": _pool(drawn)}, Path(folder))
        done = subprocess.run([str(program)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ToolchainError(
            f"the program that holds the types ended with {done.returncode}:\n{done.stderr[:1000]}"
        )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _pool(drawn: RandomTypes) -> str:
    """Return the Go file that names every type once, behind a slice behind a nil pointer.

    A plain `*[8]K` can lead to the descriptor of a map's bucket array, which the compiler makes
    without an equality function, and so with another tflag; a slice leads to the type itself.
    """
    pointers = "\n".join(f"\t(*[]{expression})(nil)," for expression in drawn.expressions)
    return (
        'package main\n\nimport "unsafe"\n\nvar _ unsafe.Pointer\n\n'
        f"{drawn.source}\n\nvar pool = []any{{\n{pointers}\n}}\n"
    )
