"""A run in a process of its own: opened once, then asked on its standard input, until that ends.

    python -P -m arenalab.serving.worker file PATH      or: scenario NAME

The first answer says that it is open, or why it can't be; each other one is the JSON list that answers the JSON list
of a page (arenalab/serving/session.py).
"""

from __future__ import annotations

import json
import os
import sys
from typing import IO, TYPE_CHECKING

from arenalab.errors import told
from arenalab.install import require
from arenalab.serving.pipe import DONE, FAILED, received, sent

if TYPE_CHECKING:
    from arenalab.serving.session import Session


def main(kind: str, name: str) -> int:
    """Open and serve a run; what anything here prints goes to stderr, for stdout is for answers."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        session = _opened(kind, name)
    except Exception as trouble:  # noqa: BLE001  # whatever it is, the reader must see it
        sent(answers, FAILED + _told(trouble))
        return 2
    sent(answers, DONE)
    serve(session, sys.stdin.buffer, answers)
    return 0


def _opened(kind: str, name: str) -> Session:
    require("lab", "anywidget", "ipywidgets", "bokeh", "resvg_py")
    from arenalab.scenarios import load_scenario  # noqa: PLC0415  # after `require`
    from arenalab.serving.session import Session  # noqa: PLC0415

    return Session(load_scenario(name) if kind == "scenario" else name, name)


def serve(session: Session, questions: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until nobody asks any more."""
    while (asked := received(questions)) is not None:
        try:
            answer = DONE + json.dumps(session.hear(json.loads(asked))).encode()
        except Exception as trouble:  # noqa: BLE001  # the run stays open whatever one question was
            answer = FAILED + _told(trouble)
        sent(answers, answer)


def _told(trouble: Exception) -> bytes:
    """Return an error as one line, for the pipe."""
    return " ".join(told(trouble).split()).encode(errors="replace")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
