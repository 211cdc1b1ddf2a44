"""A real JupyterLab and a page in it, for tests.

The server keeps its settings, runtime files and trust store in a temporary folder, so no setting of the
person who runs the tests plays a part. Autosave is on, as a reader has it, only sooner: what is open is written.
"""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.browser import kernels

START_SECONDS = 60
CELLS_MS = 90_000  # the longest that all cells of one notebook may take
ANSWER_SECONDS = 30

REPOSITORY = Path(__file__).resolve().parents[2]
#: Below the folders of `_environment`: what pyproject.toml's shared-data puts below share/jupyter and etc/jupyter.
INSTALLED = {
    "data/labextensions/arenalab": "labextension/built",
    "config/jupyter_server_config.d/arenalab.json": "labextension/etc/arenalab.json",
}

AUTOSAVE_SECONDS = 2  #: a reader's JupyterLab waits two minutes.
#: User settings by plugin: autosave, no question about news (it would cover the page), and all cells in
#: the page, for JupyterLab takes cells away that are scrolled out of sight.
SETTINGS = {
    "docmanager-extension/plugin": {
        "autosave": True,
        "autosaveInterval": AUTOSAVE_SECONDS,
        # A server that other tests keep busy notes half a second late that it wrote a file: no other program did.
        "lastModifiedCheckMargin": 10_000,
    },
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}

#: Cells that are run earlier never run: the page shows "idle" before its kernel can be reached.
KERNEL_READY = """() => {
  const kernel = window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel;
  return kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
}"""
ALL_CELLS_RAN = r"""() => {
  const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(e => e.innerText.trim());
  return prompts.length > 0 && prompts.every(text => /^\[\d+\]:$/.test(text));
}"""
#: Autosave has written what the notebook shows.
ALL_SAVED = "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"


