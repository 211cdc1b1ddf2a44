"""What Sphinx needs besides its settings: how docstrings are read, and which names in signatures are links."""

from __future__ import annotations

import builtins
import inspect
from functools import cache
from importlib import import_module
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref, pending_xref_condition
from sphinx.ext.napoleon import Config
from sphinx.ext.napoleon.docstring import GoogleDocstring
from sphinx.util.inspect import stringify_signature

from arenalab.asked import Called
from tools.docs.docstrings import as_rst
from tools.docs.fields import fields_told
from tools.docs.public import modules, names_of

NAPOLEON: Any = Config(napoleon_use_rtype=False)


def connect(app: Any) -> None:
    """Connect all hooks with a Sphinx application."""
    app.connect("autodoc-process-docstring", _docstring)
    app.connect("autodoc-process-signature", _signature)
    app.connect("doctree-read", _links)


def _docstring(_app: Any, what: str, _name: str, thing: Any, _options: Any, lines: list[str]) -> None:
    """Read a docstring: plain text, and its sections as napoleon reads them.

    napoleon is no extension here: it would take the words before a colon of a field's comment for a type.
    """
    first = lines[0] if lines else ""
    lines[:] = as_rst(lines)
    if what not in ("attribute", "data"):
        lines[:] = GoogleDocstring(lines, NAPOLEON, what="method").lines()
    if what in ("class", "exception") and first == (inspect.getdoc(thing) or "").partition("\n")[0]:
        lines += [*fields_told(thing), *_bases(thing)]  # once: `__init__` has a docstring of its own


def _signature(_app: Any, what: str, _name: str, thing: Any, *_: Any) -> tuple[str, None] | None:
    """Return what making a class takes, where its metaclass looks at the arguments and so hides them."""
    if what not in ("class", "exception") or not isinstance(thing, Called):
        return None
    signature = inspect.signature(thing.__init__)  # type: ignore[misc]  # of this very class
    taken = signature.replace(parameters=list(signature.parameters.values())[1:])
    return stringify_signature(taken, show_return_annotation=False, unqualified_typehints=True), None


def _bases(thing: Any) -> list[str]:
    """Return a line that names the public classes of which a class is a special case."""
    found = [full for base in thing.__bases__ if (full := classes().get(base.__name__))]
    links = ", ".join(f":py:obj:`~{full}`" for full in found)
    return ["", f"It has all that {links} has, too.", ""] if found else []


def _links(_app: Any, doctree: nodes.document) -> None:
    """Have each type in a signature be a link to the one class of that name, or no link.

    Sphinx would look through all names for any that ends so, a field called `list` among them, and take its time.
    """
    for link in list(doctree.findall(pending_xref)):
        if link.get("refdomain") != "py" or link.get("reftype") in ("mod", "obj"):
            continue  # `obj`: written by a page, with its full name
        home = classes().get(link["reftarget"].rpartition(".")[2])
        if home is None or link["reftarget"] in vars(builtins):
            link.replace_self(_words(link))
        else:
            link["reftarget"], link["refspecific"] = home, False


def _words(link: pending_xref) -> list[nodes.Node]:
    """Return what stands in a link: where there are two texts, the short one."""
    return [
        each
        for child in link.children
        for each in (child.children if isinstance(child, pending_xref_condition) else [child])
        if not isinstance(child, pending_xref_condition) or child["condition"] == "resolved"
    ]


@cache
def classes() -> dict[str, str]:
    """Return name -> full name of each public class whose name no other has."""
    every = [
        (name, f"{module}.{name}")
        for module in modules()
        for name, thing in names_of(import_module(module))
        if inspect.isclass(thing)
    ]
    names = [name for name, _ in every]
    return {name: full for name, full in every if names.count(name) == 1}
