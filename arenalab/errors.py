"""Who erred: the program that is modelled, the person who asked, or ArenaLab itself.

* `GoPanic`, `GoThrow`, `GoFault`: the modelled Go program did wrong, with Go's exact text.
* `ScenarioError` and its kin: the request or the file is wrong; the text says what, where, what to do.
* `ModelBug`: one of ArenaLab's own rules was broken; never the reader's fault.
"""

from __future__ import annotations


class ArenaLabError(Exception):
    """Base of every error that ArenaLab raises on purpose."""


class GoError(ArenaLabError):
    """What the Go runtime would report; `text` is Go's exact wording, `why` is ours."""

    def __init__(self, text: str, why: str = "") -> None:
        """Keep Go's `text` and our explanation `why` (the condition that led here)."""
        super().__init__(text)
        self.text = text
        self.why = why


class GoPanic(GoError):
    """A recoverable panic (Go prints `panic: TEXT`, exit status 2 when not recovered)."""


class GoThrow(GoError):
    """A fatal, unrecoverable throw (Go prints `fatal error: TEXT`, exit status 2)."""


class GoFault(GoError):
    """A memory fault: the program touched an address that it may not touch any more."""


class ScenarioError(ArenaLabError):
    """An operation, scenario or setting that makes no sense; the text says what to change."""


class RecordingError(ArenaLabError):
    """A recording that cannot be read; the text names the file, the line and the trouble."""


class TypeTextError(ScenarioError):
    """A Go type text that cannot be read or that Go refuses; says where, why and what was expected."""

    def __init__(self, reason: str, line: int, column: int, expected: tuple[str, ...] = ()) -> None:
        """Keep Go's `reason`, the place (1-based `line` and `column`) and what could stand there."""
        wanted = f"; expected {' or '.join(expected)}" if expected else ""
        super().__init__(f"line {line}, column {column}: {reason}{wanted}")
        self.reason = reason
        self.line = line
        self.column = column
        self.expected = expected


class MissingExtraError(ArenaLabError, ImportError):
    """A part of ArenaLab whose libraries are not installed; the text is the command that installs them."""


class HistoryError(ArenaLabError):
    """A saved history that cannot be read; the text names the file, the line and the trouble."""


class ModelBug(ArenaLabError):  # noqa: N818  # a bug is what it is; "Error" would hide who erred
    """A law of the model was broken: report it, with the story it carries."""


class ToolchainError(ArenaLabError):
    """No usable Go toolchain, or it refused to build; the text says what to install or change."""
