"""Exercise: a question in a notebook. The reader predicts, the model judges and shows where it is decided.

Rules of this module:
1. The page holds no answer until the reader has answered, or asks for it after a wrong attempt.
2. A wrong answer brings what is mistaken in it and the next hint; the right one comes when no hint is left.
3. A mistyped answer does not count as an attempt; every error is shown.
"""

from __future__ import annotations

import asyncio
from html import escape
from pathlib import Path
from typing import Any, ClassVar, cast

import ipywidgets as widgets
import traitlets

from arenalab.asked import checks_calls, whole
from arenalab.course.construct.build import Build
from arenalab.course.family import Family
from arenalab.course.fields import Field, field_for
from arenalab.course.progress import Progress
from arenalab.course.question import Question, Verdict, judge
from arenalab.course.registry import maker_of
from arenalab.course.words import folded_html, prose, question_html, question_text, retry_html, verdict_html
from arenalab.errors import ScenarioError
from arenalab.explore.bundle import Shown, alive
from arenalab.explore.chunk_map import ChunkMap
from arenalab.explore.reading import error_html
from arenalab.explore.traited import Traited
from arenalab.explore.wiring import shown
from arenalab.world.history import History

SETTLE_SECONDS = 0.2  #: longer than a round trip between page and kernel.
CSS = (Path(__file__).parent / "exercise.css").read_text(encoding="utf-8")


