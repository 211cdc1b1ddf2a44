"""The events of Go's execution trace format v2: number, name, arguments (Go's internal/trace/tracev2).

The header's version says which of them a file may hold: Go 1.23 and 1.24 write 23, Go 1.25 writes 25, Go 1.26 and 1.27
write 26. Every timed event's first argument is the time since the event before it in its batch; it is left out here.
Number 140 is no event of Go's: a runtime built with our overlay writes it in place of 132, for the stack's sake.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Minor Go version in the header -> whether the end of a generation is marked; earlier formats hold no allocations.
FORMATS = {23: False, 25: False, 26: True}
EVENT_BATCH, STACKS, STACK, STRINGS, STRING, CPU_SAMPLES, CPU_SAMPLE, FREQUENCY = range(1, 9)
EXPERIMENTAL_BATCH, SYNC, CLOCK_SNAPSHOT, END_OF_GENERATION = 49, 50, 51, 52
ALLOC_FREE = 1  #: the experiment that GODEBUG=traceallocfree=1 switches on.

#: Timed events: number -> name and arguments after the time.
TIMED: dict[int, tuple[str, tuple[str, ...]]] = {
    9: ("ProcsChange", ("procs", "stack")),
    10: ("ProcStart", ("p", "p_seq")),
    11: ("ProcStop", ()),
    12: ("ProcSteal", ("p", "p_seq", "m")),
    13: ("ProcStatus", ("p", "pstatus")),
    14: ("GoCreate", ("new_g", "new_stack", "stack")),
    15: ("GoCreateSyscall", ("new_g",)),
    16: ("GoStart", ("g", "g_seq")),
    17: ("GoDestroy", ()),
    18: ("GoDestroySyscall", ()),
    19: ("GoStop", ("reason", "stack")),
    20: ("GoBlock", ("reason", "stack")),
    21: ("GoUnblock", ("g", "g_seq", "stack")),
    22: ("GoSyscallBegin", ("p_seq", "stack")),
    23: ("GoSyscallEnd", ()),
    24: ("GoSyscallEndBlocked", ()),
    25: ("GoStatus", ("g", "m", "gstatus")),
    26: ("STWBegin", ("kind", "stack")),
    27: ("STWEnd", ()),
    28: ("GCActive", ("gc_seq",)),
    29: ("GCBegin", ("gc_seq", "stack")),
    30: ("GCEnd", ("gc_seq",)),
    31: ("GCSweepActive", ("p",)),
    32: ("GCSweepBegin", ("stack",)),
    33: ("GCSweepEnd", ("swept", "reclaimed")),
    34: ("GCMarkAssistActive", ("g",)),
    35: ("GCMarkAssistBegin", ("stack",)),
    36: ("GCMarkAssistEnd", ()),
    37: ("HeapAlloc", ("heapalloc",)),
    38: ("HeapGoal", ("heapgoal",)),
    39: ("GoLabel", ("label",)),
    40: ("UserTaskBegin", ("task", "parent_task", "name", "stack")),
    41: ("UserTaskEnd", ("task", "stack")),
    42: ("UserRegionBegin", ("task", "name", "stack")),
    43: ("UserRegionEnd", ("task", "name", "stack")),
    44: ("UserLog", ("task", "key", "value", "stack")),
    45: ("GoSwitch", ("g", "g_seq")),
    46: ("GoSwitchDestroy", ("g", "g_seq")),
    47: ("GoCreateBlocked", ("new_g", "new_stack", "stack")),
    48: ("GoStatusStack", ("g", "m", "gstatus", "stack")),
    128: ("Span", ("page", "npages", "kindclass")),
    129: ("SpanAlloc", ("page", "npages", "kindclass")),
    130: ("SpanFree", ("page",)),
    131: ("HeapObject", ("word", "type")),
    132: ("HeapObjectAlloc", ("word", "type")),
    133: ("HeapObjectFree", ("word",)),
    134: ("GoroutineStack", ("place", "order")),
    135: ("GoroutineStackAlloc", ("place", "order")),
    136: ("GoroutineStackFree", ("place",)),
    140: ("HeapObjectAllocStack", ("word", "type", "stack")),
}
NUMBER = {name: number for number, (name, _) in TIMED.items()}  #: name -> number.
FIRST_EXPERIMENTAL = 128  #: from here on an event's number has the bit that continues a LEB128.


def arguments() -> NDArray[np.int64]:
    """Return for each byte how many arguments follow an event of that number, the time counted; 0: no timed event."""
    table = np.zeros(256, np.int64)
    for number, (_, names) in TIMED.items():
        table[number] = 1 + len(names)
    return table
