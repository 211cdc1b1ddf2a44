"""What stands in Go's own files' place while a trace is captured: calls of ours, at places found by short anchors."""

from __future__ import annotations

import re
from pathlib import Path

from arenalab.errors import ToolchainError
from arenalab.oracle.own.patch import Call, patched
from arenalab.oracle.toolchain import Toolchain

HERE = Path(__file__).parent
#: Package -> files of ours in it.
ADDED = {"runtime": "arenalab_capture.go", "runtime/trace": "arenalab_audit.go"}
WITH_STACK = 140  #: the number of our event HeapObjectAllocStack: HeapObjectAlloc and its stack.

#: Package -> our calls in it.
CALLS = {
    "runtime": (
        Call("proc.go", "func main()", "gcenable()", "arenalabStart()"),
        Call("proc.go", "func main()", "fn()", "arenalabEnd(captureReturned)"),
        Call("proc.go", "func os_beforeExit(", "", "arenalabEnd(captureExited)"),
        Call("panic.go", "func fatalpanic(", "", "arenalabEnd(capturePanicked)"),
        Call("panic.go", "func fatal(", "", "arenalabFatal()"),
        Call("proc.go", "func goexit1()", "", "arenalabGoexit()"),
        Call("mgc.go", "func clearpools()", "", "if arenalabKeepsPools() { return }"),
        Call("proc.go", "func goschedIfBusy()", "", "if arenalabYields() { return }"),
        Call("trace.go", "func StartTrace(", "", "arenalabAsked()"),
        Call(
            "signal_unix.go", "func sighandler(", "dieFromSignal(sig)", "if arenalabSignal(sig) { return }", before=True
        ),
    ),
    # A cycle before each scope's end, and one after it. What follows ours is never reached.
    "runtime/trace": (
        Call("annotation.go", "func (t *Task) End()", "userTaskEnd(", "arenalabTaskEnd(t.id); return", before=True),
        Call(
            "annotation.go", "func (r *Region) End()", "userRegion(", "arenalabRegionEnd(r.id, r.regionType); return",
            before=True,
        ),
        Call(
            "annotation.go", "func WithRegion(", "defer userRegion(",
            "defer arenalabRegionEnd(id, regionType); fn(); return", before=True,
        ),
    ),
    "testing": (Call("benchmark.go", "func (b *B) run1()", "<-b.signal", "runtime.ArenalabAfter()"),),
    "net/http": (
        Call(
            "server.go", "func (c *conn) serve(", "if _, err := c.bufr.Peek(4)", "runtime.ArenalabRequestEnd()",
            before=True,
        ),
    ),
}  # fmt: skip
_ALLOC = re.compile(
    r"^(func \(tl traceLocker\) HeapObjectAlloc\(.*\n)(\t.*\()(?:tracev2\.|trace)EvHeapObjectAlloc(, .*)\)$",
    re.MULTILINE,
)


def capturing_files(toolchain: Toolchain, folder: Path) -> dict[str, str]:
    """Make the files in `folder`; return which of Go's own each stands for.

    Raises:
        ToolchainError: an anchor is not found exactly once, or this Go is older than 1.23.
    """
    source = toolchain.goroot / "src"
    replace = {str(source / package / name): str(HERE / name) for package, name in ADDED.items()}
    for package, calls in CALLS.items():
        for name, text in patched(source / package, calls).items():
            replace[str(source / package / name)] = _written(
                folder, f"{package.replace('/', '-')}-{name}", text
            )
    events = source / "runtime" / "traceallocfree.go"
    if not events.is_file():
        raise ToolchainError(
            f"{toolchain.version} has no {events}; Go writes allocations into traces since 1.23"
        )
    replace[str(events)] = _written(folder, events.name, with_stacks(events.read_text(encoding="utf-8")))
    return replace


def with_stacks(text: str) -> str:
    """Return the text of Go's traceallocfree.go, with a second event for where stacks are asked for.

    Raises:
        ToolchainError: `HeapObjectAlloc` is not the one statement that it was.
    """
    made, count = _ALLOC.subn(_both, text)
    if count != 1:
        raise ToolchainError(
            "this toolchain's traceallocfree.go does not fit: HeapObjectAlloc is not one statement that writes one "
            "event; a trace can be captured with Go 1.23 to 1.27 (--go PATH|VERSION)"
        )
    return made


def _both(found: re.Match[str]) -> str:
    head, writer, rest = found.groups()
    event = f"\t{writer}{WITH_STACK}{rest}, tl.stack(2))"
    return f"{head}\tif capturing.stacks {{\n{event}\n\t\treturn\n\t}}\n{found[0].removeprefix(head)}"


def _written(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)
