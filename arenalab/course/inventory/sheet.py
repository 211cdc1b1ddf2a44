"""Inventory: the twenty items as a form in a notebook. Nothing is kept unless its reader ticks the box.

Rules of this module:
1. Before the course it says how many answers were right, not which: who knows the answers can't be asked again.
2. After the course each answer is shown with the rule behind it.
3. The form says where the log would be and what it would hold before anything is written.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any, cast

import ipywidgets as widgets
import traitlets

from arenalab.asked import one_of
from arenalab.course.exercise import CSS
from arenalab.course.fields import WIDE
from arenalab.course.inventory.item import Item
from arenalab.course.inventory.items import ITEMS
from arenalab.course.inventory.kept_answers import OCCASIONS, Sheet, keep, log_path
from arenalab.course.words import FOLDED, prose
from arenalab.explore.bundle import Shown, alive
from arenalab.explore.reading import error_html
from arenalab.explore.traited import Traited
from arenalab.explore.wiring import shown
from arenalab.go.versions import NEWEST, VERSIONS
from arenalab.units import plainly

WHAT_IS_KEPT = (
    "when you answered (before or after), your code word, the version of Go, and the twenty choices"
)
WITHOUT_KERNEL = "With a kernel, this cell takes your answers."


class Inventory(Traited, Shown):
    """The Arena Inventory as a form; show it as the last value of a cell.

    Args:
        occasion: "before" the course, or "after" it.
        go: the version of Go that is asked about.
        folder: where answers are kept if the reader wants that; None is the notebook's folder.

    Raises:
        NoSuchError: no such occasion, or no such Go.

    """

    error = traitlets.Unicode("", help="what went wrong last, shown in the form")

    def __init__(self, occasion: str = "before", go: str = NEWEST, *, folder: Path | None = None) -> None:
        """Build the form, with nothing chosen."""
        super().__init__()
        self.occasion = str(one_of("occasion", occasion, OCCASIONS, "an occasion"))
        self.go, self.path, self._folder = (
            str(one_of("go", go, VERSIONS, "a version of Go")),
            log_path(folder),
            folder,
        )
        self.sheet: Sheet | None = None  #: what was handed in last.
        self.choices = {item.name: _radio(item) for item in ITEMS}
        self.keep = widgets.Checkbox(value=False, description="Keep my answers", indent=False)
        self.word = widgets.Text(
            description="A code word of your own:", style={"description_width": "initial"}
        )
        self.done = widgets.Button(
            description="Hand in", tooltip="Count the right answers", button_style="primary"
        )
        self.done.on_click(shown(cast("Any", self), self._handed_in))
        self._verdict, self._error = widgets.HTML(), widgets.HTML()
        asked = [
            widgets.VBox([widgets.HTML(_asked(number, item)), self.choices[item.name]])
            for number, item in enumerate(ITEMS, 1)
        ]
        self.widget = alive(
            "exercise", widgets.HTML(f"<style>{CSS}</style>{_head(self.occasion, self.go)}"), *asked,
            widgets.HTML(self._about_keeping()), self.keep, self.word, self.done, self._error, self._verdict,
        )  # fmt: skip

    def hand_in(self) -> Sheet:
        """Count the right answers, show what is to be shown, and keep the sheet if the box is ticked.

        Raises:
            OSError: the log can't be written.

        """
        given = {name: radio.value for name, radio in self.choices.items() if radio.value is not None}
        self.sheet = Sheet(self.occasion, self.word.value.strip(), self.go, given)
        right = self.sheet.right(ITEMS)
        told = f"{plainly(sum(right.values()), 'answer')} of {len(ITEMS)} right, {len(ITEMS) - len(given)} left out."
        kept = (
            f" Kept in <code>{escape(str(keep(self.sheet, self._folder)))}</code>." if self.keep.value else ""
        )
        rest = (
            "".join(_explained(number, item, given, self.go) for number, item in enumerate(ITEMS, 1))
            if self.occasion == "after"
            else LATER
        )
        self._verdict.value = (
            f'<div class="arenalab-verdict" role="status"><p><b>{told}</b>{kept}</p>{rest}</div>'
        )
        return self.sheet

    def _handed_in(self, _: Any) -> None:
        self.hand_in()

    def _about_keeping(self) -> str:
        where = f"<code>{escape(str(self.path))}</code>"
        return (
            f"<p>Nothing is kept unless you tick the box. Then {where} gets a line: {WHAT_IS_KEPT}. No time, no name. "
            "It is a text file of yours: read it, delete it. Nothing is sent anywhere. The code word finds your two "
            "sheets again.</p>"
        )

    @traitlets.observe("error")
    def _show_error(self, _: Any) -> None:
        self._error.value = error_html(self.error.removeprefix("ScenarioError: "))

    def __repr__(self) -> str:
        """Return the items as text, without answers."""
        lines = [f"Arena Inventory, {self.occasion} the course, about Go {self.go}"]
        for number, item in enumerate(ITEMS, 1):
            lines += [f"{number}. {item.text}", *(f"   ( ) {choice.text}" for choice in item.choices)]
        return "\n".join(lines)

    def shown_widget(self) -> Any:
        """Return the live form."""
        return self.widget

    def kept(self) -> str:
        """Return the items for readers without a kernel; after the course their answers are there, folded away."""
        items = "".join(
            f"{_asked(number, item)}<ul>{''.join(f'<li>{prose(it.text)}</li>' for it in item.choices)}</ul>"
            f"{_folded(item, self.go) if self.occasion == 'after' else ''}"
            for number, item in enumerate(ITEMS, 1)
        )
        return f"<div>{_head(self.occasion, self.go)}{items}<p><i>{WITHOUT_KERNEL}</i></p></div>"


LATER = (
    "<p>Which ones they are is shown after the course: who knows an answer can't be asked a second time.</p>"
)


def _radio(item: Item) -> Any:
    options = [(choice.text, choice.key) for choice in item.choices]
    return widgets.RadioButtons(options=options, value=None, description="", layout=WIDE)


def _head(occasion: str, go: str) -> str:
    return f"<p><b>Arena Inventory, {occasion} the course.</b> Everything is asked about Go {go}.</p>"


def _asked(number: int, item: Item) -> str:
    """Return an item's text as HTML; a fenced block is code."""
    blocks = re.split(r"```(?:go)?\n(.*?)```", item.text, flags=re.DOTALL)
    parts = (
        f"<pre>{escape(part.strip())}</pre>" if at % 2 else _paragraphs(part)
        for at, part in enumerate(blocks)
    )
    numbered = "".join(parts).replace("<p>", f"<p><b>{number}.</b> ", 1)
    return f'<div class="arenalab-question">{numbered}</div>'


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{prose(part.strip())}</p>" for part in text.split("\n\n") if part.strip())


def _folded(item: Item, go: str) -> str:
    return f"<details><summary>{FOLDED}</summary>{_answer(item, go)}</details>"


def _answer(item: Item, go: str) -> str:
    return f"<p><b>{prose(_text(item, item.right(go)))}</b> {prose(item.why)}</p>"


def _text(item: Item, key: str) -> str:
    return next(choice.text for choice in item.choices if choice.key == key)


def _explained(number: int, item: Item, given: dict[str, str], go: str) -> str:
    """Return what became of an answer, and the right one with its rule."""
    chosen = given.get(item.name)
    if chosen is None:
        mark = "Not answered."
    elif chosen == item.right(go):
        mark = "✓ Right."
    else:
        mark = f"✗ Not so: {prose(_text(item, chosen))}"
    return f"<p><b>{number}.</b> {mark}</p>{_answer(item, go)}"
