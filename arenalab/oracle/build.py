"""Build the recorder into a Go toolchain, once for each set of types.

The recorder is a Go program of ours plus two files that a build overlay adds to package
runtime. The types a recording uses must be known to the Go compiler (a type made by
`reflect` has another GC program), so a file with them is generated and compiled in. What
was built is kept under a name made of everything it was built from.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from arenalab.errors import ToolchainError
from arenalab.oracle.toolchain import Toolchain, cache_dir
from arenalab.progress_line import ProgressLine

PROBE = Path(__file__).parent / "probe"
MODELLED = "1.21"


def build_recorder(toolchain: Toolchain, types: Sequence[str], declarations: Sequence[str] = ()) -> Path:
    """Return the recorder that knows `types`, building it if it has not been built before.

    Args:
        toolchain: the Go to build with.
        types: Go type expressions; a recording names them by their index.
        declarations: `Name expression` pairs that the expressions may refer to.

    Raises:
        ToolchainError: it is not Go 1.21, or it refused the types.
    """
    return build_program(toolchain, "program", {"pool.go": _pool(types, declarations)})


def build_program(toolchain: Toolchain, name: str, generated: dict[str, str] | None = None) -> Path:
    """Build the Go program `probe/NAME` with the runtime's accessors; reuse an earlier build.

    Args:
        toolchain: the Go to build with.
        name: the program's folder.
        generated: files of that folder to be replaced, with their text.

    Raises:
        ToolchainError: it is not Go 1.21, or the build failed.
    """
    if toolchain.minor != MODELLED:
        raise ToolchainError(
            f"the recorder reads the runtime of Go {MODELLED}, and {toolchain.go} is {toolchain.version}; "
            "name a Go 1.21 with --go PATH"
        )
    generated = generated or {}
    kept = cache_dir() / "recorder" / f"{name}-{_key(toolchain, name, generated)}"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder, ProgressLine(after=0) as line:
            line.show(f"building the recorder with {toolchain.version}; it is kept for the next time")
            made = Path(folder) / "recorder"
            overlay = _overlay(toolchain, name, generated, Path(folder))
            toolchain.run(["build", "-overlay", str(overlay), "-o", str(made), "."], PROBE / name)
            os.replace(made, kept)  # noqa: PTH105  # the atomic one, by its name
    return kept


def _key(toolchain: Toolchain, name: str, generated: dict[str, str]) -> str:
    digest = hashlib.sha256(f"{toolchain.version}\0{toolchain.goroot}".encode())
    for path in _sources(name):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for path_name, text in sorted(generated.items()):
        digest.update(f"{path_name}\0{text}".encode())
    return digest.hexdigest()[:24]


def _sources(name: str) -> list[Path]:
    return sorted((PROBE / "runtime").glob("*.go")) + sorted((PROBE / name).glob("*.*"))


def _overlay(toolchain: Toolchain, name: str, generated: dict[str, str], folder: Path) -> Path:
    replace = {
        str(toolchain.goroot / "src" / "runtime" / path.name): str(path)
        for path in sorted((PROBE / "runtime").glob("*.go"))
    }
    for path_name, text in generated.items():
        made = folder / path_name
        made.write_text(text, encoding="utf-8")
        replace[str(PROBE / name / path_name)] = str(made)
    overlay = folder / "overlay.json"
    overlay.write_text(json.dumps({"Replace": replace}), encoding="utf-8")
    return overlay


def _pool(types: Sequence[str], declarations: Sequence[str]) -> str:
    declared = "".join(f"type {declaration}\n\n" for declaration in declarations)
    entries = "".join(f"\t{{(*({t}))(nil), (*[]({t}))(nil), {json.dumps(json.dumps(t))}}},\n" for t in types)
    uses_unsafe = any("unsafe." in text for text in (*types, *declarations))
    imports = 'import "unsafe"\n\n' if uses_unsafe else ""
    return f"package main\n\n{imports}{declared}var pool = [...]pooled{{\n{entries}}}\n"
