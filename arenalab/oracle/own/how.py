"""How the person's own program is built and run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from arenalab.oracle.own.flags_of_tests import test_arguments
from arenalab.oracle.own.package import RECORDS, Built, Package, Verb
from arenalab.oracle.toolchain import Go


@dataclass(frozen=True)
class How:
    """How a program is to be built and run; what is left out is as the Go command and a shell would have it.

    Attributes:
        go: a Go command or version, when not the one that its module asks for.
        cwd: where `package` is looked for, and where the program runs.
        lower: build it at the toolchain's language level, whatever its go.mod asks for.
        tests: run the tests of the package, whatever it is; its arguments are those of `go test`.
        flags: more flags of `go build`: -race, -asan, -tags=LIST.
        environment: variables of the program that are added or replaced.
        folder: where the program runs, when neither in `cwd` nor, as tests do, in its own folder.
        experiments: of GOEXPERIMENT while it is built, beside the person's own.
        verb: what is done to it.
    """

    go: Go = None
    cwd: Path | None = None
    lower: bool = False
    tests: bool = False
    flags: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    experiments: tuple[str, ...] = ("arenas",)
    verb: Verb = RECORDS

    def package(self, named: str) -> Package:
        """The package that is meant."""
        return Package.of(
            named, self.cwd, lower=self.lower, tests=self.tests, flags=self.flags,
            experiments=self.experiments, verb=self.verb,
        )  # fmt: skip

    def arguments(self, given: Sequence[str]) -> Sequence[str]:
        """The arguments as the program itself takes them."""
        return test_arguments(given, self.cwd or Path.cwd()) if self.tests else given

    def runs_in(self, built: Built) -> Path | None:
        """Where the program runs, None for the current folder."""
        return self.folder or built.runs_in or self.cwd
