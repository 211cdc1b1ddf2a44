"""What the page may ask of the server. Who is not logged in, or lacks the token, is refused by Jupyter's own rules.

Rules:
1. Only a path that the server's contents manager shows is looked at, by its rules: none above the root, none hidden.
2. The server's event loop never waits: runs have processes of their own, files are copied in a thread.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from arenalab.errors import ArenaLabError
from arenalab.jupyter.paths import os_path, readable
from arenalab.jupyter.runs import EndedError, Run, Runs
from arenalab.workbook import COURSE, GIVEN, bring_up_to_date

FIRST = "index.ipynb"
GONE = "this run was put away; it is opened again"


class Handler(APIHandler):
    """What our addresses have in common: an error of ours is one line of JSON."""

    auth_resource = "contents"

    @property
    def runs(self) -> Runs:
        """The runs that are open."""
        runs: Runs = self.settings["arenalab_runs"]
        return runs

    def refuse(self, trouble: ArenaLabError, status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY) -> None:
        """Answer with an error's one line."""
        self.set_status(status)
        self.finish(json.dumps({"message": str(trouble)}))


class CourseHandler(Handler):
    """The course, copied to where the reader may change it."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Bring the reader's copy up to date; tell where it begins and what was done."""
        root = Path(os_path(self.contents_manager, ""))
        folder = "" if (root / GIVEN).is_file() else COURSE  # `arenalab course` serves a copy
        try:
            update = await asyncio.to_thread(bring_up_to_date, root / folder)
        except ArenaLabError as trouble:
            self.refuse(trouble)
            return
        told: dict[str, Any] = {"path": f"{folder}/{FIRST}".lstrip("/"), "said": update.lines()}
        await self.finish(json.dumps(told))


class ScriptHandler(Handler):
    """The page's module."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Return it."""
        from arenalab.serving.assets import script  # noqa: PLC0415  # the page is asked for late, if at all

        await self.finish(script(), set_content_type="text/javascript; charset=UTF-8")


class ScenariosHandler(Handler):
    """The scenarios of the package."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Return their names and what they are about."""
        from arenalab.scenarios import scenarios  # noqa: PLC0415  # reads a hundred files

        found = await asyncio.to_thread(scenarios)
        await self.finish(json.dumps([[scenario.name, scenario.about] for scenario in found]))


class RunsHandler(Handler):
    """Runs, to be opened."""

    _opening: Run | None = None

    @web.authenticated
    @authorized("read")
    async def post(self) -> None:
        """Open {"path": ...} or {"scenario": ...}; tell the run's name once it is open."""
        asked = self.get_json_body() or {}
        root = os_path(self.contents_manager, "")
        if "scenario" in asked:
            kind, name = "scenario", str(asked["scenario"])
        else:
            kind, name = "file", await readable(self.contents_manager, str(asked.get("path", "")))
            name = str(Path(name).relative_to(root))  # as the reader knows it, in whatever is said of it
        run = self._opening = Run(root, kind, name)
        try:
            await run.opened()
        except ArenaLabError as trouble:
            run.close()
            self.refuse(trouble)
            return
        self._opening = None
        self.set_status(HTTPStatus.CREATED)
        await self.finish(json.dumps({"name": self.runs.keep(run)}))

    def on_connection_close(self) -> None:
        """End a run whose tab was closed before it was open."""
        if self._opening is not None:
            self._opening.close()


class RunHandler(Handler):
    """One open run."""

    @web.authenticated
    @authorized("read")
    async def post(self, name: str) -> None:
        """Answer what its page says."""
        run = self.runs.of(name)
        if run is None:
            raise web.HTTPError(HTTPStatus.GONE, GONE)
        try:
            answer = await run.ask(self.request.body)
        except EndedError as trouble:
            self.runs.end(name)
            self.refuse(trouble, HTTPStatus.GONE)
            return
        except ArenaLabError as trouble:
            self.refuse(trouble)
            return
        await self.finish(answer)

    @web.authenticated
    @authorized("read")
    async def delete(self, name: str) -> None:
        """Put it away."""
        self.runs.end(name)
        self.set_status(HTTPStatus.NO_CONTENT)
        await self.finish()


def handlers() -> list[tuple[str, type[Handler]]]:
    """Return our handlers by their addresses below a server's base URL."""
    return [
        ("/arenalab/course", CourseHandler),
        ("/arenalab/page/served.js", ScriptHandler),
        ("/arenalab/scenarios", ScenariosHandler),
        ("/arenalab/runs", RunsHandler),
        (r"/arenalab/runs/([\w-]+)", RunHandler),
    ]
