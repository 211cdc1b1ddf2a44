"""What CI says of ratios: one that got much worse is named, however busy the machine; machines that differ are not."""

import json
import zipfile

import pytest

from tools import bench_ratios
from tools.bench_ratios import best_of, main, slower

BEFORE = {"mixed": {"bulk ÷ numpy": 10.0, "step ÷ Python": 70.0}}


def times(factor, **changed):
    """Return the ratios from before, each so many times as large, and some changed."""
    return {"mixed": {name: factor * value for name, value in BEFORE["mixed"].items()} | changed}


@pytest.fixture
def kept(tmp_path):
    (tmp_path / "kept.json").write_text(json.dumps(BEFORE))
    return tmp_path / "kept.json"


@pytest.fixture
def measure(monkeypatch):
    """Have the given ratios measured one after the other, the last of them for ever; note of which folder."""

    def given(*rounds):
        asked = []

        def measured(root=bench_ratios.ROOT):
            asked.append(root)
            return rounds[min(len(asked), len(rounds)) - 1]

        monkeypatch.setattr(bench_ratios, "measured", measured)
        return asked

    return given


def test_what_takes_three_times_as_long_is_named():
    lines = slower(times(1, **{"bulk ÷ numpy": 30.0}), BEFORE)
    assert lines == ["mixed: bulk ÷ numpy is 30.00, 3.00 times the last release's"]
    assert slower(times(1.9), BEFORE) == []


def test_workload_that_the_last_release_had_not_is_not_compared():
    assert slower({"new": {"bulk ÷ numpy": 9e9}}, BEFORE) == slower(BEFORE, {}) == []


def test_a_busy_moment_is_no_regression_and_is_measured_again(kept, measure, capsys):
    asked = measure(times(3), times(1))
    assert main([str(kept)]) == 0
    assert len(asked) == 2
    assert "nothing of 1 workloads is slower" in capsys.readouterr().out


def test_what_stays_slow_fails_and_what_was_kept_stays_until_it_is_asked_for(kept, measure, capsys):
    measure(times(2.5))
    assert main([str(kept)]) == 1
    assert "step ÷ Python is 175.00, 2.50 times" in capsys.readouterr().out
    assert json.loads(kept.read_text()) == BEFORE
    main([str(kept), "--keep"])
    assert json.loads(kept.read_text()) == times(2.5)
    assert main([str(kept)]) == 0


def test_of_several_rounds_each_ratio_is_its_best():
    assert best_of([times(2), times(3, **{"step ÷ Python": 1.0})]) == times(2, **{"step ÷ Python": 1.0})


@pytest.mark.parametrize(("here", "status"), [(12.0, 0), (14.0, 1)])
def test_a_wheel_is_measured_beside_these_sources_and_a_third_is_too_much(
    tmp_path, monkeypatch, here, status
):
    """`measured` itself runs: in two folders, each with a package that says how slow it is."""
    for folder, speed in (("now", here), ("before", 10.0)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "speed.py").write_text(f"SPEED = {speed}\n")
    with zipfile.ZipFile(tmp_path / "before.whl", "w") as wheel:
        wheel.write(tmp_path / "before/speed.py", "speed.py")
    monkeypatch.setattr(
        bench_ratios, "SCRIPT", "import json, speed; print(json.dumps({'mixed': {'bulk': speed.SPEED}}))"
    )
    monkeypatch.setattr(bench_ratios.measured, "__defaults__", (tmp_path / "now",))
    monkeypatch.setattr(bench_ratios, "ROUNDS", 1)
    assert main(["--against", str(tmp_path / "before.whl")]) == status


def test_a_comparison_with_nothing_is_refused():
    with pytest.raises(SystemExit):
        main([])
