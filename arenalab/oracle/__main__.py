"""`python -m arenalab.oracle record|fingerprint|fuzz …`."""

from __future__ import annotations

import sys

from arenalab.oracle.cli import main_record
from arenalab.oracle.cli_fuzz import main_fuzz
from arenalab.oracle.fingerprint import main_fingerprint

COMMANDS = {"record": main_record, "fingerprint": main_fingerprint, "fuzz": main_fuzz}


def main(argv: list[str]) -> int:
    """Run one of the commands; return its exit status."""
    if not argv or argv[0] not in COMMANDS:
        print(f"usage: python -m arenalab.oracle {{{','.join(COMMANDS)}}} ...", file=sys.stderr)
        return 2
    return COMMANDS[argv[0]](argv[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
