"""Event: one thing the runtime did; the only way to change a World.

Rules:
1. An event is plain data in the past tense; it carries what changes and nothing else.
2. Each kind says its sentence and the Go function it follows.
3. Events are records with slots. They are not `frozen=True`: making one costs 0.2 µs instead of
   0.7 µs, and a law test forbids assigning to them instead.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

from arenalab.units import elided

EVENTS: dict[str, type[Event]] = {}


@dataclass(slots=True, repr=False)
class Event:
    """Something that happened; subclasses add the fields."""

    go: ClassVar[str] = ""  #: Go function that does it, with its file.
    #: Whether the goroutine holds its M after it (acquirem): the world can't be stopped before it lets go.
    holds_m: ClassVar[bool] = False
    #: The collector's phase (`tables.PHASE_NAMES`) that begins with it, None when the phase stays.
    begins_phase: ClassVar[int | None] = None
    #: Fields that name the chunks which it concerns, one or several each; without any it concerns none.
    chunk_fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Enter every kind of event into the registry by its name."""
        # object.__init_subclass__: dataclass(slots=True) makes the class twice, super() would see the first.
        object.__init_subclass__(**kwargs)
        EVENTS[cls.__name__] = cls
        if "chunk" in cls.__annotations__ and not cls.chunk_fields:
            cls.chunk_fields = ("chunk",)

    def sentence(self) -> str:
        """Describe what happened, in one sentence for a person."""
        raise NotImplementedError

    def __str__(self) -> str:
        """Write its sentence."""
        return self.sentence()

    def __repr__(self) -> str:
        """Write its kind and its sentence; `as_dict` has the fields."""
        return f"<{type(self).__name__}: {self.sentence()}>"

    def __dir__(self) -> list[str]:
        """Return its fields, and what a person asks of any event."""
        return sorted(
            {*(field.name for field in fields(self)), "as_dict", "chunks", "go", "like", "sentence"}
        )

    def like(self, **wanted: Any) -> bool:
        """Return whether the named fields have the wanted values."""
        return all(getattr(self, name) == value for name, value in wanted.items())

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as plain data, in order."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @property
    def chunks(self) -> tuple[int, ...]:
        """Return the chunks that it concerns, for stories."""
        found: list[int] = []
        for name in self.chunk_fields:
            named = getattr(self, name)
            found += named if isinstance(named, tuple) else (named,)
        return tuple(chunk for chunk in found if chunk >= 0)


def chunk_list(chunks: list[int] | tuple[int, ...]) -> str:
    """Write a list of chunks: "chunks 3, 4"; "no chunk" when empty."""
    if not chunks:
        return "no chunk"
    return f"chunk{'s' if len(chunks) > 1 else ''} {', '.join(map(str, chunks))}"


def values_of(expr: str, cap: int) -> str:
    """Write a value's type, of a slice with its capacity: "5 × int"; a long type is cut in its middle."""
    return elided(expr) if cap < 0 else f"{cap} × {elided(expr)}"
