"""What pytest says besides: each failure at once, what `make test` left to `make rest`, how much memory it took."""

import gc
import resource

import pytest

LEFT = ("slow", "browser")
MUCH = 20  #: megabytes that a process grows by in a test, after which its garbage is collected
MOST_NAMED = 12  #: tests that are named where a run took too much memory


class Left:
    """Counts the tests that `-m` left out for their markers, in whatever process it did, and says so at the end."""

    def __init__(self, config):
        self.config, self.counts = config, {}

    def pytest_deselected(self, items):
        """Count what is deselected when all of it is marked so; `-k` deselects anything."""
        marked = [next(filter(item.get_closest_marker, LEFT), None) for item in items]
        if self.config.option.markexpr and all(marked):
            self.counts = {marker: marked.count(marker) for marker in LEFT}

    def pytest_sessionfinish(self):
        """Tell the process that started this worker."""
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["left"] = self.counts

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node):
        """Hear what a worker left; all collect the same."""
        self.counts = getattr(node, "workeroutput", {}).get("left") or self.counts

    def pytest_terminal_summary(self, terminalreporter):
        """Describe what was left, and how to run it; `.ci/run` reads this line."""
        if left := sum(self.counts.values()):
            kinds = ", ".join(f"{number} {marker}" for marker, number in self.counts.items())
            terminalreporter.write_line(
                f"left to `make rest`: {left} tests ({kinds}); `make check` runs both"
            )


class AtOnce:
    """Says what failed when it fails: a run that is cut off has then told it."""

    def __init__(self, config):
        self.config = config

    def pytest_runtest_logreport(self, report):
        """Print the test's name and the lines that tell the error; `.ci/run` reads them."""
        if report.failed and not hasattr(self.config, "workerinput"):
            terminal = self.config.pluginmanager.get_plugin("terminalreporter")
            errors = [line for line in report.longreprtext.splitlines() if line.startswith("E ")]
            for line in ("", f"FAILED {report.nodeid} ({report.when})", *errors):
                terminal.write_line(line)
            terminal.flush()


def megabytes() -> int:
    """Return the most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class Memory:
    """Keeps the most memory that any process of this run had, and fails a run that took more than it may."""

    def __init__(self, config):
        self.config, self.most = config, 0
        self.grown: list[
            tuple[int, str]
        ] = []  #: megabytes that a process grew by in a test, and which one; the most first.

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        """Note in which tests the process grew most: where to look when it takes too much."""
        before = megabytes()
        result = yield
        grown = megabytes() - before
        self._note([(grown, item.nodeid)])
        if grown > MUCH:  # what it left in circles of references would stay until Python looks for them
            gc.collect()
        return result

    def _note(self, grown):
        self.grown = sorted([*self.grown, *map(tuple, grown)], reverse=True)[:MOST_NAMED]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node):
        """Hear how much a worker took."""
        output = getattr(node, "workeroutput", {})
        self.most = max(self.most, output.get("megabytes", 0))
        self._note(output.get("grown", []))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session):
        """Tell the process that started this worker; there, judge."""
        self.most = max(self.most, megabytes())
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput |= {"megabytes": self.most, "grown": [list(each) for each in self.grown]}
        elif self._is_too_much():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _is_too_much(self):
        may = self.config.getoption("most_megabytes")
        return may is not None and self.most > may

    def pytest_terminal_summary(self, terminalreporter):
        """Describe how much it was."""
        too = f": FAILED, it may be {self.config.getoption('most_megabytes')}" if self._is_too_much() else ""
        terminalreporter.write_line(f"most memory of a process: {self.most} MB{too}")
        for grown, name in self.grown if too else ():
            terminalreporter.write_line(f"  {grown} MB more after {name}")


def pytest_addoption(parser):
    """Let a run have a bound on memory."""
    parser.addoption("--most-megabytes", type=int, help="fail a run in which a process takes more memory")


def pytest_configure(config):
    """Tell failures, count what is left, and memory."""
    for plugin in (AtOnce(config), Memory(config), Left(config)):  # the last one speaks first
        config.pluginmanager.register(plugin)


def slow(*values, **options):
    """Return a row of `parametrize` that `make rest` runs."""
    return pytest.param(*values, marks=pytest.mark.slow, **options)


#: The scenario with the longest history, which takes some 300 MB in single steps.
LONGEST = "gotest-recycling-clears-pointer-bits"


#: Those whose bitmaps' thousands of words are stored one by one: `make test` performs each once, with all laws.
LONG = {
    LONGEST,
    "collector-refill-while-marking-is-black-too",
    "free-with-the-collector-off-quarantines",
    "goroutine-frees-while-a-cycle-starts-in-between",
    "goroutine-frees-while-the-sweeper-readies-a-chunk",
    "recycled-chunk-comes-before-never-used-ones",
    "recycled-chunk-does-not-mistake-scalars-for-pointers",
}


def about(name, *values, **options):
    """Return a row of `parametrize` about a scenario, or its recording, of that name."""
    return (slow if name in LONG else pytest.param)(*values, **options)
