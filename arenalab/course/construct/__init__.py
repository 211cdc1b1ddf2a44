"""Exercises in which the reader writes a program: any program is right whose run reaches the goal.

Rules of this package:
1. Text is read, never executed: a statement is one of the forms in `forms`, or one error that names its line.
2. Each statement becomes operations of a Lab, so the program means what it means everywhere else.
3. A program has at most 200 statements; a loop of one `arena.New` is one of them.
4. The goal is judged on the run alone. What is said of a wrong program comes from that run.
"""

from arenalab.course.construct.build import Build, build
from arenalab.course.construct.performed import Performed, performed

__all__ = ["Build", "Performed", "build", "performed"]
