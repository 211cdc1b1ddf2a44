"""The commands of `arenalab`: each named once, with where it lives, so that a list of them loads none.

Rule: what all commands have in common stands here: groups, examples, exit statuses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NamedTuple

#: What the exit status of every command means; a command's own 1 stands in its row.
DONE, DIFFERS, REFUSED, INTERRUPTED = 0, 1, 2, 130
STATUSES = {
    DONE: "done; what was compared agrees",
    DIFFERS: "done, and something differs (or nothing was there to compare)",
    REFUSED: "refused: bad input, a missing file or a part that is not installed; stderr says which",
    INTERRUPTED: "interrupted by Ctrl-C; no file is left half-written",
}
ENDED_AS_THE_PROGRAM = "of a program of your own, the status is the program's"

RUNS = "look at a run"
GO = "compare the model with real Go"
PROGRAMS = "any Go program"
LEARN = "learn and make"
SHELL = "your shell"


class Command(NamedTuple):
    """A command: `home` is "module:function", which takes the arguments and returns the exit status."""

    name: str
    group: str
    what: str  #: one line.
    home: str
    examples: tuple[str, ...]  #: command lines; what follows two spaces and a # says what for.
    differs: str = ""  #: what exit status 1 means; "" where it has none.
    status: str = ""  #: a sentence about other statuses.

    @property
    def run(self) -> Callable[[Sequence[str]], int]:
        """Load the command."""
        module, _, function = self.home.partition(":")
        found: Callable[[Sequence[str]], int] = getattr(import_module(module), function)
        return found


_ALL = (
    Command(
        "open", RUNS, "what a file is, and what is in it", "arenalab.cli_open:main_open",
        ("arenalab open run.jsonl", "arenalab open --json x.trace"),
    ),
    Command(
        "report", RUNS, "what a run made of its arenas, in words", "arenalab.cli_report:main_report",
        ("arenalab report run.jsonl", "arenalab report run.jsonl --at 0x40c0190219b0  # whose address that was"),
        "something outlived its arena, or the model differs from what was recorded",
    ),
    Command(
        "serve", RUNS, "step through a run in a browser, no notebook needed (extra `lab`)",
        "arenalab.cli_serve:main_serve",
        ("arenalab serve run.jsonl", "arenalab serve run.jsonl --no-browser --port 8080  # prints the address"),
    ),
    Command(
        "lab", RUNS, "show a file in JupyterLab (extra `lab`)", "arenalab.cli_lab:main_lab",
        ("arenalab lab run.jsonl", "arenalab lab run.jsonl --no-browser --port 9999"),
    ),
    Command(
        "check", GO, "recordings beside the model, scenarios beside what they expect",
        "arenalab.cli_check:main_check",
        ("arenalab check run.jsonl", "arenalab check --jobs 4 recordings/  # whole folders, in four processes",
         "arenalab check my.toml --real  # the scenario in real Go, too"),
        "a difference, an expectation that does not hold, or nothing to compare",
    ),
    Command(
        "record", GO, "record what real Go does (extra `go`)", "arenalab.oracle.cli:main_record",
        ("arenalab record my.toml -o run.jsonl", "arenalab record --seed new --go 1.27 -o run.jsonl",
         "arenalab record --program ./cmd/server -o run.jsonl -- -its flags"),
        "the recorded program died", ENDED_AS_THE_PROGRAM,
    ),
    Command(
        "fuzz", GO, "hunt for differences between the model and real Go (extra `go`)",
        "arenalab.oracle.cli_fuzz:main_fuzz",
        ("arenalab fuzz --minutes 5", "arenalab fuzz --seed 7 --go all"),
        "a difference, or nothing was compared",
    ),
    Command(
        "explore", GO, "every small program in the model, each state once: is a held pointer safe?",
        "arenalab.cli_search:main_search",
        ("arenalab explore --minutes 5", "arenalab explore --arenas 3 --holds 2 --links --start recycled --jobs 2",
         "arenalab explore --by-hand --go 1.21 --depth 9 --save search.npz  # --resume search.npz goes on"),
        "a program was found that breaks a property",
    ),
    Command(
        "go", GO, "get the Go toolchains that recordings are made with", "arenalab.oracle.installed:main_go",
        ("arenalab go list", "arenalab go install 1.27"), "two toolchains differ",
    ),
    Command(
        "trace", PROGRAMS, "would an arena help a program? from its execution trace", "arenalab.cli_trace:main_trace",
        ("arenalab trace x.trace", "arenalab trace x.trace --html report.html",
         "arenalab trace --json --jobs 4 *.trace  # an object a line, four at a time",
         "arenalab trace capture -- ./cmd/tool  # gets such a trace"),
        "the trace holds no scope",
    ),
    Command(
        "costs", PROGRAMS, "measure what values, arenas and collections cost here (extra `go`)",
        "arenalab.cli_costs:main_costs", ("arenalab costs --quick", "arenalab costs --show"),
    ),
    Command(
        "type", LEARN, "lay a Go type out: size, offsets, pointer bits (extra `types`)",
        "arenalab.cli_type:main_type",
        ("arenalab type '[4]struct{ p *int; n int }'", "arenalab type 'type Node struct { next *Node; n int }'"),
    ),
    Command(
        "course", LEARN, "your own copy of the course in JupyterLab (extra `lab`)", "arenalab.cli_course:main_course",
        ("arenalab course", "arenalab course ~/arenas --no-browser  # only print the address",
         "arenalab course --copy-only  # copy it, or bring the copy up to date, and open nothing"),
    ),
    Command(
        "new", LEARN, "start a lesson of your own: notebook, scenario, exercise (extra `lab`)",
        "arenalab.cli_new:main_new",
        ("arenalab new lesson who-gets-the-chunk", "arenalab new lesson who-gets-the-chunk --folder lessons --py"),
    ),
    Command(
        "completion", SHELL, "a script that completes commands in your shell",
        "arenalab.cli_completion:main_completion",
        ('eval "$(arenalab completion bash)"  # now; or, for good:',
         "arenalab completion bash > ~/.local/share/bash-completion/completions/arenalab",
         'arenalab completion zsh > "${fpath[1]}/_arenalab"',
         "arenalab completion fish > ~/.config/fish/completions/arenalab.fish"),
    ),
)  # fmt: skip
#: Name -> command, in the order in which they are listed.
COMMANDS = {command.name: command for command in _ALL}
#: Commands of a command, which `COMMANDS` does not list.
PARTS = {
    "trace capture": Command(
        "trace capture", PROGRAMS, "get an execution trace of a Go program that nobody changed",
        "arenalab.cli_capture:main_capture",
        ("arenalab trace capture -- ./cmd/tool -its flags",
         "arenalab trace capture -o x.trace --seconds 5 -- ./server  # or end it with Ctrl-C",
         "arenalab trace capture --test ./codec -bench Decode  # 100 iterations, a goroutine each",
         "arenalab trace capture --url localhost:6060 --seconds 5  # a server that runs already"),
        "", ENDED_AS_THE_PROGRAM,
    ),
}  # fmt: skip


def command_of(prog: str) -> Command:
    """Return the command of a program's name such as "arenalab trace capture"."""
    name = prog.removeprefix("arenalab ")
    return PARTS[name] if name in PARTS else COMMANDS[name]
