"""Reading single values out of a scenario's tables, with one clear error each."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from arenalab.errors import ScenarioError, listed, shown
from arenalab.go.mirror import within
from arenalab.go.versions import VERSIONS


def known(data: Mapping[str, Any], keys: Collection[str], where: str) -> None:
    """Refuse a key that nothing would read.

    Raises:
        ScenarioError: naming it and the keys there are.

    """
    for key in data:
        if key not in keys:
            raise ScenarioError(f"{where}: unknown key {shown(key)}; there is {listed(keys, key)}")


def text(data: Mapping[str, Any], key: str, where: str) -> str:
    """Return a text, "" when absent."""
    value = data.get(key, "")
    if not isinstance(value, str):
        raise ScenarioError(f"{where}: {key} must be a text, not {shown(value)}")
    return value


def texts(data: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    """Return a list of texts, empty when absent."""
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise ScenarioError(f"{where}: {key} must be a list of texts, not {shown(value)}")
    return tuple(value)


def table(data: Mapping[str, Any], key: str, where: str) -> dict[str, Any]:
    """Return a table, empty when absent."""
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise ScenarioError(f"{where}: {key} must be a table, not {shown(value)}")
    return value


def tables(data: Mapping[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    """Return a list of tables, empty when absent."""
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise ScenarioError(f"{where}: {key} must be a list of tables, not {shown(value)}")
    return value


def is_whole(value: Any) -> bool:
    """Return whether a value is a whole number (TOML's true is none)."""
    return isinstance(value, int) and not isinstance(value, bool)


_VERSION = r"\d{1,3}\.\d{1,3}"
#: "1.21", ">=1.22", "<1.24", ">=1.22,<1.24".
_GO = re.compile(
    rf"(?P<only>{_VERSION})|(?=[<>])(?:>=(?P<since>{_VERSION}))?(?:(?(since),)<(?P<until>{_VERSION}))?"
)
FIRST_GO = "1.21"  #: the first Go that has arenas and is modelled.


def go_of(data: Mapping[str, Any], where: str) -> str:
    """Return the Go versions that a table is about, all when it doesn't say.

    Raises:
        ScenarioError: neither a version nor a range of them, or a range without one.

    """
    value = data.get("go", f">={FIRST_GO}")
    if not isinstance(value, str) or not _GO.fullmatch(value) or not holds_in(value, first_of(value)):
        raise ScenarioError(
            f'{where}: go is {shown(value)}; write a version ("1.21"), a first one (">=1.22"), '
            f'the first that does otherwise ("<1.24") or both (">=1.22,<1.24")'
        )
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
