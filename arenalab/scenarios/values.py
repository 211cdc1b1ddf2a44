"""Reading single values out of a scenario's tables, with one clear error each."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from arenalab.errors import ArgumentError, ScenarioError, listed, shown
from arenalab.go.mirror import within
from arenalab.go.versions import VERSIONS


def known(data: Mapping[str, Any], keys: Collection[str], where: str) -> None:
    """Refuse a key that nothing would read.

    Raises:
        ScenarioError: naming it and the keys there are.

    """
    for key in data:
        if key not in keys:
            raise ScenarioError(f"{where}: unknown key {shown(key)}; expected one of: {listed(keys, key)}")


def refused(where: str, key: str, given: Any, expected: str) -> ScenarioError:
    """Return the error that says what a key holds that it may not."""
    return ScenarioError(f"{where}: {ArgumentError(key, given, expected)}")


def _reader(kind: Any, expected: str, of: type = object) -> Callable[[Mapping[str, Any], str, str], Any]:
    """Make what returns a key's value, an empty one when absent, and refuses another kind; `of` is a list's."""

    def read(data: Mapping[str, Any], key: str, where: str) -> Any:
        value: Any = data.get(key, kind())
        if not isinstance(value, kind) or (kind is list and not all(isinstance(each, of) for each in value)):
            raise refused(where, key, value, expected)
        return value

    return read


text = _reader(str, "a text")
texts = _reader(list, "a list of texts", str)
table = _reader(dict, "a table")
tables = _reader(list, "a list of tables", dict)


def is_whole(value: Any) -> bool:
    """Return whether a value is a whole number (TOML's true is none)."""
    return isinstance(value, int) and not isinstance(value, bool)


_VERSION = r"\d{1,3}\.\d{1,3}"
#: "1.21", ">=1.22", "<1.24", ">=1.22,<1.24".
_GO = re.compile(
    rf"(?P<only>{_VERSION})|(?=[<>])(?:>=(?P<since>{_VERSION}))?(?:(?(since),)<(?P<until>{_VERSION}))?"
)
FIRST_GO = "1.21"  #: the first Go that has arenas and is modelled.
EVERY_GO = f">={FIRST_GO}"  #: what is meant where no version is named.


def go_of(data: Mapping[str, Any], where: str) -> str:
    """Return the Go versions that a table is about, all when it doesn't say.

    Raises:
        ScenarioError: neither a version nor a range of them, or a range without one.

    """
    value = data.get("go", EVERY_GO)
    if not isinstance(value, str) or not _GO.fullmatch(value) or not holds_in(value, first_of(value)):
        first, both = 'a version ("1.21"), a first one (">=1.22")', 'the first that does otherwise ("<1.24")'
        raise refused(where, "go", value, f'{first}, {both} or both (">=1.22,<1.24")')
    return value


def first_of(versions: str) -> str:
    """Return the first version of versions such as "1.21", ">=1.22" or "<1.24"."""
    found = _asked(versions)
    return found["only"] or found["since"] or FIRST_GO


def newest_of(versions: str) -> str:
    """Return the newest modelled version of versions such as ">=1.22"; where none is modelled, the first."""
    return next((each for each in reversed(VERSIONS) if holds_in(versions, each)), first_of(versions))


def holds_in(versions: str, version: str) -> bool:
    """Return whether a version such as "1.24" is one of versions such as "1.21", ">=1.22" or ">=1.22,<1.24"."""
    found = _asked(versions)
    if found["only"]:
        return version == found["only"]
    return within(version, found["since"] or FIRST_GO, found["until"] or "")


def _asked(versions: str) -> re.Match[str]:
    found = _GO.fullmatch(versions)
    if found is None:
        raise ScenarioError(f"{shown(versions)} is neither a version of Go nor a range of them")
    return found
