"""When objects died and what became of them by a scope's end: against what the program is known to keep."""

import gzip
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import NoSuchError
from arenalab.intake.batches import TraceFile
from arenalab.intake.deaths import NEVER
from arenalab.intake.lifetimes import DEAD, ESCAPES, UNDECIDED, lifetimes_of
from arenalab.intake.log import read_log
from arenalab.intake.objects import objects_of
from arenalab.intake.scopes import HANDLER, READ_AHEAD, SERVE, Scope, scopes_of
from arenalab.intake.verdict import open_at_once, verdict
from tests.intake.making import batch, body_of, leb, trace

FOLDER = Path(__file__).parents[1] / "data/execution-traces"
SAMPLES = sorted(FOLDER.glob("plain-*.trace.gz"))
SERVERS = sorted(FOLDER.glob("orders-*.trace.gz"))
INFO = batch(b"\x01" + b"".join(map(leb, (0xC000000000, 8192, 8, 2048))), experiment=1)
NAMES = batch(b"\x04\x05\x01\x07request")
NODES, STRINGS = 31, 16  #: of one tree of examples/go/plain.


class Read:
    """A trace, read to its end."""

    def __init__(self, path, data):
        path.write_bytes(data)
        self.log = read_log(TraceFile(path))
        self.objects = objects_of(self.log)
        self.lifetimes = lifetimes_of(self.log, self.objects)
        self.scopes = scopes_of(self.log)

    def verdict(self, kind):
        return verdict(self.log, self.objects, self.lifetimes, self.scopes, kind)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("lives") / "some.trace"


@pytest.fixture(scope="module", params=SERVERS, ids=lambda path: path.name.removesuffix(".trace.gz"))
def server(request, scratch):
    return Read(scratch, gzip.decompress(request.param.read_bytes()))


@pytest.fixture(scope="module", params=SAMPLES, ids=lambda path: path.name.removesuffix(".trace.gz"))
def sample(request, scratch):
    return Read(scratch, gzip.decompress(request.param.read_bytes()))


def nodes(found, fate):
    """Return how many nodes of each request have a fate."""
    mine = [of for of, its, name in zip(found.of.tolist(), found.fate.tolist(), found.types, strict=True)
            if its == fate and name == "main.node"]  # fmt: skip
    return np.bincount(mine, minlength=found.scopes)


def requests(read):
    """Return the requests' numbers in the order of the scopes: each goroutine takes every second one."""
    scopes = read.scopes["task request"]
    order = sorted({each.g for each in scopes}, key=lambda g: -dict(nodes_kept(read))[g])
    seen = dict.fromkeys(order, 0)
    numbers = []
    for each in scopes:
        numbers.append(2 * seen[each.g] + order.index(each.g))
        seen[each.g] += 1
    return np.array(numbers)


def nodes_kept(read):
    """Yield each working goroutine and how many objects of its requests escape: only one of them keeps any."""
    found = read.verdict("task request")
    escaping = found.objects[found.fate == ESCAPES]
    for g in {each.g for each in read.scopes["task request"]}:
        yield g, int(((read.objects.g[escaping] == g) * (read.objects.size[escaping] == 48)).sum())


def test_exactly_what_the_program_keeps_escapes(sample):
    """Requests 0, 10, 20 and 30 keep their trees; a later collection has to show it."""
    found, numbers = sample.verdict("task request"), requests(sample)
    escaping = nodes(found, ESCAPES)
    assert set(escaping[numbers % 10 != 0]) == {0}
    assert set(escaping[np.isin(numbers, [0, 10, 20])]) == {NODES}
    assert set(nodes(found, DEAD)[numbers % 10 == 0]) == {0}


def test_in_a_request_that_ends_with_a_collection_all_is_decided(sample):
    found, numbers = sample.verdict("task request"), requests(sample)
    audited = np.logical_and(numbers % 8 < 2, numbers % 10 != 0)
    assert audited.sum() == 9
    assert set(nodes(found, DEAD)[audited]) == {NODES}


