"""Reading single values out of a scenario's tables, with one clear error each."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from arenalab.errors import ScenarioError, listed, shown


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


_GO = re.compile(r"(>=)?\d{1,3}\.\d{1,3}")


def go_of(data: Mapping[str, Any], where: str) -> str:
    """Return the Go versions that a table is about, all when it doesn't say.

    Raises:
        ScenarioError: neither a version nor a first one.

    """
    value = data.get("go", ">=1.21")
    if not isinstance(value, str) or not _GO.fullmatch(value):
        raise ScenarioError(
            f'{where}: go is {shown(value)}; write a version ("1.21") or a first one (">=1.22")'
        )
    return value


def holds_in(versions: str, version: str) -> bool:
    """Return whether a version such as "1.24" is one of versions such as "1.21" or ">=1.22"."""
    wanted = versions.removeprefix(">=")
    return version == wanted or (versions.startswith(">=") and _order(version) >= _order(wanted))


def _order(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
