"""Goroutine: who performs the verbs within a `with`."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from arenalab.lab.handle import Handle, keep
from arenalab.lab.program import Program
from arenalab.world.schedule import goroutine_of, p_of

if TYPE_CHECKING:
    from types import TracebackType


class Goroutine(Handle):
    """A goroutine of the program: `with lab.goroutine() as g: a.new("int")` is performed by it.

    Outside of it main's goroutine, number 1, performs again, or that of the `with` around it.
    """

    offered: ClassVar[tuple[str, ...]] = ("number", "p")

    number: int  #: as Go numbers it.
    p: int | None  #: the processor that it runs on, None for where it ran last.
    _lab: Program
    _before: list[tuple[int, int | None]]

    def __init__(self, lab: Program, number: int | None, p: int | None) -> None:
        """Take a number, or a new one.

        Raises:
            ArgumentError: no number of a goroutine, no number of a P.

        """
        runs_on, given = p_of("p", p), None if number is None else goroutine_of("number", number)
        keep(self, p=runs_on, number=given or lab.next_goroutine(), _lab=lab, _before=[])

    def __enter__(self) -> Self:
        """Perform as this goroutine from now on."""
        self._before.append(self._lab.act_as((self.number, self.p)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Perform as who did before."""
        self._lab.act_as(self._before.pop())

    def __repr__(self) -> str:
        """Describe which it is."""
        return f"<Goroutine {self.number}{'' if self.p is None else f' on P {self.p}'}>"
