# ruff: noqa: E402  # what is missing is told before it is imported
'''The course: exercises in which the reader predicts, and the model judges.

Laws of this house:
1. No answer is written down. A question holds a program; the answer is read off the run of that program.
2. A question depends on its family and its seed alone; another seed gives another question, without end.
3. No answer is shown before an attempt, except folded, to a reader who has no kernel.
4. Nothing is written to disk while something is merely shown.

A family of questions is one function in `arenalab/course/families/CHAPTER.py`, which is found by itself, or in a
cell of a notebook of one's own:

    from random import Random

    from arenalab.course import Question, after, answers, family
    from arenalab.explore import ChunkMap
    from arenalab.syntax import type_of
    from arenalab.world.events import ObjectCarved
    from arenalab.world.ops import MakeSlice, NewArena

    @family("first-bytes", title="Where do the bytes start?", chapter=2)
    def first_bytes(draw: Random) -> Question:
        """Ask where a slice without pointers starts in its chunk."""
        count = draw.randint(1, 64)
        return Question(
            text=f"The chunk is fresh. At which offset does a slice of {count} `byte` start?",
            program=(NewArena(0), MakeSlice(0, type_of("byte"), count)),
            answer=answers.Offset(),         # or Choice, Several, Whole, Bits, Types
            read=lambda run: run.world.ledger.row(0)[0] - run.world.spans[0].base,     # run: the History
            decided=after(ObjectCarved),     # a moment of the run: how many events have happened
            hints=("No pointer in it.", "Behind 0x7dffd0 a chunk holds its heap bitmap."),
            why=lambda run: "0x7dffd0 less the bytes of the slice.",                   # optional
            meant=lambda run, given: "That is the front." if given == 0 else "",       # optional
            look=lambda run, moment: ChunkMap(run, cursor=moment),                     # optional; this is usual
        )

In a notebook, as the last value of a cell:

    from arenalab.course import Exercise

    Exercise("first-bytes", seed=1)

`Exercise` shows a widget, and keeps text/html (question and folded answer) and text/plain (question only).
`judge(question, given)` is what the button asks; `question("first-bytes", seed=1)` makes the question alone.
'''

from arenalab.install import require

require("lab", "anywidget", "ipywidgets", "resvg_py")

from arenalab.course import answers
from arenalab.course.exercise import Exercise
from arenalab.course.overview import Overview
from arenalab.course.question import Question, Verdict, after, end_of, family, judge
from arenalab.course.registry import families, question

__all__ = [
    "Exercise",
    "Overview",
    "Question",
    "Verdict",
    "after",
    "answers",
    "end_of",
    "families",
    "family",
    "judge",
    "question",
]
