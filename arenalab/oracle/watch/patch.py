"""The calls that the recorder puts into a toolchain's own runtime files."""

from __future__ import annotations

from pathlib import Path

from arenalab.oracle.own.patch import Call, patched
from arenalab.oracle.toolchain import Toolchain

HERE = Path(__file__).parent
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


def watching_runtime(toolchain: Toolchain, folder: Path) -> dict[str, str]:
    """The runtime's files that are replaced or added, each with the file that stands for it."""
    runtime = toolchain.goroot / "src" / "runtime"
    replace = {str(runtime / path.name): str(path) for path in sorted(HERE.glob("arenalab_watch*.go"))}
    for name, text in patched(runtime, CALLS).items():
        (folder / name).write_text(text, encoding="utf-8")
        replace[str(runtime / name)] = str(folder / name)
    return replace
