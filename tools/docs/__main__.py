"""Build the documentation site: `python -m tools.docs [FOLDER]` (default: build/docs). Every warning is an error."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sphinx.cmd.build import build_main

from tools.docs.assemble import assemble
from tools.docs.check import complaints

SOURCES = Path("build/docs-sources")


def build(folder: Path, sources: Path = SOURCES, jobs: str = "auto") -> int:
    """Assemble the sources, have Sphinx build them in so many processes, look at every page; return the exit status."""
    assemble(sources)
    status = build_main(["-q", "-W", "--keep-going", "-j", jobs, str(sources), str(folder)])
    wrong = complaints(folder) if not status else []
    print("\n".join(wrong), file=sys.stderr, end="\n" * bool(wrong))
    return status or int(bool(wrong))


def main(argv: list[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.docs", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/docs"))
    folder = parser.parse_args(argv).folder
    status = build(folder)
    if not status:
        print(f"{len([*folder.rglob('*.html')])} pages: open {folder / 'index.html'}")
    return status


if __name__ == "__main__":
    sys.exit(main())
