"""Every change from one Go to the next has a scenario that fails without it; docs/versions.md says which."""

import json

import pytest

from arenalab.go.versions import NEWEST, VERSIONS
from tools import version_changes
from tools.record_scenarios import recorded_by
from tools.version_changes import (
    RELEASES,
    TALLY,
    bodies,
    changes,
    counted,
    counted_scenarios,
    left_out,
    problems,
    recordings_of,
)
from tools.version_rules import BODIES, RULES

TOLD = json.loads(TALLY.read_text())
STORED = TOLD["recordings"]
SHOWN = [(version, name) for version, name in changes() if RULES[name][1][version]]


def test_no_change_lacks_a_scenario_that_shows_it():
    assert problems() == []


def test_the_page_is_the_one_that_the_generator_writes():
    assert version_changes.PAGE.read_text() == version_changes.page(), "python -m tools.version_changes"


@pytest.mark.parametrize(("version", "name"), SHOWN)
def test_a_scenario_that_does_not_show_its_change_is_named(monkeypatch, version, name):
    silent = "clone-of-a-slice-cuts-its-capacity"
    monkeypatch.setattr(version_changes, "changes", lambda: [(version, name)])
    monkeypatch.setitem(RULES, name, ("", {version: silent}))
    found = list(version_changes._of_rules())
    assert found == [f"{name}: {silent} holds in {version} also with the rule as it was before"]


def test_a_change_that_nobody_speaks_of_is_named(monkeypatch):
    monkeypatch.setitem(RULES, "mask_kind", ("", {}))
    monkeypatch.setattr(version_changes, "changes", lambda: [("1.24", "mask_kind"), ("1.26", "unheard_of")])
    assert [text.split(":")[0] for text in version_changes._of_rules()] == ["mask_kind", "unheard_of"]


@pytest.mark.parametrize("body", bodies(), ids=lambda body: body.python)
def test_a_body_that_its_scenario_does_not_run_is_named(monkeypatch, body):
    silent = "init-chunk-of-partial-pages-throws"
    monkeypatch.setattr(version_changes, "bodies", lambda: [body])
    monkeypatch.setitem(BODIES, (body.function, body.since), silent)
    assert list(version_changes._of_bodies()) == [
        f"{body.python}: {silent} doesn't run it in Go {body.since}"
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_tally_names_all_recordings_and_counts_as_it_was_counted(version):
    release = RELEASES[version]
    assert list(STORED[release]) == recordings_of(release)
    assert counted(release, "small-1") == (STORED[release]["small-1"][0], 0)
    assert sum(different for _, different in STORED[release].values()) == 0


@pytest.mark.parametrize("version", VERSIONS)
def test_the_tally_counts_the_scenarios_that_each_release_recorded(version):
    told = TOLD["scenarios"][RELEASES[version]]
    assert (told["recorded"], told["left_out"]) == (len(recorded_by(version)), left_out(version))
    assert told["differences"] == 0
    assert version != NEWEST or told == counted_scenarios(version), "python -m tools.version_changes --count"