@checks_calls
class Exercise(Traited, Shown):
    """A question to answer in a notebook; show it as the last value of a cell.

    Args:
        asked: the name of a family, such as "which-end", a Family, or a Question.
        seed: which question of the family comes first; of a Question that a family made, it is that question's.
        go: the version of Go that it is about; None is the newest that the family knows.
        folder: where progress is kept; None is the notebook's folder.

    Raises:
        NoSuchError: no such family; the text lists those there are.
        ArgumentError: the family is not about that Go.
        ScenarioError: a part of the question fails, such as its `read`; says which, and what is expected.

    """

    offered: ClassVar[tuple[str, ...]] = (
        "another",
        "answer",
        "ask",
        "explorer",
        "go",
        "hint",
        "question",
        "show",
        "verdict",
    )

    seed = traitlets.Int(1, help="which question of the family is asked")
    error = traitlets.Unicode("", help="what went wrong last, shown in the exercise")

    def __init__(
        self, asked: str | Family | Question, seed: int = 1, *, go: str | None = None, folder: Path | None = None
    ) -> None:  # fmt: skip
        """Build the widget and ask the first question."""
        super().__init__()
        self._maker, self.progress = maker_of(asked), Progress(folder)
        self.family, self.go = self._maker.name, go
        if isinstance(asked, Question) and asked.family:
            seed = asked.seed
        self.question: Question = self._maker.make(whole("seed", seed, "a whole number"), go)
        self.verdict: Verdict | None = None  #: of the last attempt.
        self.explorer: Any = None  #: what "Show me" opened.
        self._asked, self._verdict, self._error = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._hints, self._progress_line = widgets.HTML(), widgets.HTML()
        self._place, self._stage = widgets.VBox(), widgets.VBox()
        self.check_button = _button(
            "Check", "Let the model judge the answer", self, self._check_soon, "primary"
        )
        self.hint_button = _button("Hint", "Show the next hint", self, self.hint)
        self.show_button = _button(
            "Show me", "Show the answer, and an explorer where it is decided", self, self.show
        )
        self.again_button = _button("Again", "The same question, with an empty answer", self, self.ask)
        self.another_button = _button("Another one", "A fresh question of this kind", self, self.another)
        self.run_button = _button(
            "My run", "An explorer of your program's run, at its end", self, self.show_run
        )
        more = [self.run_button] if isinstance(self.question, Build) else []
        more += [self.another_button] if isinstance(self._maker, Family) else []
        buttons = widgets.Box([
            self.check_button, self.hint_button, self.show_button, self.again_button, *more, self._progress_line,
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
            self.question = self._maker.make(self.seed, self.go)
        self.verdict, self._hints_given = None, 0
        self._wrong: list[str] = []  # answers so far, each once
        self.answered = False
        self._close_explorer()
        self.field: Field = field_for(self.question.answer, shown(cast("Any", self), self._check_soon))
        self._asked.value = f'<div class="arenalab-question">{question_html(self.question)}</div>'
        self._place.children = (self.field.widget,)
        self._verdict.value = self._hints.value = ""
        self.show_button.disabled = self.run_button.disabled = True
        self._show_hints()
        self._show_progress()

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
            ScenarioError: not an answer of the kind that was asked for; nothing was attempted.

        """
        self.verdict = judge(self.question, given)
        if self.verdict.run is not None:  # what is shown is another program's
            self._close_explorer()
        if self.verdict.right or self.answered:
            self._show_answer()
        else:
            self._retry(self.verdict)
        self.show_button.disabled = self.run_button.disabled = False
        self.error = self.progress.note(self.family, self.seed, right=self.verdict.right)
        self._show_progress()
        return self.verdict

    def _retry(self, verdict: Verdict) -> None:
        """Show what is mistaken and the next hint; after a second wrong answer without a hint left, the answer."""
        again, left = verdict.given in self._wrong, self._hints_given < len(self.question.hints)
        if self._wrong and not again and not left:
            self._show_answer()
            return
        if not again:  # a second click on Check takes no hint
            self._wrong.append(verdict.given)
            self.hint()
        self._verdict.value = retry_html(verdict, hinted=left and not again)

    def _show_answer(self) -> None:
        if self.verdict is not None:
            self.answered = True
            self._verdict.value = verdict_html(self.verdict, self.question)

    def hint(self) -> None:
        """Show one more hint."""
        self._hints_given = min(self._hints_given + 1, len(self.question.hints))
        self._show_hints()

    def show(self) -> None:
        """Show the answer, and open an explorer at the deciding moment.

        Raises:
            ScenarioError: nothing was attempted yet, and the picture shows the answer.

        """
        if self.verdict is None:
            raise ScenarioError("answer first: the picture shows what is asked for")
        self._show_answer()
        self._explore(self.question.run, self.question.moment)

    def show_run(self) -> None:
        """Open an explorer of the run of the program that the reader wrote, at its end; no answer is in it.

        Raises:
            ScenarioError: no program was judged yet.

        """
        if self.verdict is None or self.verdict.run is None:
            raise ScenarioError("check a program first: its run is what is shown")
        self._explore(self.verdict.run, self.verdict.moment)

    def _explore(self, run: History, moment: int) -> None:
        self._close_explorer()
        look = self.question.look
        self.explorer = look(run, moment) if look else ChunkMap(run, cursor=moment)
        self._stage.children = (self.explorer.widget,)

    def _close_explorer(self) -> None:
        self._stage.children = ()
        if self.explorer is not None:
            self.explorer.widget.close()
            self.explorer = None

    # what is shown

    def _show_hints(self) -> None:
        hints, given = self.question.hints, self._hints_given
        self.hint_button.description = (
            f"Hint {min(given + 1, len(hints))} of {len(hints)}" if hints else "Hint"
        )
        self.hint_button.disabled = given == len(hints)
        items = "".join(f"<li>{prose(hint)}</li>" for hint in hints[:given])
        box = '<div class="arenalab-hints" role="status" aria-live="polite"><ol>{}</ol></div>'
        self._hints.value = box.format(items) if items else ""

    def _show_progress(self) -> None:
        number = f"question {self.seed}" if isinstance(self._maker, Family) else ""
        line = " · ".join(filter(None, (number, self.progress.told(self.family))))
        self._progress_line.value = f'<span class="arenalab-told">{escape(line)}</span>'

    @traitlets.observe("error")
    def _show_error(self, _: Any) -> None:
        self._error.value = error_html(self.error.removeprefix("ScenarioError: "))

    def __repr__(self) -> str:
        """Return the question as text: what a terminal, a test and nbval see."""
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
