"""What a test binary calls the flags of `go test`, and which of them are no test binary's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from arenalab.errors import RecordingError

#: What package testing defines and `go test` takes without "test."; another name is a flag of the tests' own.
TESTING = frozenset(
    {
        "artifacts", "bench", "benchmem", "benchtime", "blockprofile", "blockprofilerate", "count",
        "coverprofile", "cpu", "cpuprofile", "failfast", "fullpath", "list", "memprofile", "memprofilerate",
        "mutexprofile", "mutexprofilefraction", "outputdir", "parallel", "run", "short", "shuffle", "skip",
        "timeout", "trace", "v",
    }
)  # fmt: skip
#: How a binary is built: the recorder has options for some, the Go command reads all of them from GOFLAGS.
OF_THE_BUILD = frozenset(
    {
        "a", "asan", "asmflags", "buildmode", "buildvcs", "compiler", "cover", "covermode", "coverpkg",
        "gccgoflags", "gcflags", "installsuffix", "ldflags", "linkshared", "mod", "modcacherw", "modfile",
        "msan", "n", "overlay", "p", "pgo", "pkgdir", "race", "tags", "toolexec", "trimpath", "work", "x",
    }
)  # fmt: skip
OPTIONS = {"race": "--race", "asan": "--asan", "tags": "--tags LIST"}
#: What `go test` does besides building and running.
OF_GO_TEST = frozenset(
    {
        "C", "c", "exec", "json", "o", "vet",
    }
)  # fmt: skip
#: Those that name a file which the binary writes.
WRITTEN = ("artifacts", "blockprofile", "coverprofile", "cpuprofile", "memprofile", "mutexprofile", "trace")
OUTPUT = "-test.outputdir"
FUZZING = frozenset(
    {
        "fuzz", "fuzzcachedir", "fuzzminimizetime", "fuzztime", "fuzzworker",
    }
)  # fmt: skip


def test_arguments(given: Sequence[str], cwd: Path) -> list[str]:
    """Return what a test binary calls the flags of `go test`: -run is -test.run; after -args all are the test's own.

    As `go test` does, it asks that a test which exits early counts as failed, has profiles written into the folder
    `cwd` in which it was asked, and leaves a flag that it does not know to the tests.

    Raises:
        RecordingError: a flag that only `go test` itself could follow.
    """
    behind = given.index("-args") if "-args" in given else len(given)
    named = list(_written_to(cwd.absolute(), list(_named(given[:behind]))))
    return ["-test.paniconexit0", *named, *given[behind + 1 :]]


def _written_to(cwd: Path, named: Sequence[str]) -> Iterator[str]:
    """Have the binary, which runs in the package's folder, write what it is asked to where `go test` would."""
    if any(each.startswith(tuple(f"-test.{name}" for name in WRITTEN)) for each in named):
        yield f"{OUTPUT}={cwd}"
    for before, each in zip(("", *named), named, strict=False):
        name, _, value = each.partition("=")
        yield (
            str(cwd / each)
            if before == OUTPUT
            else f"{OUTPUT}={cwd / value}"
            if name == OUTPUT and value
            else each
        )


def _named(given: Sequence[str]) -> Iterator[str]:
    for one in given:
        name, equals, value = one.lstrip("-").partition("=")
        if one.startswith("-"):
            _refuse(name.removeprefix("test."))
        yield f"-test.{name}{equals}{value}" if one.startswith("-") and name in TESTING else one


def _refuse(name: str) -> None:
    if name in OPTIONS:
        raise RecordingError(f"-{name} is for the build of the tests; say {OPTIONS[name]} before the --")
    if name in OF_THE_BUILD:
        raise RecordingError(
            f"-{name} is for the build of the tests; set it in GOFLAGS, as in GOFLAGS=-{name}"
        )
    if name in OF_GO_TEST:
        raise RecordingError(
            f"-{name} is for `go test` itself, and the recorder builds and runs the tests in its stead; leave it out"
        )
    if name in FUZZING:
        raise RecordingError(
            f"-{name} runs the tests in processes of their own, and one process is recorded; without it each Fuzz "
            "function gets its seeds"
        )
