"""The explorers as verbs of a Lab: `lab.chunk_map()`; each is loaded when it is first asked for."""

# mypy: disable-error-code="no-any-return"
# Explorers are loaded when they are asked for, by name.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from arenalab.asked import called, instance, position
from arenalab.errors import ArgumentError
from arenalab.lab.values import pointer_of
from arenalab.names import Named, verbs_of
from arenalab.world.touch import Pointer

if TYPE_CHECKING:
    from arenalab import explore
    from arenalab.go.types import GoType
    from arenalab.lab.program import Program
    from arenalab.world.history import History


class ExplorerVerbs(Named):
    """An explorer of this program for each question; mixed into `Lab`.

    Each takes what the explorer of its name takes, `after` besides: the number of operations after which it opens.

    Raises:
        MissingExtraError: the widget libraries are not installed; the text is the command that installs them.

    """

    explorers: ClassVar[tuple[str, ...]] = ()  #: the verbs that show this program.

    if TYPE_CHECKING:
        history: History

        def type_of(self, type: str | GoType) -> GoType:  # noqa: A002  # Go's word
            """Return a type from Go text, as `Lab.type_of` does."""

        def declarations(self) -> str:
            """Return the types that were declared, as Go text."""

    def _explorer(self, name: str, chosen: dict[str, Any]) -> Any:
        from arenalab import explore  # noqa: PLC0415  # widgets are loaded when they are asked for

        if "after" in chosen:
            if "cursor" in chosen:
                raise ArgumentError("after", chosen["after"], "left out where cursor is given")
            after = position(
                "after", chosen.pop("after"), len(self.history.ops) + 1, "how many operations are done"
            )
            chosen["cursor"] = self.history.op_end(after)
        return getattr(explore, name)(self, **chosen)

    @called
    def address_space(self, **chosen: Any) -> explore.AddressSpace:
        """Show heap arenas, and what of them is mapped, resident, set to fault."""
        return self._explorer("AddressSpace", chosen)

    @called
    def chunk_map(self, **chosen: Any) -> explore.ChunkMap:
        """Show which chunks there are, and what fills one of them."""
        return self._explorer("ChunkMap", chosen)

    @called
    def cloning(self, **chosen: Any) -> explore.Cloning:
        """Show what `arena.Clone` copies, and what still points into the arena."""
        return self._explorer("Cloning", chosen)

    @called
    def collector(self, **chosen: Any) -> explore.Collector:
        """Show the collector's roots, colours and grey queue, and why a chunk stayed alive."""
        return self._explorer("Collector", chosen)

    @called
    def counters(self, **chosen: Any) -> explore.Counters:
        """Show the runtime's counters through the run."""
        return self._explorer("Counters", chosen)

    @called
    def dangling_pointer(self, pointer: Any = None, **chosen: Any) -> explore.DanglingPointer:
        """Show what touching a pointer does at each moment, in each build mode."""
        at = pointer_of(cast("Program", self), pointer)
        if at is not None:
            instance(
                "pointer",
                at,
                Pointer,
                "a pointer, such as a.new(type) returns, or None for the most telling one",
            )
        return self._explorer("DanglingPointer", {"pointer": at} | chosen)

    @called
    def goroutines(self, **chosen: Any) -> explore.Goroutines:
        """Show a lane for each goroutine, and for the collector."""
        return self._explorer("Goroutines", chosen)

    @called
    def heap_bitmap(self, **chosen: Any) -> explore.HeapBitmap:
        """Show pointer bits beside the objects and types that made them."""
        return self._explorer("HeapBitmap", chosen)

    @called
    def life_cycle(self, **chosen: Any) -> explore.LifeCycle:
        """Show the lists that chunks stand on, and their lives as lanes."""
        return self._explorer("LifeCycle", chosen)

    @called
    def what_if(self, **chosen: Any) -> explore.WhatIf:
        """Show this program under two settings, or with and without arenas."""
        return self._explorer("WhatIf", chosen)

    @called
    def workbench(self, **chosen: Any) -> explore.Workbench:
        """Show any of the explorers, two with one cursor."""
        return self._explorer("Workbench", chosen)

    @called
    def layout(self, type: str) -> explore.Types:  # noqa: A002  # Go's word
        """Show a Go type as this Go lays it out, in a field where you can change its text.

        Raises:
            TypeTextError: no Go type, or a name that is not declared.

        """
        from arenalab import explore  # noqa: PLC0415

        instance("type", type, str, 'a Go type as text, such as "struct{ next *int; n int }"')
        self.type_of(type)
        return explore.Types(type, go=self.history.rules.version, declarations=self.declarations())


ExplorerVerbs.offered = verbs_of(ExplorerVerbs)
ExplorerVerbs.explorers = tuple(name for name in ExplorerVerbs.offered if name != "layout")
