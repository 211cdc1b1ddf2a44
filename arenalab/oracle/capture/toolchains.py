"""Which Go traces a program: the one that its module asks for where that writes allocations, else a newer one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from arenalab.errors import ToolchainError
from arenalab.oracle.own.package import Package, toolchain_for
from arenalab.oracle.releases import NEWEST, RELEASES, serves
from arenalab.oracle.toolchain import Go, Toolchain, find_toolchain

SINCE = "1.23"  #: the first Go whose traces hold allocations.
GET_ONE = (
    f"get one with: arenalab go install {NEWEST.tried}, or name yours with --go PATH|VERSION "
    "(the Go that comes with the `go` extra is 1.21.13, and writes none)"
)


def tracing_toolchain(package: Package, go: Go) -> Toolchain:
    """Return the Go to build a package with; see `toolchain_for`.

    Raises:
        ToolchainError: there is none that writes allocations into its traces; the text says how to get it.
    """
    if go is not None:
        return _new_enough(toolchain_for(package, go))
    try:
        found = iter([toolchain_for(package, None)])
    except ToolchainError:  # what the module asks for is missing; or there is no Go at all
        if next(_newer(), None) is not None:
            raise
        found = iter([])
    chosen = next((each for each in chain(found, _newer()) if serves(each.version, SINCE)), None)
    if chosen is None:
        raise ToolchainError(f"capturing a trace needs Go {SINCE} or newer, and there is none; {GET_ONE}")
    return chosen


def _newer() -> Iterator[Toolchain]:
    """Yield what else is installed, the user's own first."""
    path = shutil.which("go")
    for candidate in (None if path is None else Path(path), *reversed(RELEASES)):
        with suppress(ToolchainError):
            if candidate is not None:
                yield find_toolchain(candidate)


def _new_enough(found: Toolchain) -> Toolchain:
    if not serves(found.version, SINCE):
        raise ToolchainError(
            f"traces hold allocations since Go {SINCE}, and {found.go} is {found.version}; {GET_ONE}"
        )
    return found
