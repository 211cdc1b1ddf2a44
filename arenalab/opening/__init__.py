"""Files: `open_file` returns the history in a recording, a saved history, a trace or a scenario."""

from arenalab.opening.open_file import of_recording, of_scenario, open_compared, open_file

__all__ = ["of_recording", "of_scenario", "open_compared", "open_file"]
