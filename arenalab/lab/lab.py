"""Lab: a Machine whose verbs are those of a Go program; each becomes operations, nothing is decided here."""

from __future__ import annotations

from typing import Any, Literal

from arenalab.asked import called, instance, one_of, position
from arenalab.errors import ArgumentError
from arenalab.go.versions import NEWEST, changed_by, go_rules
from arenalab.lab.arena import Arena
from arenalab.lab.collector import CollectorVerbs
from arenalab.lab.explorers import ExplorerVerbs
from arenalab.lab.goroutine import Goroutine
from arenalab.lab.kept import Global, Weak, last_of
from arenalab.lab.program import Program
from arenalab.lab.values import Ptr, Slice, clone, object_of, pointer_of
from arenalab.names import verbs_of
from arenalab.units import plainly
from arenalab.world import ops
from arenalab.world.event_list import Events
from arenalab.world.timeline import Cycles
from arenalab.world.touch import Pointer, Touch


class Lab(CollectorVerbs, ExplorerVerbs, Program):
    """A Go program by hand: `a = Lab(go="1.27", gogc="off").new_arena()`, then `a.new("int")`, `a.free()`.

    What makes something returns a handle with its `events`; every other verb returns its events; `last` are those of
    the last verb. A Go panic raises `GoPanic`, unless `catch_panics` is True: then the program recovers, and what
    would have been made is None. Errors that nothing recovers (`GoThrow`, `GoFault`) are raised always. `do` and
    `run` take programs as data, as `Machine` does, and raise none of them: there they are events.

    >>> lab = Lab(go="1.27", gogc="off")
    >>> lab.new_arena().new("*int")
    <**int: object 0, 0x40c000000000, chunk 0>
    """

    def __init__(
        self,
        go: str = NEWEST,
        *,
        gogc: int | Literal["off"] | None = None,
        in_bulk: bool = False,
        cycles: Cycles = "beside",
        catch_panics: bool = False,
    ) -> None:
        """Start a program.

        Args:
            go: a version of Go: "1.27", "1.27.3" and "go1.27.3" mean the same.
            gogc: GOGC in percent, or "off"; without it, as Go comes.
            in_bulk: solve long runs of equal values and long slices at once, as `Machine` does.
            cycles: what becomes of a cycle when an allocation reaches the trigger, as `Machine` has it.
            catch_panics: whether the program recovers from every panic, so that none is raised here.

        Raises:
            ScenarioError: no such Go; the text says which there are.
            ArgumentError: an argument of the wrong kind.

        """
        rules = changed_by(go_rules(go), {} if gogc is None else {"gogc": gogc})
        super().__init__(rules, in_bulk=in_bulk, cycles=cycles, catch_panics=catch_panics)

    # the program's values

    @called
    def new_arena(self) -> Arena:
        """Make a user arena, as `arena.NewArena()` does."""
        number = self.unused("arena", self.world.user_arenas)
        return Arena(self, number, self.perform(ops.NewArena(number)))

    @property
    def arenas(self) -> tuple[Arena, ...]:
        """Return a handle of every user arena that the program made, whoever made it, in the order of making."""
        return tuple(Arena(self, number) for number in self.world.user_arenas)

    @called
    def arena(self, number: int) -> Arena:
        """Return a handle of a user arena by its number, as explorers and operations name it.

        Raises:
            NoSuchError: there is no such arena.

        """
        return Arena(self, one_of("arena", number, self.world.user_arenas, "a user arena"))

    @called
    def object(self, number: int) -> Ptr:
        """Return a pointer to an object by its number, which counts all objects from 0 in the order of making.

        Raises:
            NoSuchError: there is no such object.

        """
        ledger = self.world.ledger
        row = position("object", number, len(ledger), "the number of an object")
        return Ptr(self, row, 0, self.world.types[ledger.row(row)[2]])

    @called
    def clone(self, value: Ptr | Slice) -> Ptr | Slice | None:
        """Copy a value out of its arena, as `arena.Clone(value)` does; what lies in no chunk is returned as it is."""
        object_of(self, value)
        return clone(value)

    @called
    def drop(self, arena: Arena) -> Events:
        """Forget a user arena without freeing it: the collector will find its handle, and its finalizer frees it.

        Python's own `del a` forgets only Python's name.
        """
        return self.arena_of(arena).drop()

    @called
    def hold(self, value: Arena | Ptr | Slice) -> Global:
        """Make a global variable that points to an arena's last object in a chunk, so that its chunk is reachable.

        Args:
            value: the object, which must be its arena's last, for a program holds no other; or the arena.

        Raises:
            ArgumentError: neither, or another object than the arena's last.

        """
        arena = last_of(self, value)
        number = self.unused("global", self.named)
        return Global(self, number, self.perform(ops.Hold(number, arena)))

    @called
    def make_weak(self, value: Ptr | Slice | None) -> Weak:
        """Make a weak pointer, as `weak.Make(value)` does; Go 1.24 and later."""
        number = self.unused("weak pointer", self.world.weak_pointers)
        row, offset = object_of(self, value), getattr(value, "offset", 0)
        return Weak(self, number, self.perform(ops.MakeWeak(number, row, offset)))

    @called
    def set_finalizer(self, value: Ptr | Slice | None) -> Events:
        """Set a finalizer, as `runtime.SetFinalizer(value, f)` does; Go throws where the object lies in a chunk."""
        return self.perform(ops.SetFinalizer(object_of(self, value)))

    @called
    def add_cleanup(self, value: Ptr | Slice | None) -> Events:
        """Add a cleanup, as `runtime.AddCleanup(value, f, arg)` does; Go 1.24 and later. Arena objects panic."""
        return self.perform(ops.AddCleanup(object_of(self, value)))

    @called
    def pin(self, value: Ptr | Slice | None) -> Events:
        """Pin an object, as `(*runtime.Pinner).Pin(value)` does; Go panics where it lies in a chunk."""
        return self.perform(ops.Pin(object_of(self, value)))

    @called
    def touch(
        self, pointer: Ptr | Slice | Pointer | int, *, write: bool = False, panic_on_fault: bool = False
    ) -> Touch:
        """Describe what reading (or writing) through a pointer does now; nothing happens. An address is fine, too."""
        return super().touch(pointer_of(self, pointer), write=write, panic_on_fault=panic_on_fault)

    # who performs

    @called
    def goroutine(self, number: int | None = None, *, p: int | None = None) -> Goroutine:
        """Return a goroutine: verbs within `with lab.goroutine():` are performed by it.

        Args:
            number: which, as Go numbers them; without one, a new one.
            p: the processor that it runs on; without one, where it ran last.

        """
        return Goroutine(self, number, p)

    def arena_of(self, given: Any) -> Arena:
        """Return an arena of this lab that a caller gave.

        Raises:
            ArgumentError: it is none, or another lab's.

        """
        arena = instance("arena", given, Arena, "an arena, such as lab.new_arena() returns")
        if arena.lab is not self:
            raise ArgumentError("arena", given, "an arena of this lab (this one is of another)")
        one_of("arena", arena.number, self.world.user_arenas, "an arena that was made")
        return arena

    def __repr__(self) -> str:
        """Describe which Go it is, how far it is, and what there is."""
        gogc = "off" if self.rules.gogc < 0 else self.rules.gogc
        done = f"{plainly(len(self.history.ops), 'operation')}, {plainly(len(self.history.events), 'event')}"
        world = self.world
        arenas = sum(not (row.defunct or row.dropped) for row in world.user_arenas.values())
        held = f"{plainly(arenas, 'arena')}, {plainly(len(world.ledger), 'object')}"
        died = f"; died: {world.died}" if world.died else ""
        return f"<Lab of Go {self.rules.version}, GOGC={gogc}: {done}; {held}{died}>"


Lab.offered = (
    *("arenas", "catch_panics", "do", "history", "last", "rules", "run", "world"),
    *(*verbs_of(Program), *verbs_of(Lab), *CollectorVerbs.offered, *ExplorerVerbs.offered),
)
Lab.elsewhere = {verb: f"an arena's: a = lab.new_arena(), then a.{verb}" for verb in Arena.offered}
Arena.elsewhere = {verb: f"its lab's: a.lab.{verb}" for verb in Lab.offered}