def test_a_verdict_without_a_collection_at_its_end_is_undecided_or_right(sample):
    """A region ends before its request's collection, so no cycle ends in it unless the other goroutine's does."""
    found = sample.verdict("region build")
    assert found.count(DEAD) + found.count(ESCAPES) + found.count(UNDECIDED) == len(found.objects)
    assert found.decided < 0.5
    assert nodes(found, ESCAPES).sum() % NODES == 0


def test_what_a_goroutine_keeps_is_undecided_at_the_trace_s_end(sample):
    found = sample.verdict("goroutine main.work")
    assert found.scopes == 2
    assert found.count(ESCAPES) == 0
    assert nodes(found, UNDECIDED).sum() >= 4 * NODES


def test_requests_of_an_unmodified_server_are_found(server):
    """Each of the sixty makes one order with ten prices; all but the small number 0 are allocated."""
    found = server.verdict("http")
    assert (found.scopes, found.left_out) == (60, 0)
    orders = found.of[np.array(found.types) == "main.order"]
    assert sorted(orders.tolist()) == list(range(60))
    assert found.types.count("main.item") >= 60
    assert found.open_at_once == 1


def test_exactly_the_orders_that_the_server_keeps_escape(server):
    found = server.verdict("http")
    fates = dict(zip(found.of.tolist(), zip(found.types, found.fate.tolist(), strict=True), strict=True))
    assert len(fates) == 60
    order = np.array(found.types) == "main.order"
    assert found.of[np.logical_and(order, found.fate == ESCAPES)].tolist() == list(range(0, 60, 10))


def test_what_a_request_s_handler_waits_for_is_no_end_of_it(scratch):
    """The handler blocks twice; the third block is the connection's own."""
    names = (READ_AHEAD, SERVE, HANDLER, "main.handle")
    strings = b"\x04" + b"".join(b"\x05" + leb(k) + leb(len(n)) + n.encode() for k, n in enumerate(names, 1))
    stacks = b"\x02" + b"".join(
        b"\x03"
        + leb(key)
        + leb(len(calls))
        + b"".join(leb(0) + leb(call) + leb(0) + leb(1) for call in calls)
        for key, calls in ((1, (1, 2)), (2, (4, 3, 2)), (3, (2,)))
    )
    rows = [
        (1, "SpanAlloc", (0, 1, 4 * 5)), (5, "GoStart", (5, 1)), (5, "HeapObjectAlloc", (0, 0)),
        (5, "GoCreate", (6, 0, 1)), (5, "HeapObjectAlloc", (6, 0)),
        (5, "GoBlock", (0, 2)), (5, "GoStart", (5, 2)), (5, "HeapObjectAlloc", (12, 0)),
        (5, "GoBlock", (0, 2)), (5, "GoStart", (5, 3)), (5, "HeapObjectAlloc", (18, 0)),
        (5, "GoBlock", (0, 3)), (5, "GoStart", (5, 4)), (5, "HeapObjectAlloc", (24, 0)), (5, "GoBlock", (0, 3)),
    ]  # fmt: skip
    read = Read(scratch, trace(INFO, batch(strings), batch(stacks), batch(body_of(rows), time=1000)))
    found = read.verdict("http")
    assert (read.objects.address[found.objects] - 0xC000000000).tolist() == [48, 96, 144]


def test_scopes_without_an_end_are_left_out_and_counted(scratch):
    rows = [(1, "SpanAlloc", (0, 1, 4 * 5)), (5, "GoStart", (5, 1))]
    rows += [(5, "UserTaskBegin", (task, 0, 1, 0)) for task in (1, 2, 3)] + [(5, "UserTaskEnd", (2, 0))]
    found = Read(scratch, trace(INFO, NAMES, batch(body_of(rows), time=1000))).verdict("task request")
    assert (found.scopes, found.left_out) == (1, 2)
    assert "  left out: 2 that began" in "\n".join(found.lines())


