"""Files and objects that hold a run: `open` takes any of them, `open_file` returns the history in a file."""

from arenalab.opening.open_file import of_recording, of_scenario, open_compared, open_file, open_trace
from arenalab.opening.opened import history_in, open  # noqa: A004  # as gzip.open

__all__ = ["history_in", "of_recording", "of_scenario", "open", "open_compared", "open_file", "open_trace"]
