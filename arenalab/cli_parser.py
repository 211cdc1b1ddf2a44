"""The parser of every command: what is wrong with the arguments is one line, and where to read more."""

from __future__ import annotations

import argparse
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose error is one line; exit status 2."""

    def error(self, message: str) -> NoReturn:
        """End the process with one line on stderr."""
        self.exit(2, f"{self.prog}: {message}; try {self.prog} --help\n")
