"""Progress: which exercises were tried and which Go was picked, in one small JSON file in the notebook's folder.

Rules:
1. Only an attempt or a pick writes; looking never does.
2. The file is replaced as a whole or not at all. One that cannot be read is set aside, never overwritten.
3. The first verdict on a question counts; answering the same one again changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from arenalab.asked import path_of
from arenalab.errors import cut, shown
from arenalab.files import written_whole

FILE = "arenalab-progress.json"
EXERCISES, GO = "exercises", "go"  #: keys of its parts.
FORM = "arenalab progress"  #: key of the file's version, so that no other file is taken for one.


class Progress:
    """Verdicts by family and seed, kept in `folder`; read afresh each time, for other notebooks write too."""

    def __init__(self, folder: Path | None = None) -> None:
        """Name the file; it need not exist."""
        self.path = (Path.cwd() if folder is None else path_of("folder", folder)) / FILE

    def read(self) -> tuple[dict[str, dict[str, bool]], str]:
        """Return family -> seed -> whether it was right, and a message when the file is damaged."""
        kept, message = self._kept()
        return kept[EXERCISES], message

    def picked(self, name: str) -> str:
        """Return the version of Go that was picked under a name; "" for none."""
        return str(self._kept()[0][GO].get(name, ""))

    def note(self, family: str, seed: int, *, right: bool) -> str:
        """Keep a verdict; return a message when something is wrong with the file, "" when all is well."""
        kept, message = self._kept()
        if str(seed) in kept[EXERCISES].get(family, {}) and not message:
            return ""
        kept[EXERCISES].setdefault(family, {})[str(seed)] = right
        return self._keep(kept, message)

    def note_pick(self, name: str, version: str) -> str:
        """Keep which Go was picked under a name; return a message when something is wrong with the file."""
        kept, message = self._kept()
        kept[GO][name] = version
        return self._keep(kept, message)

    def told(self, family: str) -> str:
        """Describe how a family went so far; "" before the first attempt."""
        verdicts = self.read()[0].get(family, {})
        return f"{sum(verdicts.values())} of {len(verdicts)} right at the first try" if verdicts else ""

    def _kept(self) -> tuple[dict[str, dict[str, Any]], str]:
        try:
            return _parts(json.loads(self.path.read_text(encoding="utf-8"))), ""
        except FileNotFoundError:
            return {EXERCISES: {}, GO: {}}, ""
        except (OSError, ValueError, RecursionError) as trouble:
            message = (
                f"{self.path.name} cannot be read ({cut(trouble)}); counting starts afresh, and it is kept"
            )
            return {EXERCISES: {}, GO: {}}, message

    def _keep(self, kept: Mapping[str, Any], message: str) -> str:
        try:
            if message:
                message = f"{message} as {self._set_aside().name}"
            self._replace(
                {FORM: 1, **{part: held for part, held in kept.items() if held or part == EXERCISES}}
            )
        except OSError as trouble:
            return f"progress could not be kept: {trouble}"
        return message

    def _set_aside(self) -> Path:
        numbers = ("", *(f"-{number}" for number in range(2, 1000)))
        names = (self.path.with_suffix(f".damaged{number}.json") for number in numbers)
        return self.path.rename(next(path for path in names if not path.exists()))

    def _replace(self, content: Mapping[str, Any]) -> None:
        with written_whole(self.path) as out:
            out.write(json.dumps(content, indent=1, sort_keys=True) + "\n")


def _parts(content: Any) -> dict[str, dict[str, Any]]:
    """Return what a progress file holds; raises ValueError when it is none."""
    if not isinstance(content, dict) or content.get(FORM) != 1:
        raise ValueError("not a progress file")
    exercises: Any = content.get(EXERCISES)
    picks: Any = content.get(GO, {})
    for family, seeds in exercises.items() if isinstance(exercises, dict) else [("", None)]:
        if not isinstance(seeds, dict) or not all(isinstance(right, bool) for right in seeds.values()):
            raise ValueError(f"exercise {shown(family)} makes no sense")
    if not isinstance(picks, dict) or not all(isinstance(version, str) for version in picks.values()):
        raise ValueError(f"{GO} {shown(picks)} makes no sense")
    return {EXERCISES: dict(exercises), GO: picks}
