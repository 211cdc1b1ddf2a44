"""Exercise: a question in a notebook. The reader predicts, the model judges and shows where it is decided.

Laws of this file:
1. The page is told no answer before an attempt.
2. A mistyped answer is no attempt; every error is shown.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast

import ipywidgets as widgets
import traitlets

from arenalab.course.fields import Field, field_for
from arenalab.course.progress import Progress
from arenalab.course.question import Question, Verdict, judge
from arenalab.course.registry import question
from arenalab.course.words import folded_html, prose, question_html, question_text, verdict_html
from arenalab.errors import ScenarioError
from arenalab.explore.bundle import Shown, alive
from arenalab.explore.chunk_map import ChunkMap
from arenalab.explore.reading import error_html
from arenalab.explore.traited import Traited
from arenalab.explore.wiring import shown

SETTLE_SECONDS = 0.2  #: longer than a round trip between page and kernel.
CSS = (Path(__file__).parent / "exercise.css").read_text(encoding="utf-8")


class Exercise(Traited, Shown):
    """Asks a question of a family; show it as the last value of a cell.

    Args:
        family: name of the family, such as "which-end".
        seed: which of its questions comes first.
        folder: where progress is kept; None is the notebook's folder.

    """

    seed = traitlets.Int(1, help="which question of the family is asked")
    error = traitlets.Unicode("", help="what went wrong last, shown in the exercise")

    def __init__(self, family: str, seed: int = 1, *, folder: Path | None = None) -> None:
        """Build the widget and ask the first question."""
        super().__init__()
        self.family, self.progress = family, Progress(folder)
        self.question: Question = question(family, seed)
        self.verdict: Verdict | None = None  #: what was said to the last attempt.
        self.explorer: Any = None  #: what "Show me" opened.
        self._asked, self._verdict, self._error = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._hints, self._told = widgets.HTML(), widgets.HTML()
        self._place, self._stage = widgets.VBox(), widgets.VBox()
        self.check_button = _button(
            "Check", "Let the model judge the answer", self, self._check_soon, "primary"
        )
        self.hint_button = _button("Hint", "Show the next hint", self, self.hint)
        self.show_button = _button("Show me", "Open an explorer where it is decided", self, self.show)
        self.again_button = _button("Again", "The same question, with an empty answer", self, self.ask)
        self.another_button = _button("Another one", "A fresh question of this kind", self, self.another)
        buttons = widgets.Box([
            self.check_button, self.hint_button, self.show_button, self.again_button, self.another_button,
            self._told,
        ])  # fmt: skip
        buttons.add_class("arenalab-row")
        self.widget = alive(
            "exercise", widgets.HTML(f"<style>{CSS}</style>"), self._asked, self._place, buttons, self._error,
            self._hints, self._verdict, self._stage,
        )  # fmt: skip
        self.seed = seed
        self.ask()

    # what the buttons do

    def ask(self) -> None:
        """Ask the question of the seed, with an empty answer."""
        if self.question.seed != self.seed:
            self.question = question(self.family, self.seed)
        self.verdict, self._hints_given = None, 0
        self._close_explorer()
        self.field: Field = field_for(self.question.answer, shown(cast("Any", self), self._check_soon))
        self._asked.value = f'<div class="arenalab-question">{question_html(self.question)}</div>'
        self._place.children = (self.field.widget,)
        self._verdict.value = self._hints.value = ""
        self.show_button.disabled = True
        self._tell_hints()
        self._tell_progress()

    def another(self) -> None:
        """Ask a fresh question."""
        self.seed += 1

    @traitlets.observe("seed")
    def _reseeded(self, _: Any) -> None:
        self.ask()

    def _check_soon(self) -> None:
        """Judge as soon as what was typed last has come: the page holds typed text back, but no click."""
        check = shown(cast("Any", self), self.check)
        try:
            asyncio.get_running_loop().call_later(SETTLE_SECONDS, check)
        except RuntimeError:  # no kernel, hence no page
            check()

    def check(self) -> None:
        """Judge what stands in the field."""
        self.answer(self.field.given())

    def answer(self, given: Any) -> Verdict:
        """Judge an answer and show the verdict: what a test calls, or a person without a mouse.

        Raises:
            ScenarioError: it is no answer of the kind that was asked for; nothing was attempted.

        """
        self.verdict = judge(self.question, given)
        self._verdict.value = verdict_html(self.verdict, self.question)
        self.show_button.disabled = False
        self.error = self.progress.note(self.family, self.seed, right=self.verdict.right)
        self._tell_progress()
        return self.verdict

    def hint(self) -> None:
        """Show one more hint."""
        self._hints_given = min(self._hints_given + 1, len(self.question.hints))
        self._tell_hints()

    def show(self) -> None:
        """Open an explorer at the deciding moment.

        Raises:
            ScenarioError: nothing was attempted yet, and the picture shows the answer.

        """
        if self.verdict is None:
            raise ScenarioError("answer first: the picture shows what is asked for")
        self._close_explorer()
        run, moment = self.question.run, self.question.moment
        look = self.question.look
        self.explorer = look(run, moment) if look else ChunkMap(run, cursor=moment)
        self._stage.children = (self.explorer.widget,)

    def _close_explorer(self) -> None:
        self._stage.children = ()
        if self.explorer is not None:
            self.explorer.widget.close()
            self.explorer = None

    # what is shown

    def _tell_hints(self) -> None:
        hints, given = self.question.hints, self._hints_given
        self.hint_button.description = (
            f"Hint {min(given + 1, len(hints))} of {len(hints)}" if hints else "Hint"
        )
        self.hint_button.disabled = given == len(hints)
        items = "".join(f"<li>{prose(hint)}</li>" for hint in hints[:given])
        box = '<div class="arenalab-hints" role="status" aria-live="polite"><ol>{}</ol></div>'
        self._hints.value = box.format(items) if items else ""

    def _tell_progress(self) -> None:
        told = self.progress.told(self.family)
        number = f"question {self.seed}"
        self._told.value = f'<span class="arenalab-told">{number}{f" · {told}" if told else ""}</span>'

    @traitlets.observe("error")
    def _show_error(self, _: Any) -> None:
        self._error.value = error_html(self.error.removeprefix("ScenarioError: "))

    def __repr__(self) -> str:
        """Tell the question: what a terminal, a test and nbval see."""
        return question_text(self.question)

    def shown_widget(self) -> Any:
        """Return the live widget."""
        return self.widget

    def kept(self) -> str:
        """Return the question with a folded answer, for readers without a kernel."""
        return folded_html(self.question)


def _button(name: str, hint: str, exercise: Exercise, act: Any, style: str = "") -> Any:
    made = widgets.Button(
        description=name, tooltip=hint, button_style=style, layout=widgets.Layout(width="auto")
    )
    made.on_click(shown(cast("Any", exercise), lambda _: act()))
    made.add_class(f"arenalab-{name.lower().replace(' ', '-')}")
    return made
