"""The text of docs/performance.md, and what no benchmark measures: what was tried, how long the tests took."""

TEXT = """# Performance

Made by `make bench` on {date}; run it again to have this page for your own machine.

Machine: {cpu}, {cores} cores, {system}, Python {python}, numpy {numpy}. Times of
operations, seeks and bitmaps are of the processor, the best of some rounds, since other programs may be running and
slow these too, by sharing its caches; those of collections, of expanding and of pictures are elapsed. The load over
the last five minutes was {load:.1f}; alone the benchmarks make 1.

## An operation: step machine, bulk, real Go

The same rows, performed three ways. *Real Go* is Go 1.21.13 with `GOEXPERIMENT=arenas`, from the first chunk on: it
maps, faults in and zeroes its chunks, as the replay obtains them. Its time is that of all its threads, for it collects
in threads of their own, and a replay's collections are in its time as well. *Thread* is that of the one which
performs the program, and waits meanwhile: the stricter measure, and the one of *it was*. An allocation alone, in a
chunk that is there, costs real Go {bump:.0f} ns in "mixed".

*Bulk* includes the certificate of every run. It does not include the rows of the ledger, of user arenas that came and
went, and of their small objects: a run's event tells them all, and they are written when somebody first reads them.
*All read* adds that, once.

| workload | steps | bulk | all read | real Go | thread | bulk ÷ real Go | bulk ÷ thread | it was | all read ÷ thread |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
{engines}

![Nanoseconds per operation of the three engines](pictures/performance-engines.svg)

Arenas that come and go ("many-small-arenas", "request-response") are made, filled, freed and dropped in runs, as long
as the reuse list hands chunks on. A Drop, and what becomes of full chunks when their arena is freed, stand in the run,
told by the machine's own procedures. A refill ends a run, and is what the next one begins with, unless it starts a
cycle: its events are the machine's, the value and those behind it are solved ("large-requests"). A run ends at a
collection, too, which flushes the caches, so the arena after it goes step by step, and before an arena for which no
chunk is on the reuse list. Where fewer than a hundred rows follow each other undisturbed, the step machine does the
work. *It was* is bulk ÷ thread before there were runs of arenas, the ledger's rows written later.

## The limits, and how far from them this is

| what | measured | the limit | times the limit |
|---|---:|---:|---:|
| bulk, "mixed", an operation | {mixed:.0f} ns | {bump:.0f} ns: real Go's allocation alone | {over_bump:.1f} |
| bits of a value | {bit:.0f} ns | {moved:.2f} ns: {bytes:.0f} bytes at {gigabytes:.0f} GB/s | {over_moved:.0f} |
| an event of the step machine | {event:,.0f} ns | {least:.0f} ns: Python's own cost of one | {over_least:.1f} |

Real Go's allocation alone, in a chunk that is there, is what an exact model can't go below while it says where each
value stands. Of some 70 ns that an operation of "mixed" takes, 24 are the fixed cost of its runs (200 calls of numpy
for the 10,000 rows between two rare operations), 22 the passes over their rows, of which half are the certificate's,
15 the step machine's for what is rare, a collection (a millisecond) above all, and the rest is cutting and keyframes.
Bits are bounded by memory: each value's type and place are read once, each word of the bitmap is written once. They
are far from it, as a value's mask is looked up, shifted and merged in passes, and the certificate reads all of it
again.

## What was tried

Measured on one machine with others at work on it, so each row compares two states of one hour.

| what | measured | kept |
|---|---|---|
| bits of slices by words of tiled masks, not value by value | "batch-decode" 320 → 138 ns | yes |
| runs of arenas | "request-response" 2,618 → 700 ns | yes |
| | "many-small-arenas" 15,200 → 1,470 ns | |
| rows of arenas that came and went made when somebody looks | "many-small-arenas" 1,470 → 470 ns | yes |
| such rows found by halves, not by asking each run | "many-small-arenas", 8 million: 1,780 → 890 ns | yes |
| 32-bit offsets for 64-bit addresses, no sort for one arena | "tree-build" 72 → 64 ns | yes |
| a Drop in a run, where it ended one | "many-small-arenas" with one in ten dropped: 9,430 → 2,570 ns | yes |
| refills begin a run, full chunks are freed in one | "large-requests" 4,410 → 2,140 ns | yes |
| runs of 4,096, 8,192, 16,384 rows in place of 32,768 | "tree-build" 144, 103, 86 ns against 75 | no |

## The step machine: why not a million events a second

It makes {per_second:,.0f} events a second: random allocations of thirteen types in eight arenas, one after the other,
each event applied and kept. An allocation takes {calls:.0f} calls of Python. Where a profile finds their time:

| part | share |
|---|---:|
{profile}

No function takes more than {longest:.0%} of it, so nothing can be made twice as quick by making one thing quicker.
Journals, log and keyframes are a quarter of it together: all three free of charge would not give a factor of 2. The
least that this design costs in Python, an event of one field that goes through two generators to a handler which
writes one number, is {least:.0f} ns, with nothing of Go in it. A million a second would leave {rest:,.0f} ns an event
for what Go does; now it takes {own:,.0f} ns.

| tried on the step machine | gave | kept |
|---|---|---|
{tried}

## From a thousand operations to a hundred million

"mixed", replayed in pieces of 2²⁰ operations. The time includes making the workload. Between two pieces the World
forgets what only pictures of the past read, so memory does not grow with the program.

| operations | ns per operation | against a tenth as many | peak memory of the process |
|---:|---:|---:|---:|
{scaling}

![Nanoseconds per operation against the number of operations](pictures/performance-scaling.svg)

## The rest

| what | measured | aim |
|---|---:|---:|
| memory of a History, per operation of a million | {history_bytes:.0f} bytes | ≤ 100 |
| the same once its ledger has been read | {read_bytes:.0f} bytes | ≤ 100 |
| the trace it refers to, per operation | {trace_bytes:.0f} bytes | |
| seek to a random moment of a million operations: median of 200 | {seek_median:.1f} ms | |
| the slowest of them | {seek_worst:.1f} ms | ≤ 50 ms |
| bitmap of a million mixed values, solved and certified | {bits:.0f} ms | ≤ 300 ms |
| a collection of the same program, {gc_chunks} chunks | {gc:.1f} ms | |
| expanding the largest run into micro-events ({expanded:,} operations) | {expand:.0f} ms | |
| first chunk map of a million objects | {first:.0f} ms | ≤ 1000 ms |
{views}

## Opening a long run

`python benchmarks/bench_opening.py 1e7` saves a history and opens it in each explorer, in a process of its own: the
first picture, with the words and the listing beside it, in the middle of the run; twenty steps on and twenty back,
the median and the slowest, in which blocks of columns are read for the first time. Processor time. Aims: ≤ 2 s,
≤ 50 ms, and half the memory again that the history takes where it is made.

| history, events | explorer | first picture | a step | the slowest | memory |
|---|---|---:|---:|---:|---:|
{opening}

## The tests

`make test` on two cores. What `tools/planted` plants is caught by tests that it runs, none by a slow one or a browser.

| | tests | wall time | most memory of a process |
|---|---:|---:|---:|
{tests}

## On the screen

In JupyterLab, in a Chromium without a screen, one chunk of a million objects: from a click on "step back" until the
picture is painted, shapes, words and raster; 20 clicks, a quarter of a second apart.

| what | median | p90 | aim |
|---|---:|---:|---:|
{screen}
"""

