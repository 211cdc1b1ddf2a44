"""What `make bench` says of ratios: one that got much worse is named, machines that differ are not."""

from tools.bench_ratios import ratios_of, slower


def bench(**changed):
    """Return the figures of one workload, some changed."""
    said = {"cpu_ns": 100.0, "yard_ns": 10.0, "read_ns": 20.0, "step_ns": 9000.0} | changed
    return [{"name": "test_engines[mixed]", "extra_info": said}, {"name": "test_seek", "extra_info": {}}]


def test_machine_half_as_fast_has_the_same_ratios():
    slow = {name: 2 * value for name, value in bench()[0]["extra_info"].items()}
    assert ratios_of(bench(**slow)) == ratios_of(bench()) != {}
    assert slower(ratios_of(bench(**slow)), ratios_of(bench())) == []


def test_what_takes_twice_as_long_is_named():
    lines = slower(ratios_of(bench(cpu_ns=200.0)), ratios_of(bench()))
    assert lines[0] == "mixed: bulk ÷ numpy is 20.00, 2.00 times the last release's"
    assert len(lines) == 2
    assert slower(ratios_of(bench(cpu_ns=140.0)), ratios_of(bench())) == []


def test_workload_that_the_last_release_had_not_is_not_compared():
    assert slower(ratios_of(bench(cpu_ns=9e9)), {}) == []
