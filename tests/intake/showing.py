"""Traces made by hand in which goroutines show stacks."""

from arenalab.advice.trace_run import TraceRun
from tests.intake.making import batch, body_of, leb, trace

START = 0xC000000000
INFO = batch(b"\x01" + b"".join(map(leb, (START, 8192, 8, 2048))), experiment=1)


class Made:
    """A trace in which one goroutine or more show stacks; calls are (function, instruction), the outermost first."""

    def __init__(self):
        self.stacks, self.rows, self.slots = {(): 0}, [(1, "SpanAlloc", (0, 10, 4 * 5))], 0

    def stack(self, calls):
        return self.stacks.setdefault(tuple(calls), len(self.stacks))

    def add(self, name, *args):
        self.rows.append((5, name, args))

    def create(self, g):
        self.add("GoStatus", 1, 7, 2)
        self.add("GoCreate", g, 0, 0)
        self.add("GoStop", 1, 0)

    def allocate(self, calls):
        self.add("HeapObjectAllocStack", 6 * self.slots, 0, self.stack(calls))
        self.slots += 1

    def run(self, path):
        names = sorted({name for calls in self.stacks for name, _ in calls})
        number = {name: place for place, name in enumerate(names, 1)}
        strings = b"\x04" + b"".join(b"\x05" + leb(k) + leb(len(n)) + n.encode() for n, k in number.items())
        stacks = b"\x02" + b"".join(
            b"\x03"
            + leb(key)
            + leb(len(calls))
            + b"".join(leb(pc) + leb(number[name]) + leb(0) + leb(1) for name, pc in reversed(calls))
            for calls, key in self.stacks.items()
            if key
        )
        path.write_bytes(
            trace(
                INFO,
                batch(strings),
                batch(stacks),
                batch(b"\x32\x08" + leb(15_625_000)),
                batch(body_of(self.rows), time=1000),
            )
        )
        return TraceRun.read(path)
