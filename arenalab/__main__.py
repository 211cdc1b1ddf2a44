"""`python -m arenalab ...` is `arenalab ...`, for an interpreter whose scripts are not on the path."""

import sys

from arenalab.cli import main

if __name__ == "__main__":
    sys.exit(main())