def test_unknown_scope_is_refused_and_the_known_are_named(sample):
    with pytest.raises(NoSuchError, match=r"'task answer'; expected one of: .*task request"):
        sample.verdict("task answer")


def test_verdict_in_words_always_says_how_much_is_decided(sample):
    for kind in sample.scopes:
        found = sample.verdict(kind)
        lines = list(found.lines())
        assert re.fullmatch(
            rf"{kind}: [\d,]+ scopes?, [\d,]+ objects?, [\d.]+ KiB; [\d.]+ % decided", lines[0]
        )
        assert [line.split(":")[0].strip() for line in lines[1:]] == [
            "a scope",
            "dead in scope",
            "escapes",
            "undecided",
        ]
        facts = found.facts()
        assert sum(facts[name]["objects"] for name in ("dead in scope", "escapes", "undecided")) == len(
            found.objects
        )


def test_scopes_that_were_open_at_once_are_counted():
    spans = [(1, 5), (2, 3), (3, 9), (5, 6), (20, 21)]
    assert open_at_once([Scope("task", 1, begin, end, end) for begin, end in spans]) == 2


def test_size_of_a_scope_is_that_of_its_objects(sample):
    facts = sample.verdict("task request").facts()
    assert (facts["scopes"], facts["open_at_once"]) == (40, 2)
    assert 50 <= facts["median"]["objects"] <= facts["largest"]["objects"]
    assert facts["median"]["bytes"] > NODES * 48 + STRINGS * 24 + 640


def lived(path, born, freed, end, cycles):
    """Return the fate of an object of a task that lasts from moment 1 to `end`; cycles are (GCBegin, GCEnd or None)."""
    moments = [
        (0, "SpanAlloc", (0, 1, 4 * 5)), (0.5, "GoStart", (5, 1)), (1, "UserTaskBegin", (9, 0, 1, 0)),
        (born, "HeapObjectAlloc", (6, 0)), (end, "UserTaskEnd", (9, 0)),
        *((begin, "GCBegin", (2 * number + 1, 0)) for number, (begin, _) in enumerate(cycles)),
        *((begin + 0.01, "STWEnd", ()) for begin, _ in cycles),
        *((over, "GCEnd", (2 * number + 2,)) for number, (_, over) in enumerate(cycles) if over is not None),
        *([] if freed is None else [(freed, "HeapObjectFree", (6,))]),
    ]  # fmt: skip
    moments.sort(key=lambda each: each[0])
    steps = np.diff(
        [0, *(int(each[0] * 100) for each in moments)]
    ).tolist()  # clock stamps: two ticks or more
    body = body_of([(2 + step, name, args) for step, (_, name, args) in zip(steps, moments, strict=True)])
    return Read(path, trace(INFO, NAMES, batch(body, time=1000))).verdict("task request").fate.tolist()


@pytest.mark.parametrize(
    ("born", "freed", "end", "cycles", "fate"),
    [
        (2, None, 5, [], UNDECIDED),  # no collection
        (2, None, 5, [(6, 7), (8, 9)], ESCAPES),  # marked after the end; swept before the next cycle ended
        (2, None, 5, [(6, 7)], UNDECIDED),  # perhaps not swept yet
        (2, 8, 9, [(3, 4)], DEAD),
        (2, 8, 5, [(3, 4)], DEAD),  # freed late, found dead in time
        (2, 8, 5, [(3, 6)], UNDECIDED),  # a stack may have held it when the cycle began
        (2, 8, 5, [(6, 7)], UNDECIDED),  # died between the end and the cycle, or before
        (2, 12, 5, [(6, 7), (9, 10)], ESCAPES),  # survived the first cycle
        (2, 12, 7, [(3, 4), (9, 10)], UNDECIDED),  # survived a cycle within the task
        (4, 12, 5, [(3, 6), (9, 10)], UNDECIDED),  # born while a cycle marked: surviving that says nothing
        (2, 9.5, 5, [(3, 4), (9, 10)], UNDECIDED),  # swept by the cycle under way: the one before had kept it
        (2, 9.5, 5, [(3, 4), (9, None)], UNDECIDED),  # the same, as the trace ends
        (2, 9.5, 12, [(3, 4), (9, 10)], DEAD),
        (2, 9.005, 5, [(3, 4), (9, 10)], DEAD),  # what the first cycle left to the second, before that marks
    ],
)  # fmt: skip
def test_fate_of_one_object(born, freed, end, cycles, fate, scratch):
    assert lived(scratch, born, freed, end, cycles) == [fate]


