"""ArenaLab as an extension of a Jupyter server: its addresses, and the runs that are open."""

from __future__ import annotations

from jupyter_server.extension.application import ExtensionApp

from arenalab.jupyter.handlers import handlers
from arenalab.jupyter.runs import Runs


class ArenaLab(ExtensionApp):
    """What a Jupyter server loads, and stops when it stops."""

    name = "arenalab"

    def initialize_settings(self) -> None:
        """Begin with no open run."""
        self.settings["arenalab_runs"] = Runs()

    def initialize_handlers(self) -> None:
        """Add our addresses."""
        self.handlers.extend(handlers())

    async def stop_extension(self) -> None:
        """End what is open, so that no process is left."""
        self.settings["arenalab_runs"].close()
