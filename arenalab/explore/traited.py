"""Traited: an object with traits that says what a trait may be, and takes no mistyped one for a new attribute."""

from __future__ import annotations

from typing import Any

import traitlets

from arenalab.asked import Called
from arenalab.errors import ArgumentError, NoSuchError, meant
from arenalab.names import Named


class _Complete(Called, traitlets.MetaHasTraits):
    """Notes when an object is made: from then on it gets no new public attributes."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:  # noqa: N805  # a metaclass
        made = super().__call__(*args, **kwargs)
        made.__dict__["_complete"] = True
        return made


class Traited(Named, traitlets.HasTraits, metaclass=_Complete):
    """Base of all that the reader constructs and sets; its errors are ArenaLab's own."""

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a trait or an attribute.

        Raises:
            ArgumentError: no value of that trait.
            NoSuchError: there is no such trait.

        """
        if self.__dict__.get("_complete") and not name.startswith("_") and not hasattr(self, name):
            there = self.trait_names()
            hint = meant(name, there, " (", ")")
            raise NoSuchError(type(self).__name__, name, f"one of {', '.join(there)}{hint}")
        try:
            super().__setattr__(name, value)
        except traitlets.TraitError as refused:
            raise self._refusal(name, value, refused) from None

    def __dir__(self) -> list[str]:
        """Return the names that a person needs, and the traits."""
        return sorted({*super().__dir__(), *self.trait_names()})

    def set_trait(self, name: str, value: Any) -> None:
        """Set a trait, as an assignment does.

        Raises:
            ArgumentError: no value of that trait.

        """
        try:
            super().set_trait(name, value)
        except traitlets.TraitError as refused:
            raise self._refusal(name, value, refused) from None

    def _refusal(self, name: str, value: Any, refused: traitlets.TraitError) -> Exception:
        trait = self.traits().get(name)
        return ArgumentError(f"{type(self).__name__}.{name}", value, trait.info() if trait else str(refused))