@given(
    born=st.integers(2, 40),
    life=st.integers(1, 40),
    end=st.integers(2, 40),
    moments=st.lists(st.integers(0, 90), min_size=2, max_size=8, unique=True),
    at_once=st.booleans(),
    within=st.booleans(),
)
def test_verdict_is_never_false(born, life, end, moments, at_once, within, scratch):
    """The next cycle that begins after an object died frees it; one that marks while it dies may do so `at_once`.

    Its sweep comes after its end or, with gcstoptheworld=2, `within` it.
    """
    end, died = max(end, born) + 0.5, born + life
    moments = [each + 0.25 for each in sorted(moments)]
    cycles = list(zip(moments[::2], moments[1::2], strict=False))
    over = next(
        (over for begin, over in cycles if begin > born and (over if at_once else begin) > died), None
    )
    freed = None if over is None else over - 0.25 if within else over + 0.25
    fate = lived(scratch, born, freed, end, cycles)
    assert fate in ([UNDECIDED], [DEAD if died <= end else ESCAPES])


def test_objects_of_a_goroutine_that_the_request_started_are_the_request_s(scratch):
    rows = [
        (1, "SpanAlloc", (0, 1, 4 * 5)), (5, "GoStart", (5, 1)), (5, "UserTaskBegin", (9, 0, 1, 0)),
        (5, "GoCreate", (6, 0, 0)), (5, "GoCreate", (7, 0, 0)), (5, "GoStop", (1, 0)),
        (5, "GoStart", (6, 1)), (5, "HeapObjectAlloc", (0, 0)), (5, "GoCreate", (8, 0, 0)), (5, "GoStop", (1, 0)),
        (5, "GoStart", (8, 1)), (5, "HeapObjectAlloc", (6, 0)), (5, "GoStop", (1, 0)),
        (5, "GoStart", (5, 2)), (5, "UserTaskEnd", (9, 0)), (5, "HeapObjectAlloc", (12, 0)), (5, "GoStop", (1, 0)),
        (5, "GoStart", (7, 1)), (5, "HeapObjectAlloc", (18, 0)),
    ]  # fmt: skip
    read = Read(scratch, trace(INFO, NAMES, batch(body_of(rows), time=1000)))
    found = read.verdict("task request")
    assert (read.objects.address[found.objects] - 0xC000000000).tolist() == [0, 48]
    assert read.objects.end.tolist() == [NEVER] * 4


def test_each_task_has_its_own_objects_where_stamps_lie_together(scratch):
    """The thread's next buffer begins by the clock, so all that the first stamps say is: before that."""
    tasks = [
        row
        for n in range(3)
        for row in (
            (1, "UserTaskBegin", (9 + n, 0, 1, 0)), (1, "HeapObjectAlloc", (6 * n, 0)), (1, "UserTaskEnd", (9 + n, 0)),
        )
    ]  # fmt: skip
    rows = [(1, "SpanAlloc", (0, 1, 4 * 5)), (1, "GoStart", (5, 1)), *tasks]
    later = batch(body_of([(1, "HeapObjectAlloc", (60, 0))]), time=1001)
    read = Read(scratch, trace(INFO, NAMES, batch(body_of(rows), time=1000), later))
    found = read.verdict("task request")
    assert (found.of.tolist(), read.objects.slot[found.objects].tolist()) == (
        [0, 1, 2],
        [0xC000000000 + 48 * n for n in range(3)],
    )
