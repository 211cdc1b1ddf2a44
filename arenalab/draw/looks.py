"""Looks of what is no area of a chunk: states, outcomes, marks, lines, choices, ages.

Rule: looks that stand side by side in one picture differ in hatch or clearly in colour,
and each is named by a word in the picture as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Paper = Literal["light", "dark"]
Hatch = Literal["", "dots", "slash", "backslash", "cross", "dense"]


@dataclass(frozen=True)
class Paint:
    """How one meaning looks on one paper."""

    fill: str  #: colour of the area.
    ink: str  #: colour of text on it, and of its outline's strong parts.
    edge: str  #: colour of its outline and its hatch.


@dataclass(frozen=True)
class Look:
    """How one meaning looks, and the word for it in a legend."""

    word: str
    hatch: Hatch
    light: Paint
    dark: Paint

    def on(self, paper: Paper) -> Paint:
        """Return the paint for a paper."""
        return self.light if paper == "light" else self.dark


def _looks(rows: str) -> dict[str, Look]:
    """Read looks, one to a line: key, hatch, fill, ink and edge on light and on dark paper, word."""
    looks = {}
    for line in rows.strip().splitlines():
        key, hatch, *colours = line.split(None, 8)
        light, dark = Paint(*colours[:3]), Paint(*colours[3:6])
        looks[key] = Look(colours[6], "" if hatch == "-" else hatch, light, dark)  # type: ignore[arg-type]
    return looks


#: Where a chunk is in its life, in the order in which a chunk that is used once passes through it.
STATE_LOOKS = _looks("""
state_absent     -         #ffffff #5a5a5a #8c8c8c  #111111 #a3a3a3 #6c6c6c  no address yet
state_ready      -         #b9e3d0 #06301f #2f8a63  #1d4a38 #dcf5ea #6fc3a0  ready list
state_in_transit dense     #f0e442 #2b2800 #7d7500  #d9cd2f #1f1c00 #fff7a0  in transit
state_active     -         #009e73 #00140d #005c43  #3fcf9f #00170e #b4f3dc  active
state_full       -         #9ad0f0 #0a2430 #2f7fb0  #2b5f80 #e6f5fd #86c6ec  full list
state_reuse      backslash #cc79a7 #1d0714 #7d3f63  #d68fb6 #22091a #f6cfe3  reuse list
state_fault      dots      #d55e00 #1a0b00 #8a3d00  #f08a3c #1f0e00 #ffd0a8  fault list
state_quarantine cross     #5c2a3a #ffffff #b08a96  #a8707f #14050a #ecc4cf  quarantine list
""")

#: What memory is behind a chunk, besides "address space only" and "set to fault".
MEMORY_LOOKS = _looks("""
memory_mapped    slash     #ddd6f2 #1a1040 #6a5aa8  #3b3163 #ece7fb #a99be0  mapped, not zeroed yet
memory_resident  -         #8f7fc4 #0d0726 #4a3c82  #a99be0 #0d0726 #ddd6f5  resident
""")

#: What touching a pointer does.
OUTCOME_LOOKS = _looks("""
outcome_fine     -         #5cc6a5 #04231a #00694e  #1f6f56 #eafff7 #7fe0c2  fine
outcome_stale    dots      #f0e442 #2b2800 #7d7500  #d9cd2f #1f1c00 #fff7a0  stale data
outcome_other    backslash #cc79a7 #1d0714 #7d3f63  #d68fb6 #22091a #f6cfe3  somebody else's object
outcome_nothing  -         #c9d2d9 #1f2a31 #6c7a84  #3b454d #e6edf2 #93a2ad  no object
outcome_faults   cross     #d55e00 #1a0b00 #8a3d00  #f08a3c #1f0e00 #ffd0a8  faults
outcome_reported slash     #7a4fb0 #ffffff #452a70  #b394de #14052b #e6d8fa  reported by a sanitizer
outcome_nil      dense     #4f4f4f #ffffff #191919  #8d8d8d #000000 #d6d6d6  nil
outcome_outside  -         #ffffff #5a5a5a #8c8c8c  #111111 #a3a3a3 #6c6c6c  outside the model
""")

#: The collector's three colours, and where it begins.
MARK_LOOKS = _looks("""
mark_white       -         #fdfdfb #3d464d #5b646b  #f1f4f6 #10181d #ffffff  white: not found
mark_grey        dots      #9aa4ab #0b1216 #4d575e  #7f8a92 #05090b #ccd4d9  grey: queued
mark_black       -         #22282c #ffffff #000000  #0a0c0e #e8edf0 #9aa4ab  black: scanned
mark_root        -         #0072b2 #ffffff #00456c  #56b4e9 #0b1a24 #b5def6  a root
""")

#: What a goroutine is at; hues as those of the events that come of it.
ACT_LOOKS = _looks("""
act_allocates    -         #3b8fc2 #00101a #004a75  #7cc4ee #04202f #c4e5f8  allocates
act_frees        backslash #d8743c #1f0c00 #7d2f00  #f59a62 #260f00 #ffd9c2  frees
act_waits        dots      #f4f4ef #2e3338 #6c757c  #24282c #e3e8ec #99a3ab  waits
act_marks        dense     #8c2f7a #ffffff #4f1445  #d873c4 #22051d #f8d4f0  marks
act_sweeps       slash     #6fc3cb #002226 #00565e  #1f737c #ffffff #a3e6ee  sweeps
act_else         -         #b4bcc3 #10181d #66727b  #5b656d #f2f6f9 #a3afb8  does something else
""")

#: Lines in a plot: the edge is the line, the fill the area below it.
SERIES_LOOKS = _looks("""
series_0         -         #a9cfe6 #06202f #0072b2  #1d4a66 #e3f3fd #56b4e9  first line
series_1         slash     #f2c3a0 #2b1200 #c45500  #6b3a12 #ffe9d8 #f08a3c  second line
series_2         dots      #a5dccb #04231a #00805d  #164a3b #dffaf0 #3fcf9f  third line
series_3         backslash #e8c0d6 #2b0a1d #a24d7d  #5c2f49 #fde8f4 #d68fb6  fourth line
series_4         cross     #ece6a3 #2b2800 #857b00  #55501a #fbf8d5 #d9cd2f  fifth line
series_5         dense     #cfd4d8 #1f2a31 #4d575e  #434b51 #eef2f5 #b4bcc3  sixth line
""")

#: Types or user arenas, the largest first; the last is for all the others.
CHOICE_LOOKS = _looks("""
choice_0         -         #0072b2 #ffffff #00456c  #56b4e9 #0b1a24 #b5def6  most
choice_1         -         #e69f00 #1a1200 #7d5600  #f0b43c #1f1600 #fae0ab  2nd
choice_2         slash     #009e73 #00140d #005c43  #3fcf9f #00170e #b4f3dc  3rd
choice_3         backslash #cc79a7 #1d0714 #7d3f63  #d68fb6 #22091a #f6cfe3  4th
choice_4         cross     #9ad0f0 #0a2430 #2f7fb0  #2b5f80 #e6f5fd #86c6ec  5th
choice_5         dense     #d55e00 #1a0b00 #8a3d00  #e0702a #1a0b00 #ffd0a8  6th
choice_6         dots      #f0e442 #2b2800 #7d7500  #d9cd2f #1f1c00 #fff7a0  7th
choice_7         -         #b4bcc2 #10181d #66727b  #5b656d #f2f6f9 #a3afb8  others
""")

#: Age of objects, oldest first: the ramp is one of lightness, so it needs no hue.
AGE_LOOKS = _looks("""
age_0            -         #3a1b63 #ffffff #20093d  #5a3a86 #ffffff #a98bd6  oldest fifth
age_1            -         #33588c #ffffff #1b3560  #3f73a8 #ffffff #93bfe8  2nd fifth
age_2            -         #21888d #00100f #0c4f53  #2b9aa0 #001414 #9fe4e6  3rd fifth
age_3            -         #5cc06a #04210a #22773a  #74d384 #04210a #cff6d5  4th fifth
age_4            -         #f3e35a #2b2700 #857a00  #fbee7d #2b2700 #fffbd6  newest fifth
""")

#: A recorded heap: how much of a span is used, what a step changed, for whom an object was made.
HEAP_LOOKS = _looks("""
used_1           dots      #b7d8ee #0a2430 #3f7ca8  #1c3a52 #e3f3fd #6fa9d6  less than half used
used_2           slash     #7cb5dd #06202f #2a6796  #2c5d83 #ffffff #86bfe9  half used or more
used_3           backslash #4189bf #000a10 #003a5e  #4a90c4 #00101a #b5dcf5  nearly all used
used_4           -         #0a4a78 #ffffff #032c48  #8fd0fb #04202f #d8f0ff  used
heap_born        dense     #5cc29a #04231a #00694e  #2a8f6a #00140d #8fe6c6  born
heap_stacks      cross     #7040d0 #ffffff #3b1c80  #ae4ef6 #12001f #ead2ff  stacks
heap_died_some   dots      #f7b58a #2b1200 #b04a00  #8a4413 #fff0e5 #f5a86c  some freed
heap_died        -         #c84a05 #ffffff #7d2f00  #ff8f45 #260f00 #ffd9c2  freed
heap_chosen      -         #5c2a3a #ffffff #2e0f1a  #f2b8cd #2b0a16 #ffe8f0  of the chosen scope
heap_open        slash     #5cc29a #04231a #00694e  #2a8f6a #00140d #8fe6c6  its scope is open
heap_outlives    cross     #f0e442 #2b2800 #7d7500  #d9cd2f #1f1c00 #fff7a0  outlives its scope
""")

MORE_LOOKS = (
    STATE_LOOKS
    | MEMORY_LOOKS
    | OUTCOME_LOOKS
    | MARK_LOOKS
    | ACT_LOOKS
    | SERIES_LOOKS
    | CHOICE_LOOKS
    | AGE_LOOKS
    | HEAP_LOOKS
)


def state_meaning(state: str) -> str:
    """Return the key of a state's look: "in transit" looks as "state_in_transit" says."""
    return f"state_{state.replace(' ', '_')}"
