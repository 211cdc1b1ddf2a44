"""What callers give: numbers, names, paths and calls, checked against what exists.

Rule: what is of the wrong kind is one `ArgumentError`, what does not exist one `NoSuchError`: never a bare
Python error, never an empty answer or somebody else's.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from functools import wraps
from inspect import Parameter, Signature, getattr_static, signature
from itertools import islice
from operator import index
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar, cast

from arenalab.errors import ArgumentError, NoSuchError, cut, listed, meant, shown

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")
LONGEST_DEFAULT = 40  #: characters of a default that an error writes.
LONGEST_PATH = 4096  #: bytes of a path that a system takes.
MOST_INPUTS = 20  #: arguments that an error lists, before only those most like the one given.
MOST_NAMES = 12  #: names or numbers that an error lists.


def whole(name: str, given: Any, what: str) -> int:
    """Return a whole number that a caller gave, of whatever integer type; `what` is what was expected.

    Raises:
        ArgumentError: it is none; True is none either.

    """
    number = as_int(given)
    if number is None:
        raise ArgumentError(name, given, what)
    return number


def as_int(given: Any) -> int | None:
    """Return an integer of whatever library as int; None for what is none, and True is none either."""
    if type(given) is int:
        return given
    try:
        return None if isinstance(given, bool) else index(given)
    except Exception:  # noqa: BLE001  # a stranger's __index__ may raise anything: it is no integer then
        return None


def position(name: str, given: Any, count: int, what: str, *, low: int = 0) -> int:
    """Return the number of something of which there are `count`; `what` is such as "the number of a chunk".

    Raises:
        ArgumentError: no whole number.
        NoSuchError: there is none of that number.

    """
    if type(given) is int and low <= given < count:
        return given
    there = f"{what}: {low} to {count - 1}" if count > low else f"{what}: none yet"
    number = whole(name, given, there)
    if low <= number < count:
        return number
    raise NoSuchError(name, given, there)


def one_of(name: str, given: Any, there: Collection[Any], what: str) -> Any:
    """Return a number or name that is among those there are; `what` is what they are.

    Raises:
        NoSuchError: it is not.

    """
    if (
        type(given) in (int, str) and given in there
    ):  # the rest is for errors, and walks through all that there are
        return given
    plain: Any = given if isinstance(given, str) else whole(name, given, _listed(there, what))
    if plain in there:
        return plain
    raise NoSuchError(name, given, _listed(there, what, plain if isinstance(plain, str) else ""))


def _listed(there: Collection[Any], what: str, given: str = "") -> str:
    if given and there:
        return f"{what}: {listed(there, given, MOST_NAMES)}"
    texts = list(map(str, islice(there, MOST_NAMES)))
    if len(there) > MOST_NAMES:
        texts.append(f"… ({len(there)} in all)")
    return f"{what}: {', '.join(texts) or 'none yet'}"


def instance(name: str, given: Any, kind: type[T], expected: str) -> T:
    """Return what a caller gave, if it is of a kind.

    Raises:
        ArgumentError: it is not.

    """
    if not isinstance(given, kind):
        raise ArgumentError(name, given, expected)
    return given


def function_of(name: str, given: Any, what: str) -> Any:
    """Return a function that a caller gave.

    Raises:
        ArgumentError: it can't be called.

    """
    if not callable(given):
        raise ArgumentError(name, given, what)
    return given


def path_of(name: str, given: Any) -> Path:
    """Return a file's path that a caller gave.

    Raises:
        ArgumentError: neither a text nor a Path.

    """
    text = os.fspath(given) if isinstance(given, str | os.PathLike) else None
    if not isinstance(text, str) or not text or "\0" in text or not _can_be_named(text):
        raise ArgumentError(name, given, "the path of a file, a text or a pathlib.Path")
    return Path(text)


def _can_be_named(text: str) -> bool:
    """Return whether the system could have a file of such a name."""
    try:
        return len(os.fsencode(text)) <= LONGEST_PATH
    except UnicodeEncodeError:
        return False


# calls


class _Signature:
    """How a class of a metaclass is called, as help and notebooks show it; the metaclass itself has its own way."""

    def __get__(self, cls: type | None, _: type) -> Signature:
        if cls is None:
            raise AttributeError("__signature__")
        return _construction(cls)


class Called(type):
    """A class whose call with missing, surplus or unknown arguments is an `ArgumentError`, not a TypeError."""

    __signature__ = _Signature()

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """Make an instance."""
        try:
            return type.__call__(cls, *args, **kwargs)
        except TypeError:
            check_call(cls.__name__, _construction(cls), args, kwargs)
            raise


def called(function: F) -> F:
    """Make an `ArgumentError` of a call of a function or method with missing, surplus or unknown arguments."""

    @wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TypeError:
            inputs = list(signature(function).parameters.values())
            bound = int(bool(inputs) and inputs[0].name in ("self", "cls"))
            check_call(function.__name__, Signature(inputs[bound:]), args[bound:], kwargs)
            raise

    return cast("F", checked)


def checks_calls(cls: type[T]) -> type[T]:
    """Have every verb that a class offers (`names.Named`) check how it is called, as `called` does."""
    for name in vars(cls)["offered"]:
        verb = getattr_static(cls, name, None)
        if isinstance(verb, staticmethod | classmethod):
            setattr(cls, name, type(verb)(called(verb.__func__)))
        elif isinstance(verb, FunctionType) and not hasattr(verb, "__wrapped__"):
            setattr(cls, name, called(verb))
    return cls


def check_call(name: str, expected: Signature, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Hold the arguments of a call that failed against a signature; return where they fit.

    Raises:
        ArgumentError: they don't fit; the text is the call as it could be, and Python's reason.

    """
    try:
        expected.bind(*args, **kwargs)
    except TypeError as misfit:
        given = [*map(shown, args), *(f"{key}={shown(value)}" for key, value in kwargs.items())]
        inputs = list(map(_bare, expected.parameters.values()))
        call = f"{name}{expected.replace(parameters=inputs, return_annotation=Signature.empty)}"
        unknown = next((key for key in kwargs if key not in expected.parameters), "")
        if len(inputs) > MOST_NAMES:
            call = f"{name}(...) with any of {listed(expected.parameters, unknown, MOST_INPUTS)}"
        why = cut(misfit) + meant(unknown, expected.parameters, "; ")
        raise ArgumentError(name, Written(f"{name}({', '.join(given)})"), call, why) from None


def _bare(parameter: Parameter) -> Parameter:
    """Return a parameter without its annotation, and with "..." for a long default."""
    long = parameter.default is not Parameter.empty and len(repr(parameter.default)) > LONGEST_DEFAULT
    default = Written("...") if long else parameter.default
    return parameter.replace(annotation=Parameter.empty, default=default)


def _construction(cls: type) -> Signature:
    """Return what a class can be called with: its __init__'s parameters, and its bases' where those are passed on."""
    inputs: dict[str, Parameter] = {}
    for init in _inits(cls):
        own = list(signature(init).parameters.values())[1:]
        inputs |= {p.name: p for p in own if p.kind is not Parameter.VAR_KEYWORD and p.name not in inputs}
        if all(p.kind is not Parameter.VAR_KEYWORD for p in own):
            break
    return Signature(sorted(inputs.values(), key=lambda p: (p.kind, p.default is not Parameter.empty)))


def _inits(cls: type) -> Iterator[Callable[..., Any]]:
    return (vars(base)["__init__"] for base in cls.__mro__ if "__init__" in vars(base))


class Written(str):
    """A text that `shown` writes without quotes."""

    __slots__ = ()

    __repr__ = str.__str__
