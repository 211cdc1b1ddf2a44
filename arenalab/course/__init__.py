'''The course: exercises in which the reader predicts, and the model judges.

Laws of this house:
1. No answer is written down. A question holds a program; the answer is read off the run of that program.
2. A question depends on its family and its seed alone; another seed gives another question, without end.
3. No answer is shown before an attempt, except folded, to a reader who has no kernel.
4. Nothing is written to disk while something is merely shown.

A family of questions is one function in `arenalab/course/families/CHAPTER.py`; it is found by itself:

    """Questions of chapter 2, a chunk filled from both ends."""

    from random import Random

    from arenalab.course.answers import Offset
    from arenalab.course.overview import Overview
from arenalab.course.question import Question, after, family
    from arenalab.world.events import ObjectCarved
    from arenalab.world.ops import MakeSlice, NewArena

    @family("back-offset", title="Where do the bytes start?", chapter=2)
    def back_offset(draw: Random) -> Question:
        """Ask where a slice without pointers starts in its chunk."""
        count = draw.randint(1, 64)
        return Question(
            text="The chunk is fresh. At which offset does the slice of `byte` start?",
            program=(NewArena(0), MakeSlice(0, type_of("byte"), count)),
            answer=Offset(),                                    # Choice, Several, Whole, Offset, Bits, Types
            read=lambda run: run.world.ledger.row(0)[0] - run.world.spans[0].base,     # run: the History
            decided=after(ObjectCarved),                        # a moment of the run: events that have happened
            hints=("No pointer in it.", "A chunk has 0x800000 bytes."),
            why=lambda run: "8 MiB minus the bytes of the slice.",                     # optional
            meant=lambda run, given: "That is the front." if given == 0 else "",       # optional
            look=lambda run, moment: ChunkMap(run, cursor=moment),                     # optional; this is usual
        )

In a notebook, as the last value of a cell:

    from arenalab.course import Exercise

    Exercise("back-offset", seed=1)

`Exercise` shows a widget, and beside it text/html (question and folded answer) and text/plain (question only).
`judge(question, given)` is what the button asks; `question("back-offset", seed=1)` makes the question alone.
'''

from arenalab.course.exercise import Exercise
from arenalab.course.overview import Overview
from arenalab.course.question import Question, Verdict, family, judge
from arenalab.course.registry import families, question

__all__ = ["Exercise", "Overview", "Question", "Verdict", "families", "family", "judge", "question"]