class LabServer:
    """JupyterLab as a process of its own; `root` is what it serves."""

    def __init__(self, root: Path, home: Path):
        """Start serving `root` with all private files below `home`; return when it answers."""
        self.token = secrets.token_hex(16)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        self.log = home / "lab.log"
        self._write_settings(home / "settings")
        self._write_page_config(home / "config/labconfig")
        self._install(home)
        self._write_kernel(home)
        told = {"env": self._environment(home), "stdout": self.log.open("w"), "stderr": subprocess.STDOUT}
        self.kernels = subprocess.Popen(kernels.command(home / "door"), stdin=subprocess.PIPE, **told)
        self.process = subprocess.Popen(self._command(root), **told)
        told["stdout"].close()
        self._wait_until_up()

    def _command(self, root):
        port = self.url.rpartition(":")[2]
        options = {
            "ServerApp.allow_root": True,
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.open_browser": False,
            "ServerApp.port": port,
            "ServerApp.port_retries": 0,
            "ServerApp.root_dir": root,
            "IdentityProvider.token": self.token,
            "LabApp.expose_app_in_browser": True,
        }
        flags = [f"--{name}={value}" for name, value in options.items()]
        return [sys.executable, "-m", "jupyterlab", *flags]

    @staticmethod
    def _environment(home):
        folders = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        ours = {variable: str(home / folder) for variable, folder in folders.items()}
        return os.environ | ours | {"JUPYTER_PREFER_ENV_PATH": "0"}  # before what this Python has installed

    @staticmethod
    def _write_settings(folder):
        for plugin, values in SETTINGS.items():
            path = folder / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(values))

    @staticmethod
    def _write_page_config(folder):
        """Start no Node.js for each page, to ask whether JupyterLab should be built: it never is here."""
        folder.mkdir(parents=True)
        (folder / "page_config.json").write_text(json.dumps({"buildAvailable": False, "buildCheck": False}))

    @staticmethod
    def _install(home):
        """Put our part of JupyterLab where Jupyter looks, as the wheel does: the files of this source tree."""
        for place, source in INSTALLED.items():
            (home / place).parent.mkdir(parents=True)
            (home / place).symlink_to(REPOSITORY / source)

    @staticmethod
    def _write_kernel(home):
        folder = home / "data/kernels/python3"
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps(kernels.specification(home / "door")))

    def _wait_until_up(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/api/status?token={self.token}", timeout=5).close()  # noqa: S310  # our own server
            except (urllib.error.URLError, TimeoutError):
                time.sleep(0.2)
            else:
                return
        self.stop()
        raise RuntimeError(f"JupyterLab did not start; its log ends:\n{self.log.read_text()[-2000:]}")

    def stop(self):
        """End the server and its kernels, and who forks them."""
        self.kernels.communicate()  # nothing, and so it ends
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


#: Run code in the kernel; what it prints.
ASK = """async code => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  let out = '';
  const future = kernel.requestExecute({code, store_history: false});
  future.onIOPub = message => { if (message.header.msg_type === 'stream') out += message.content.text; };
  await future.done;
  return out;
}"""


#: JupyterLab begins to save while it saves, where a busy machine takes longer than `AUTOSAVE_SECONDS` for it, and
#: takes its own file for somebody else's. A reader's two minutes are enough for a save; here one follows another.
ONE_SAVE_AFTER_ANOTHER = """() => {
  const context = window.jupyterapp?.shell?.currentWidget?.context;
  if (!context) return false;
  const save = context.save.bind(context);
  let before = Promise.resolve();
  context.save = () => (before = before.catch(() => {}).then(save));
  context.rests = () => before.catch(() => {});
  return true;
}"""
#: The server remembers for the next tab that one had its file browser open, which takes a third of a narrow window.
NO_FILE_BROWSER = "async () => { await window.jupyterapp.restored; window.jupyterapp.shell.collapseLeft(); }"


#: A launcher comes where nothing is open; it goes when something is.
OPEN = """async path => {
  const {commands, shell} = window.jupyterapp, launchers = [...shell.widgets('main')];
  await commands.execute('docmanager:open', {path});
  launchers.forEach(it => it.dispose());
}"""
#: Disposed of and not closed: nobody asks whether to save.
PUT_AWAY = """async () => {
  const widget = window.jupyterapp.shell.currentWidget;
  await widget.sessionContext.shutdown();
  await widget.context.rests?.(); // no longer there where a test has loaded the page again
  widget.dispose();
}"""
NOTHING_OPEN = """() => [...window.jupyterapp.shell.widgets('main')].every(it => it.id.startsWith('launcher'))
  && !document.querySelector('.jp-Dialog, .lm-Menu')"""


#: A question that nobody's click brought up keeps the keyboard to itself: what it says is an error, too.
QUESTIONS = r"""new MutationObserver((changes) => {
  for (const it of changes.flatMap((change) => [...change.addedNodes])) {
    const told = it.matches?.('.jp-Dialog') && it.getAttribute('aria-label');  // its text comes a moment later
    if (/^File Changed|^[^"]*(Error|Restarting)/.test(told)) console.error(`JupyterLab asks: ${told}`);
  }
}).observe(document, {childList: true, subtree: true});"""


class LabPage:
    """One notebook, open in a browser tab. `page` is playwright's; `errors` holds what went wrong in it."""

    def __init__(self, page, server, artifacts: Path):
        """Watch the tab from the start, so that no error is missed."""
        self.page, self.server, self.artifacts = page, server, artifacts
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        page.on("console", self._note_console)
        page.add_init_script(QUESTIONS)

    def _note_console(self, message):
        if message.type == "error":
            self.errors.append(f"console: {message.text} ({message.location.get('url', '')})")

    def open(self, path: str):
        """Open a notebook, named by its path below the served folder, and wait for its kernel."""
        self.page.goto(f"{self.server.url}/doc/tree/{path}?token={self.server.token}")
        return self._begin()

    def open_next(self, path: str):
        """Open a notebook where an earlier one was put away: JupyterLab need not be loaded again."""
        self.errors.clear()
        self.page.evaluate(OPEN, path)
        return self._begin()

    def _begin(self):
        self.page.wait_for_function(ONE_SAVE_AFTER_ANOTHER, timeout=60_000)
        self.page.wait_for_function(KERNEL_READY, timeout=60_000)
        self.page.evaluate(NO_FILE_BROWSER)
        return self

    def run_all(self):
        """Run all cells from the menu and wait until each has its number."""
        self.page.click('.lm-MenuBar-itemLabel:text-is("Run")')
        self.page.click('.lm-Menu-itemLabel:text-is("Run All Cells")')
        self.page.wait_for_function(ALL_CELLS_RAN, timeout=CELLS_MS)
        return self

    def is_saved(self):
        """Wait until autosave has written all that is shown: it waits ten times as long as the last save took."""
        self.page.wait_for_function(ALL_SAVED, timeout=120_000)

    def ask(self, code: str) -> str:
        """Run code in the notebook's kernel and return what it prints."""
        return self.page.evaluate(ASK, code).strip()

    def answers(self, expression: str, answer: str):
        """Wait until code in the kernel prints an answer: what a reader did in the page comes to it a while later."""
        deadline = time.monotonic() + ANSWER_SECONDS
        while (told := self.ask(expression)) != answer:
            assert time.monotonic() < deadline, f"{expression}: {told}, expected {answer}"
            self.page.wait_for_timeout(150)

    def theme(self, name: str):
        """Switch to "JupyterLab Dark" or "JupyterLab Light"."""
        self.page.evaluate(
            "name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})", name
        )
        self.page.wait_for_selector(f'body[data-jp-theme-name="{name}"]', state="attached")
        return self

    def put_away(self, viewport) -> bool:
        """Leave the server as it was: no kernel running, the light theme; return whether the page is as it was, too."""
        self.theme("JupyterLab Light")
        self.page.evaluate(PUT_AWAY)
        self.page.set_viewport_size(viewport)
        self.page.emulate_media()
        return self.page.evaluate(NOTHING_OPEN)

    def screenshot(self, name: str, selector: str | None = None) -> Path:
        """Keep a picture of the page, or of the first `selector` in it, as an artefact; return its path."""
        self.artifacts.mkdir(parents=True, exist_ok=True)
        path = self.artifacts / f"{name}.png"
        part = self.page.locator(selector).first if selector else self.page
        part.screenshot(path=path)
        return path
