"""Made heaps: what happened, in true order, and the trace that Go's threads would have written of it.

Each thread's stamps run ahead of the clock as Go's do: an event comes at least one tick after the one before it in its
buffer, and a new buffer begins by the clock.
"""

from typing import NamedTuple

from hypothesis import strategies as st

from arenalab.go.sizeclasses import CLASS_PAGES, CLASS_SIZES
from arenalab.intake.kinds import NUMBER
from tests.intake.making import batch, leb, trace

START, PAGE = 0xC000000000, 8192
CLASSES = (2, 3, 5, 39, 67)  #: 16 (tiny if it has no pointers), 24, 48, 2688, 32768 bytes.


class Object(NamedTuple):
    """One object as it truly was."""

    address: int
    size: int
    tiny: bool
    ended: bool


class Thread:
    """A thread that writes stamped events into buffers."""

    def __init__(self, m):
        self.m, self.batches, self.body, self.last, self.begin = m, [], b"", 0, 0

    def write(self, clock, name, *args):
        if not self.body:
            self.begin = self.last = clock
        stamp = max(clock, self.last + 1)
        self.body += bytes([NUMBER[name]]) + leb(stamp - self.last) + b"".join(map(leb, args))
        self.last = stamp

    def flush(self):
        if self.body:
            self.batches.append(batch(self.body, 1, self.m, self.begin))
        self.body = b""


@st.composite
def heaps(draw):  # noqa: C901  # one step of many kinds
    """Draw what happened; return the trace's bytes and the objects in the order in which they came."""
    threads = [Thread(1), Thread(2)]
    clock, spans, live, objects = 1000, {}, {}, []
    for step in draw(st.lists(st.integers(0, 2**20), max_size=60)):
        what, rest = step % 8, step // 8
        thread = threads[rest % 2]
        clock += rest // 2 % 4 // 2  # often nothing: many events in one tick
        if what == 0 or not spans:  # a span; of a page that was free where there is one
            sizeclass = CLASSES[rest // 8 % len(CLASSES)]
            noscan = rest // 64 % 2
            number = rest // 128 % 6 * 8
            if number not in spans:
                spans[number] = (CLASS_SIZES[sizeclass - 1], sizeclass, noscan)
                clock += 8  # the heap's lock takes longer than the stamps of these few events run ahead
                thread.write(
                    clock, "SpanAlloc", number, CLASS_PAGES[sizeclass - 1], (sizeclass * 2 + noscan) * 2
                )
        elif what == 1:  # a free span goes
            clock += 70  # and comes again only when the clock has caught up
            empty = [each for each in spans if not any(slot // PAGE // 8 == each // 8 for slot in live)]
            for each in empty[: rest // 8 % 2]:
                del spans[each]
                thread.write(clock, "SpanFree", each)
        elif what == 2 and live:  # a sweep, in one tick; marking took longer than stamps run ahead
            clock += 70
            for slot in list(live)[rest // 8 % 3 :]:
                for row in live.pop(slot):
                    objects[row] = objects[row]._replace(ended=True)
                thread.write(clock, "HeapObjectFree", slot // 8)
        elif what == 3:
            thread.flush()
        else:
            number = sorted(spans)[rest // 8 % len(spans)]
            size, sizeclass, noscan = spans[number]
            slots = CLASS_PAGES[sizeclass - 1] * PAGE // size
            slot = number * PAGE + rest // 64 % min(slots, 3) * size
            tiny = size == 16 and noscan == 1
            if slot in live and not (tiny and len(live[slot]) < 2):
                continue
            header = 8 * (size > 512 and not noscan)
            inside = 8 if tiny and slot in live else header
            live.setdefault(slot, []).append(len(objects))
            objects.append(Object(START + slot + inside, size, tiny, ended=False))
            thread.write(clock, "HeapObjectAlloc", (slot + inside) // 8, 0)
    for thread in threads:
        thread.flush()
    info = batch(b"\x01" + b"".join(map(leb, (START, PAGE, 8, 2048))), experiment=1)
    clock_table = batch(b"\x32\x08" + leb(15_625_000))
    made = [each for thread in threads for each in thread.batches]
    return trace(info, clock_table, *made), objects
