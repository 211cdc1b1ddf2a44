# ruff: noqa: E402  # what is missing is reported before it is imported
'''The course: exercises in which the reader predicts, and the model judges.

Rules of this package:
1. No answer is written down. A question holds a program; the answer is read off the run of that program.
2. A question depends on its family and its seed alone; another seed gives another question, without end.
3. A wrong answer brings hints before the right one; readers without a kernel find it folded.
4. Only an attempt, or a pick of a version of Go, writes to disk.

A family of questions is one function: in `arenalab/course/families/CHAPTER.py`, or in a cell of your own notebook:

    from random import Random

    from arenalab.course import Question, after, answers, family
    from arenalab.explore import ChunkMap
    from arenalab.syntax import type_of
    from arenalab.world.events import ObjectAllocated
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
            decided=after(ObjectAllocated),     # a moment of the run: how many events have happened
            hints=("No pointer in it.", "Behind 0x7dffd0 a chunk holds its heap bitmap."),
            why=lambda run: "0x7dffd0 less the bytes of the slice.",                   # optional
            meant=lambda run, given: "That is the front." if given == 0 else "",       # optional: what is mistaken
            look=lambda run, moment: ChunkMap(run, cursor=moment),                     # optional; this is usual
        )

In a notebook, as the last value of a cell:

    from arenalab.course import Exercise

    Exercise("first-bytes", seed=1)

An exercise in which the reader writes a program is a `build(text=, example=, goal=)`: any program is right of whose run
`goal` says that it lacks nothing; `arenalab.course.construct` has more.

`Exercise("first-bytes", seed=1, go="1.22")` asks it of another Go; `GO = pick_go()` lets the reader pick which.
`Exercise(Question(...))` asks a single question. `judge(question, given)` is what the button asks;
`question("first-bytes", seed=1)` makes the question alone. docs/authors.md has more.
'''

from arenalab.install import PICTURES, require

require("lab", *PICTURES)

from arenalab.course import answers
from arenalab.course.construct import Build, build
from arenalab.course.exercise import Exercise
from arenalab.course.family import family
from arenalab.course.go_picker import GoPicker, pick_go
from arenalab.course.moments import after, end_of
from arenalab.course.overview import Overview
from arenalab.course.question import Question, Verdict, judge
from arenalab.course.registry import families, question

__all__ = [
    "Build",
    "Exercise",
    "GoPicker",
    "Overview",
    "Question",
    "Verdict",
    "after",
    "answers",
    "build",
    "end_of",
    "families",
    "family",
    "judge",
    "pick_go",
    "question",
]
