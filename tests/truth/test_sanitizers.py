"""What `touch` says for the plain, race and asan builds is what those builds of real Go do.

msan is not among them: it needs clang, and nothing here has verified what the model says of it. In the
plain build a field is read at once; elsewhere the pointer's own first byte is, for the nil check.
"""

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from arenalab.machine.machine import Machine
from arenalab.oracle.toolchain import find_toolchain
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.touch import Pointer
from tests.strategies import GC_OFF

pytestmark = [pytest.mark.go, pytest.mark.slow]
SOURCE = Path(__file__).parent.parent / "data" / "sanitizers"
NODE, BYTE = type_of("struct{ next *int; value int }"), type_of("byte")
LIVE = (ops.NewArena(0), ops.New(0, NODE), ops.MakeSlice(0, BYTE, 16))
FULL = (*LIVE, *[ops.MakeSlice(0, BYTE, 2**21)] * 4, ops.Free(0))

#: what is touched -> (program before it, pointer, whether it is written)
TOUCHES = {
    "read live": (LIVE, Pointer(0), False),
    "read after the last object": (LIVE, Pointer(1, 16), False),
    "read the free middle": (LIVE, Pointer(0, 4096), False),
    "read freed active": ((*LIVE, ops.Free(0)), Pointer(0), False),
    "write freed active": ((*LIVE, ops.Free(0)), Pointer(0), True),
    "read freed full": (FULL, Pointer(0), False),
}
FIELD = Pointer(0, 8)


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Return a function that builds the program in a mode, once."""
    go, folder, built = find_toolchain().go, tmp_path_factory.mktemp("sanitizers"), {}
    shutil.copytree(SOURCE, folder, dirs_exist_ok=True)
    environment = {**os.environ, "GOEXPERIMENT": "arenas", "CGO_ENABLED": "1", "GOFLAGS": ""}

    def make(mode):
        if mode not in built:
            flags = [] if mode == "plain" else [f"-{mode}"]
            done = subprocess.run([str(go), "build", *flags, "-o", mode, "."], cwd=folder, env=environment,
                                  capture_output=True, text=True, check=False)  # fmt: skip
            if done.returncode:
                pytest.skip(f"no C compiler with -{mode} for this Go: {done.stderr.splitlines()[-1]}")
            built[mode] = folder / mode
        return built[mode]

    return make


@pytest.mark.timeout(600)
def test_asan_reports_where_the_compiler_knows_that_the_pointer_is_not_nil(build):
    name = "write freed active, known not to be nil"
    done = subprocess.run([str(build("asan")), name], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, "use-after-poison on address 0x40c000000008" in done.stderr) == (1, True)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mode", ["plain", "race", "asan"])
@pytest.mark.parametrize("name", TOUCHES)
def test_touch_ends_as_in_real_go(name, mode, build):
    program, pointer, write = TOUCHES[name]
    machine = Machine(replace(GC_OFF, build_mode=mode))
    machine.run(program)
    pointer = FIELD if write and mode == "plain" else pointer
    found = machine.touch(pointer, write=write)
    done = subprocess.run([str(build(mode)), name], capture_output=True, text=True, check=False, timeout=60)
    said = found.error.printed().splitlines()[0] if found.error else ""
    assert done.returncode == (found.error.exit_code if found.error else 0)
    assert said in done.stderr
    assert bool(said) == bool(done.stderr)
