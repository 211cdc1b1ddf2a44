"""ArenaLab in a Jupyter server: what the page needs of it, below /arenalab/.

The wheel puts the page itself (`labextension/built`) and the setting that loads this module where Jupyter looks for
them; so installing ArenaLab is all there is to do.
"""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Return what the server is to load."""
    from arenalab.jupyter.app import ArenaLab  # noqa: PLC0415  # jupyter_server is there where a server asks

    return [{"module": "arenalab.jupyter", "app": ArenaLab}]
