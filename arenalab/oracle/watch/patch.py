"""Insert our calls into a toolchain's own runtime files, by anchors in their text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from arenalab.errors import ToolchainError
from arenalab.oracle.releases import SUPPORTED


@dataclass(frozen=True)
class Call:
    """One call to insert: into which function of which file, next to which line.

    Attributes:
        file: a file of package runtime.
        function: how the line that declares the function begins.
        anchor: how the line begins next to which the call goes, tabs apart unless it begins with
            one; empty for the declaration itself.
        call: the Go statement.
        before: whether the call goes before that line, or after it.
    """

    file: str
    function: str
    anchor: str
    call: str
    before: bool = False


CHUNK = "func (h *mheap) allocUserArenaChunk()"
FREED = "func freeUserArenaChunk("
SWEEP = "func (sl *sweepLocked) sweep("

CALLS = (
    Call("arena.go", "func newUserArena()", "return a", "arenalabArena(a)", before=True),
    Call("arena.go", "func (a *userArena) alloc(", "return x", "arenalabAlloc(a, typ, cap, x)", before=True),
    Call("arena.go", "func (a *userArena) refill()", "userArenaState.reuse = ", "arenalabGot(a, s)"),
    Call("arena.go", "func (a *userArena) refill()", "\tunlock(", "arenalabWant(a, s)", before=True),
    Call("arena.go", "func (a *userArena) refill()", "x, s = newUserArenaChunk()", "arenalabGot(a, s)"),
    Call("arena.go", "func (a *userArena) free()", "a.defunct.Store(true)", "arenalabFree(a)"),
    Call("arena.go", "func (a *userArena) free()", "userArenaState.reuse = append(", "arenalabReuse(a, s)"),
    Call("arena.go", "func (a *userArena) free()", "a.refs = nil", "arenalabFreed(a)", before=True),
    Call("arena.go", CHUNK, "\tunlock(", "arenalabChunk(base)", before=True),
    Call("arena.go", "func (s *mspan) setUserArenaChunkToFault()", "mheap_.userArena.", "arenalabFault(s)"),
    Call("arena.go", FREED, "userArenaState.fault = append(", "arenalabListed(s)"),
    Call("arena.go", FREED, "userArenaState.fault = nil", "arenalabTook(len(faultList))"),
    Call("debug.go", "func GOMAXPROCS(", "newprocs = int32(n)", "arenalabSetting(watchGOMAXPROCS, n)"),
    Call("mgcpacer.go", "func setGCPercent(", "", "arenalabSetting(watchGOGC, int(in))"),
    Call("mgcpacer.go", "func setMemoryLimit(", "", "arenalabSetting(watchGOMEMLIMIT, int(in))"),
    Call("mgc.go", "func setGCPhase(", "", "arenalabPhase(x)"),
    Call("mgc.go", "func gcMarkTermination(", "systemstack(gcControllerCommit)", "arenalabCycle()"),
    Call("mgcsweep.go", SWEEP, "if s.isUserArenaChunk {", "arenalabKept(s, nalloc)"),
    Call("panic.go", "func fatalpanic(", "gp := getg()", "arenalabEnd(watchPanicked, 0)"),
    Call("panic.go", "func fatalthrow(", "gp := getg()", "arenalabEnd(watchThrew, 0)"),
    Call("proc.go", "func main()", "exit(0)", "arenalabEnd(watchReturned, 0)", before=True),
    Call("proc.go", "func os_beforeExit(", "", "arenalabEnd(watchExit, exitCode)"),
    Call("mgcsweep.go", SWEEP, "mheap_.userArena.readyList.", "arenalabReady(s)"),
)


def patched(runtime: Path, calls: tuple[Call, ...] = CALLS) -> dict[str, str]:
    """The text of each file of `runtime` that gets calls, with them.

    Raises:
        ToolchainError: an anchor is not found exactly once; nothing has been built.
    """
    texts: dict[str, str] = {}
    for call in calls:
        path = runtime / call.file
        try:
            text = texts.get(call.file) or path.read_text(encoding="utf-8")
        except OSError as trouble:
            raise ToolchainError(f"cannot read {path}: {trouble}") from trouble
        texts[call.file] = _insert(text, call)
    return texts


def _insert(text: str, call: Call) -> str:
    lines = text.split("\n")
    start = _only(lines, call.function, 0, len(lines), call)
    end = next((at for at in range(start, len(lines)) if lines[at] == "}"), len(lines))
    at = start
    if call.anchor:
        at = _only(lines, call.anchor, start + 1, end, call)
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip("\t"))]
    if not call.before and lines[at].endswith("{"):
        indent += "\t"
    lines.insert(at if call.before else at + 1, indent + call.call)
    return "\n".join(lines)


def _only(lines: list[str], beginning: str, start: int, end: int, call: Call) -> int:
    exact = beginning.startswith("\t")
    found = [
        at
        for at in range(start, end)
        if (lines[at] if exact else lines[at].lstrip("\t")).startswith(beginning)
    ]
    if len(found) != 1:
        raise ToolchainError(
            f"this toolchain's {call.file} does not fit: a line beginning {beginning!r} in {call.function!r} "
            f"was found {len(found)} times, not once; a program can be recorded with {SUPPORTED} (--go PATH|VERSION)"
        )
    return found[0]
