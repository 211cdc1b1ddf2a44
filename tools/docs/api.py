"""The pages of the reference: one for each public module, a table for what `arenalab` itself shows."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from tools.docs.docstrings import CODE
from tools.docs.public import GROUPS, WINDOWS, modules, names_of, window_of

FOLDER = "reference/api"
ORPHAN = "---\norphan: true\n---\n\n"  #: reached from its group's table alone.
HEAD = """\
# Python

What `import arenalab` shows, and the modules beside it whose names may be relied on. Amounts are bytes unless a name
says otherwise, addresses whole numbers; user arenas, chunks and types are numbered from 0, operations from 1.

```{toctree}
:maxdepth: 2

arenalab
"""


def pages() -> dict[str, str]:
    """Return path on the site -> source of each page."""
    told = {heading: names for heading, (_, names) in GROUPS.items()}
    own = [name for names in told.values() for name in names if name not in WINDOWS]
    return {
        f"{FOLDER}/index.md": "\n".join([HEAD + "\n".join(map(_slug, GROUPS)), "```", ""]),
        f"{FOLDER}/arenalab.md": _window("arenalab", "What `import arenalab` shows"),
        f"{FOLDER}/arenalab.explore.md": ORPHAN + _window("arenalab.explore", "The explorers"),
        f"{FOLDER}/arenalab.course.md": ORPHAN + _window("arenalab.course", "The course"),
        **{f"{FOLDER}/{_slug(heading)}.md": _group(heading, names) for heading, names in told.items()},
        **{
            f"{FOLDER}/{name}.md": _module(name, heading)
            for heading, names in told.items()
            for name in names
            if name in own
        },
    }


def _slug(heading: str) -> str:
    return re.sub(r"[^a-z]+", "-", heading.lower()).strip("-")


def _group(heading: str, names: Sequence[str]) -> str:
    """Return the page of a group: its modules in a table. They are in no list of contents, which would be endless."""
    said, _ = GROUPS[heading]
    shown = ["arenalab.explore", *names] if heading == "Explorers" else names
    rows = [f"| [{name}]({name}.md) | {_said(import_module(name))} |" for name in shown]
    return "\n".join([f"# {heading}", "", said, "", "| module | what it is |", "|---|---|", *rows, ""])


def _module(name: str, heading: str) -> str:
    names = list(names_of(import_module(name)))
    rows = [f"| [{short}](#{name}.{short}) | {_said(thing)} |" for short, thing in names]
    table = ["| name | what it is |", "|---|---|", *rows, ""] if len(rows) > 1 else []
    way = f"[Python](index.md) / [{heading}]({_slug(heading)}.md)"
    parts = [f"# {name}", "", way, "", *table, "```{eval-rst}", f".. automodule:: {name}", "```", ""]
    return ORPHAN + "\n".join(parts)


def _window(module: str, title: str) -> str:
    rows = [_row(name, home, thing) for name, home, thing in window_of(module)]
    text = f"# {module}\n\n{title}, each with its home.\n\n| name | what it is |\n|---|---|\n"
    return text + "\n".join(rows) + "\n"


def _row(name: str, home: str, thing: Any) -> str:
    link = f"{{py:obj}}`~{home}.{name}`" if home in modules() else f"`{name}`"
    return f"| {link} | {_said(thing)} |"


def _said(thing: Any) -> str:
    """Return the first sentence for a cell of a table."""
    parts = CODE.split(first_sentence(thing))
    told = (f"`{part}`" if n % 2 else re.sub(r"([*\[\]])", r"\\\1", part) for n, part in enumerate(parts))
    return "".join(told).replace("|", r"\|")


def first_sentence(thing: Any) -> str:
    """Return the first line of an object's docstring; of a value, its type."""
    if inspect.isclass(thing) or inspect.isroutine(thing) or inspect.ismodule(thing):
        return (inspect.getdoc(thing) or "").partition("\n")[0]
    return f"a {type(thing).__name__}"


def homes() -> list[str]:
    """Return the modules that define what the windows show."""
    for name in modules():
        import_module(name)
    return sorted({home for window in WINDOWS for _, home, _ in window_of(window)})
