"""Who erred: the program that is modelled, the person who asked, or ArenaLab itself.

* `GoPanic`, `GoThrow`, `GoFault`, `SanitizerReport`: the modelled Go program did wrong, with Go's exact text.
* `ScenarioError` and its kin: the request or the file is wrong; the text says what, where, what to do.
* `ModelBug`: one of ArenaLab's own rules was broken; never the reader's fault.
"""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import NamedTuple

LONGEST_NAME = 60  #: characters of a name that an error lists.
LONGEST_LIST = 300  #: characters of all of them.
NEAREST = 12  #: names that an error lists where there are too many.
LIKE = 0.7  #: how like a name must be to be one that may have been meant, from 0 to 1.


class ArenaLabError(Exception):
    """Base of every error that ArenaLab raises on purpose."""


class Signal(NamedTuple):
    """The memory fault behind an error: 1 nothing is mapped there, 2 it may not be touched."""

    code: int  #: 1 or 2, as above.
    addr: int  #: address that was touched.

    def __str__(self) -> str:
        """Write it as Go does, without the code address."""
        return f"[signal SIGSEGV: segmentation violation code={self.code:#x} addr={self.addr:#x}]"


class GoError(ArenaLabError):
    """What the Go runtime would report; `text` is Go's exact wording, `why` is ours."""

    exit_code = 2  #: of the process, when nothing recovers.

    def __init__(self, text: str, why: str = "", *, signal: Signal | None = None) -> None:
        """Keep Go's `text`, our explanation `why` (the condition that led here), the fault if one did."""
        super().__init__(text)
        self.text = text
        self.why = why
        self.signal = signal

    def printed(self) -> str:
        """Return what the dying process prints before its goroutines."""
        return "\n".join(filter(None, (*self._lines(), str(self.signal or ""))))

    def _lines(self) -> tuple[str, ...]:
        return (self.text,)


class GoPanic(GoError):
    """A recoverable panic (Go prints `panic: TEXT`, exit status 2 when not recovered)."""

    def __init__(
        self, text: str, why: str = "", *, go_type: str = "string", signal: Signal | None = None
    ) -> None:
        """Keep also `go_type`, the Go type of the value that recover returns."""
        super().__init__(text, why, signal=signal)
        self.go_type = go_type

    @property
    def runtime_error(self) -> bool:
        """Whether the value is a runtime.Error; the runtime panics with those or with plain strings."""
        return self.go_type != "string"

    def _lines(self) -> tuple[str, ...]:
        return (f"panic: {self.text}",)


class GoThrow(GoError):
    """A fatal, unrecoverable throw (Go prints `fatal error: TEXT`, exit status 2)."""

    def __init__(self, text: str, why: str = "", *, before: str = "", signal: Signal | None = None) -> None:
        """Keep also `before`, the line that the runtime prints first."""
        super().__init__(text, why, signal=signal)
        self.before = before

    def _lines(self) -> tuple[str, ...]:
        return (self.before, f"fatal error: {self.text}")


class GoFault(GoError):
    """A memory fault: the program touched an address that it may not touch (`fatal error: fault`)."""

    def _lines(self) -> tuple[str, ...]:
        return (self.text, "fatal error: fault")


class SanitizerReport(GoError):
    """What the asan or msan of a sanitizer build reports before it ends the process."""

    exit_code = 1

    def __init__(self, text: str, why: str = "", *, tool: str, signal: Signal | None = None) -> None:
        """Keep also `tool`, "asan" or "msan", and the address in `signal`."""
        super().__init__(text, why, signal=signal)
        self.tool = tool

    def printed(self) -> str:
        """Return the line that names the trouble."""
        return self.text


class ScenarioError(ArenaLabError):
    """An operation, scenario or setting that makes no sense; the text says what to change."""


class ArgumentError(ScenarioError):
    """An argument of the wrong kind or outside its range: `name`, what was `given`, what was `expected`."""

    def __init__(self, name: str, given: object, expected: str, why: str = "") -> None:
        """Keep the argument's `name`, the value `given`, the text `expected`; `why` adds what is so now."""
        super().__init__(f"{name}: got {shown(given)}; expected {expected}{f' ({why})' if why else ''}")
        self.name = name
        self.given = given
        self.expected = expected


