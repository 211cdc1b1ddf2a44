"""`arenalab serve FILE`: the explorers on a file, in a browser, without a notebook and without a kernel."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from arenalab.cli_parser import Parser
from arenalab.install import PICTURES, require
from arenalab.progress_line import ProgressLine

ABOUT = """Show a run in a browser: step through it, in any explorer, or in two that move together. No notebook and no
Jupyter is needed. The server answers this machine alone, under an address that nobody can guess; Ctrl-C ends it."""
MOST_PORT = 65_535


def main_serve(argv: Sequence[str]) -> int:
    """Serve a file until it is stopped; return the exit status."""
    options = parser().parse_args(list(argv))
    require("lab", *PICTURES)
    with ProgressLine(after=0) as line:
        line.show(f"opening {options.file}")
        from arenalab.serving.server import Server  # noqa: PLC0415  # the `lab` extra

        server = Server(options.file, str(options.file), port=options.port)
    with server:
        print(f"{options.file}: {server.url}\nCtrl-C ends it.", flush=True)
        if not options.no_browser and not webbrowser.open(server.url):
            print("No browser was found; open the address in one.", file=sys.stderr)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


def parser() -> Parser:
    """Return what it can be asked for."""
    made = Parser.of("serve", ABOUT)
    made.add_argument(
        "file", metavar="FILE", type=Path,
        help="a recording, saved history, trace, scenario or execution trace",
    )  # fmt: skip
    made.add_argument("--no-browser", action="store_true", help="open none: print the address alone")
    made.add_argument(
        "--port", type=port, default=0, metavar="N", help="listen on this port (default: a free one)"
    )
    return made


def port(text: str) -> int:
    """Read the number of a port; 0 is a free one.

    Raises:
        ArgumentTypeError: there is none of that number.

    """
    if not text.isascii() or not text.isdigit() or int(text) > MOST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port, 0 to {MOST_PORT}")
    return int(text)
