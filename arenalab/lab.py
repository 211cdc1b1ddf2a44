"""Lab: a Machine whose surroundings are named as Go programmers name them."""

from __future__ import annotations

from typing import Literal

from arenalab.errors import ArgumentError
from arenalab.go.versions import NEWEST, changed_by, go_rules
from arenalab.machine.machine import Machine
from arenalab.world.timeline import Cycles


class Lab(Machine):
    """A Machine by version and GOGC: `Lab(go="1.27", gogc="off").do(NewArena(0))`; nothing is decided here."""

    def __init__(
        self,
        go: str = NEWEST,
        *,
        gogc: int | Literal["off"] | None = None,
        in_bulk: bool = False,
        cycles: Cycles = "beside",
    ) -> None:
        """Start a program.

        Args:
            go: a version of Go: "1.27", "1.27.3" and "go1.27.3" mean the same.
            gogc: GOGC in percent, or "off"; without it, as Go comes.
            in_bulk: solve long runs of equal values and long slices at once, as `Machine` does.
            cycles: what becomes of a cycle when an allocation reaches the trigger, as `Machine` has it.

        Raises:
            ScenarioError: no such Go; the text says which there are.
            ArgumentError: an argument of the wrong kind.

        """
        if isinstance(gogc, str) and gogc != "off":
            raise ArgumentError("gogc", gogc, 'a percentage, such as 50, or "off"')
        chosen = {} if gogc is None else {"gogc": -1 if gogc == "off" else gogc}
        super().__init__(changed_by(go_rules(go), chosen), in_bulk=in_bulk, cycles=cycles)