class NoSuchError(ArgumentError, IndexError):
    """A number or name of something that does not exist: a chunk, an operation, an event, an object."""


class NoSuchNameError(NoSuchError, AttributeError):  # type: ignore[misc]  # both have a `name`: whose it was
    """A name after a dot that does not exist: a verb, a field of a struct; the text says which there are."""


def meant(given: object, there: Collection[str], before: str = " ", behind: str = "") -> str:
    """Return "did you mean X?" between two texts, where a name is like what was given, in whatever case; else ""."""
    names = {name.lower(): name for name in there}
    near = get_close_matches(given.lower(), names, 1, LIKE) if isinstance(given, str) else []
    return f"{before}did you mean {names[near[0]]}?{behind}" if near else ""


def shown(value: object, most: int = 80) -> str:
    """Write a value that somebody gave, in at most so many characters, whatever its own `repr` does."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001  # a stranger's __repr__ may raise anything; ints beyond 4300 digits do
        return f"a {type(value).__name__} too large or unable to be printed"
    return cut(text, most)


def cut(text: object, most: int = 400) -> str:
    """Write a text that may quote a file, such as Python's reason, in one printable line, shortened."""
    line = " ".join(str(text).encode("utf-8", "backslashreplace").decode().split())
    return line if len(line) <= most else f"{line[: most - 3]}..."


def reason(error: Exception) -> str:
    """Return why a file can't be read, without its name, which stands before it anyway."""
    return getattr(error, "strerror", None) or cut(error)


def told(error: Exception) -> str:
    """Return an error as a reader sees it; one that is not ours with its kind."""
    return str(error) if isinstance(error, ArenaLabError) else f"{type(error).__name__}: {error}"


def listed(there: Collection[object], given: object = "", most: int = 30) -> str:
    """Write the names there are, "none" without any; of more than `most` those most like a text given."""
    names = [cut(name, LONGEST_NAME) for name in there]
    if len(names) <= most:
        return cut(", ".join(names), LONGEST_LIST) or "none"
    near = (
        get_close_matches(shown(given), names, NEAREST, cutoff=0)
        if isinstance(given, str)
        else names[:NEAREST]
    )
    return f"{cut(', '.join(near), LONGEST_LIST)}, … ({len(names)} in all)"


class RecordingError(ArenaLabError):
    """A recording that cannot be read; the text names the file, the line and the trouble."""


class TypeTextError(ScenarioError):
    """A Go type text that cannot be read or that Go refuses; says where, why and what was expected."""

    def __init__(self, reason: str, line: int, column: int, expected: tuple[str, ...] = ()) -> None:
        """Keep Go's `reason`, the place (1-based `line` and `column`) and what could stand there."""
        reason = cut(reason, 200)
        wanted = f"; expected {' or '.join(expected)}" if expected else ""
        super().__init__(f"line {line}, column {column}: {reason}{wanted}")
        self.reason = reason
        self.line = line
        self.column = column
        self.expected = expected


class MissingExtraError(ArenaLabError, ImportError):
    """A part of ArenaLab whose libraries are not installed; the text is the command that installs them."""


class TraceError(ArenaLabError):
    """A trace file that cannot be read; the text names the file, the column or byte, and the trouble."""


class CutOffError(TraceError):
    """A trace file that ends before it should; `generation` is the one that is not whole, None where none is."""

    def __init__(self, text: str) -> None:
        """Describe what is missing; which generation it was, and where it began, is added by who counts them."""
        super().__init__(text)
        self.generation: int | None = None
        self.began = 0  #: place in the file of the generation's first byte.


class HistoryError(ArenaLabError):
    """A saved history that cannot be read; the text names the file, the line and the trouble."""


class ModelBug(ArenaLabError):  # a bug is what it is; "Error" would hide who erred
    """A law of the model was broken: report it, with the story it carries."""


class ToolchainError(ArenaLabError):
    """No usable Go toolchain, or it refused to build; the text says what to install or change."""
