"""Options that commands have in common which build and run a person's own Go program."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_running(own: argparse._ArgumentGroup) -> None:
    """Add where it runs, and in what."""
    own.add_argument(
        "--env",
        action="append",
        type=variable,
        default=[],
        metavar="NAME=VALUE",
        help="of the program; repeatable",
    )
    own.add_argument("--dir", dest="folder", type=folder, metavar="FOLDER", help="where the program runs")


def add_building(own: argparse._ArgumentGroup) -> None:
    """Add how it is built."""
    own.add_argument("--tags", metavar="LIST", help="build tags, as `go build` takes them")
    own.add_argument(
        "--lower-go",
        action="store_true",
        help="try a module that asks for a newer Go at the language level of this one",
    )


def how_of(options: argparse.Namespace, *flags: str) -> dict[str, Any]:
    """Return how it is built, with more flags of `go build`, and run, as `How` takes it."""
    return {
        "go": options.go,
        "lower": options.lower_go,
        "flags": (*flags, *([f"-tags={options.tags}"] if options.tags else [])),
        "environment": dict(options.env),
        "folder": options.folder,
    }


def variable(text: str) -> tuple[str, str]:
    """Read NAME=VALUE."""
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"must be NAME=VALUE, not {text!r}")
    return name, value


def folder(text: str) -> Path:
    """Read the name of a folder that is there."""
    path = Path(text).absolute()
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {text}")
    return path


def count(text: str) -> int:
    """Read a number of runs or operations."""
    number = int(text)
    if not 0 <= number <= 1_000_000:
        raise argparse.ArgumentTypeError("must be from 0 to 1,000,000")
    return number


def megabytes(text: str) -> int:
    """Read a limit in MB."""
    number = int(text)
    if not 1 <= number <= 65_536:
        raise argparse.ArgumentTypeError("must be from 1 to 65,536")
    return number


def seconds(text: str) -> float:
    """Read a time in seconds."""
    number = float(text)
    if not 0 < number <= 1_000_000:
        raise argparse.ArgumentTypeError("must be above 0 and at most 1,000,000")
    return number
