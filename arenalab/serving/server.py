"""A server of one run on this machine alone, for a browser on this machine alone.

Rules:
1. It listens on 127.0.0.1, and whatever it answers lies below a random path: no other page of the browser, no other
   user of the machine can guess it. A request that names another host (a name made to point here) is refused.
2. Each page that is open has a session of its own over the one run; they speak in turn.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import RLock
from typing import Any
from urllib.parse import parse_qs, urlsplit

from arenalab.errors import ScenarioError, told
from arenalab.opening.opened import Source
from arenalab.serving.assets import SCRIPT, page, script
from arenalab.serving.session import Session

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
MOST_VIEWS = 16  #: pages that are open; of more, the one that spoke longest ago has to be loaded again.
MOST_POSTED = 10_000_000  #: bytes of what a page says at once.
OLD = "This page was forgotten, for many others were opened since; load it again."
HTML, JAVASCRIPT, JSON, TEXT = "text/html", "text/javascript", "application/json", "text/plain"
#: A page runs what came from here alone; BokehJS makes functions of texts, pictures are saved from blobs.
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval'; img-src 'self' data: blob:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
Answer = tuple[HTTPStatus, str, str]  #: status, kind, text.


class Server(ThreadingHTTPServer):
    """Serves one run until it is stopped; `url` is where.

    Args:
        source: what `arenalab.open` takes; `name` is what the page calls it.
        port: 0 takes a free one.

    Raises:
        ArenaLabError: the run can't be opened, or the port is taken.

    """

    daemon_threads = True

    def __init__(self, source: Source, name: str, *, port: int = 0) -> None:
        """Open the run and listen."""
        self.first: Session | None = Session(source, name)  #: which the first page gets
        self.run, self.name = self.first.run, name
        self.path = f"/{secrets.token_urlsafe(16)}/"
        self.views: dict[str, Session] = {}
        self.turn = RLock()
        try:
            super().__init__((HOST, port), Handler)
        except OSError as trouble:
            raise ScenarioError(
                f"port {port}: {trouble.strerror}; name another with --port, or none"
            ) from None
        self.url = f"http://{HOST}:{self.server_address[1]}{self.path}"

    def hear(self, view: str, contents: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
        """Do what the page of a view says and return the answer; None when it is not known any more."""
        with self.turn:
            session = self.views.pop(view, None)
            if session is None:
                if not contents or contents[0].get("kind") not in {"session", "explorer"}:
                    return None
                session, self.first = self.first or Session(self.run, self.name), None
            self.views[view] = session  # the one that spoke last stands last
            while len(self.views) > MOST_VIEWS:
                self.forget(next(iter(self.views)))
            return session.hear(contents)

    def forget(self, view: str) -> None:
        """Close a view; one that is not there is closed already."""
        with self.turn:
            session = self.views.pop(view, None)
            if session is not None:
                session.close()

    def handle_error(self, *_: Any) -> None:
        """Report nothing about a page that went away in the middle of an answer."""


class Handler(BaseHTTPRequestHandler):
    """Answers one page's requests."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 600

    def do_GET(self) -> None:
        """Give the page, or its script."""
        self._give(self._got())

    def do_POST(self) -> None:
        """Hear what a page says, or that it closes."""
        self._give(self._posted())

    def log_message(self, *_: Any) -> None:
        """Print nothing about requests."""

    def _got(self) -> Answer:
        if not self._is_ours():
            return _refused()
        found: dict[str, tuple[str, Callable[[], str]]] = {
            "": (HTML, lambda: page(self.server.name)),
            SCRIPT: (JAVASCRIPT, script),
        }
        name = urlsplit(self.path).path.removeprefix(self.server.path)
        if name not in found:
            return HTTPStatus.NOT_FOUND, TEXT, "There is no such page."
        kind, text = found[name]
        return HTTPStatus.OK, kind, text()

    def _posted(self) -> Answer:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MOST_POSTED:
            self.close_connection = True
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TEXT, "The page said too much at once."
        said, asked = self.rfile.read(int(length)), urlsplit(self.path)
        given = parse_qs(asked.query)
        view = given.get("view", [""])[0]
        if not self._is_ours() or asked.path != f"{self.server.path}send" or not view:
            return _refused()
        if "close" in given:
            self.server.forget(view)
            return HTTPStatus.OK, JSON, "[]"
        return self._heard(view, said)

    def _heard(self, view: str, said: bytes) -> Answer:
        """Answer what the page of a view says."""
        try:
            contents = [dict(content) for content in json.loads(said)]
        except (ValueError, TypeError, RecursionError):
            return HTTPStatus.BAD_REQUEST, TEXT, "Expected a JSON list of objects."
        try:
            answer = self.server.hear(view, contents)
        except Exception as error:  # noqa: BLE001  # whatever it is, the reader must see it
            return HTTPStatus.INTERNAL_SERVER_ERROR, TEXT, told(error)
        return (
            (HTTPStatus.CONFLICT, TEXT, OLD) if answer is None else (HTTPStatus.OK, JSON, json.dumps(answer))
        )

    def _is_ours(self) -> bool:
        """Return whether a page of ours asks: it knows the path, and names this host."""
        host = self.headers.get("Host", "").rsplit(":", 1)[0]
        origin = self.headers.get("Origin")
        known = origin is None or urlsplit(origin).netloc == self.headers.get("Host")
        return host in NAMES and known and self.path.startswith(self.server.path)

    def _give(self, answer: Answer) -> None:
        status, kind, text = answer
        body = text.encode("utf-8")
        self.send_response(status)
        for name, value in {
            "Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(body)), "Cache-Control": "no-store",
            "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
        }.items():  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _refused() -> Answer:
    return HTTPStatus.NOT_FOUND, TEXT, "There is nothing here; `arenalab serve` printed the whole address."
