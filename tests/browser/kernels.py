"""Kernels that have loaded ArenaLab when they begin: forks of a process that has loaded it once.

To load it is what most notebooks of the browser's tests would use a kernel's processor for. A fork is a process of its
own with ipykernel in it, in its notebook's folder, like any kernel; tests/test_cli_lab.py starts one as readers do.

    python kernels.py DOOR               load, and fork a kernel for whoever asks at that socket
    python kernels.py DOOR CONNECTION    what JupyterLab takes for its kernel: ask, pass on signals, end with the fork
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
from pathlib import Path

#: ipykernel first: what comes after it finds Jupyter's comms.
LOADED = ["ipykernel.kernelapp", "arenalab.explore", "arenalab.course", "bokeh.plotting", "tests.recorded"]


def specification(door):
    """Return what a file `kernel.json` says of such kernels."""
    argv = [sys.executable, "-S", str(Path(__file__)), str(door), "{connection_file}"]
    return {"argv": argv, "display_name": "Python 3 (ipykernel)", "language": "python"}


def command(door):
    """Return the command of the process that forks. It ends when what it reads does."""
    return [sys.executable, "-P", str(Path(__file__)), str(door)]


def ask(door, connection):
    """Have a kernel forked, and live as long."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(door)
        asked = {"connection": connection, "folder": str(Path.cwd()), "environment": dict(os.environ)}
        line.sendall(json.dumps(asked).encode() + b"\n")
        kernel = int(line.makefile().readline())
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _: _pass_on(kernel, number))
        line.recv(1)


def _pass_on(kernel, number):
    with contextlib.suppress(ProcessLookupError):  # it has just ended
        os.kill(kernel, number)


def serve(door):
    """Load, then fork a kernel for each who asks."""
    from importlib import import_module  # noqa: PLC0415  # who asks should begin at once

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(door)
        listening.listen()  # who asks before all is loaded waits
        for name in LOADED:
            import_module(name)
        gc.freeze()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who asked hears of a kernel's end
        while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
            line, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                become_kernel(line)
            line.close()


def become_kernel(line):
    """Be the kernel that was asked for, until it is shut down or who asked is gone."""
    import threading  # noqa: PLC0415

    import ipywidgets  # noqa: PLC0415
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    asked = json.loads(line.makefile().readline())
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.environ.pop("JPY_PARENT_PID", None)  # is who asked, not who forked
    line.sendall(f"{os.getpid()}\n".encode())
    threading.Thread(target=lambda: (line.recv(1), os._exit(1)), daemon=True).start()
    app = IPKernelApp.instance()
    app.initialize(["-f", asked["connection"]])
    ipywidgets.register_comm_target()  # which it does by itself where it is loaded in a kernel
    app.start()
    os._exit(0)


if __name__ == "__main__":
    (ask if len(sys.argv) > 2 else serve)(*sys.argv[1:])
