"""Programs too long to be remembered: piece after piece, each with a History of its own.

Rule: a piece's History is a full one; between two pieces the World forgets what only
pictures of the past read (`world.apply_forget`). So memory is bounded by one piece and by what the
program keeps alive, not by how long it runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from arenalab.go.rules import GoRules
from arenalab.go.versions import GO_NEWEST
from arenalab.replay.replay import replay
from arenalab.replay.trace import Trace
from arenalab.world.apply_forget import forget
from arenalab.world.history import History
from arenalab.world.state import World


def replay_stream(
    pieces: Iterable[Trace], rules: GoRules | None = None, *, start: World | None = None
) -> Iterator[History]:
    """Replay a program piece by piece and hand out each piece's History when it is done.

    Objects of earlier pieces are missing from a later piece's ledger; their bits, their chunks, the
    counters and the collector are as ever. Keep no History longer than needed: it holds its piece.

    Raises:
        ScenarioError: an operation makes no sense where it stands; the text names it within its piece.

    """
    for piece in pieces:
        history = replay(piece, rules, start=start)
        yield history
        start = forget(history.world)


def replay_long(pieces: Iterable[Trace], rules: GoRules = GO_NEWEST) -> World:
    """Replay a program piece by piece and return the World at its end, forgotten objects left out."""
    world = World(rules)
    for history in replay_stream(pieces, rules):
        world = history.world
    return forget(world)