#: Bulk ÷ real Go's thread before there were runs of arenas. "large-requests" was not measured then.
BEFORE = {
    "mixed": 1.44,
    "request-response": 2.49,
    "batch-decode": 1.46,
    "tree-build": 1.29,
    "many-small-arenas": 119,
    "few-giant-arenas": 0.28,
}

#: `make test` as it was, and since: by hand, from what it prints. Once a week it tries all of its random programs.
TESTS = (
    ("before", "5,248", "18 min", "2.9 GB"),
    (
        "histories shared, budgets of examples, less made again, long ones left to `make rest`",
        "11,802",
        "5.3 min",
        "1.3 GB",
    ),
    ("the same as CI runs it once a week, with all examples", "11,802", "7.7 min", "1.5 GB"),
)

#: What was tried to make the step machine quicker, what it gave or could give, whether it was kept. Each row compares
#: two states of one hour, in turn, by the least processor time of 18 to 24 runs.
TRIED = (
    ("an operation after a cycle that ended beside the program is in order again, not a turn", "8 %", "yes"),
    ("no Events made of what an operation did, where nobody takes them", "nothing", "no"),
    ("journals and ledger that cost nothing: what batching them could give at most", "8 %", "no"),
    ("a log of operations that costs nothing", "4 %", "no"),
    ("keyframes every 1,024 events, which makes a seek four times as long", "7 %", "no"),
    ("no keyframes at all", "13 %", "no"),
    (
        "events not frozen, with slots; handlers in a dict by type; no generator where one is handed on",
        "0.5 µs an event",
        "yes",
    ),
    (
        "mypyc on procedures, handlers, bits and addresses, seven modules: they call what is not compiled",
        "nothing",
        "no",
    ),
    (
        "mypyc on tables, log and scheduler: it takes neither two bases nor the scheduler's match",
        "no build",
        "no",
    ),
)
