"""Whoever installs ArenaLab gets what was tested: the lock, the recipe for conda, what a release does."""

import importlib.metadata
import re
import subprocess
import tomllib
from itertools import product
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
RECIPE = yaml.safe_load((ROOT / "conda/recipe.yaml").read_text())
WORKFLOWS = {path.name: yaml.safe_load(path.read_text()) for path in (ROOT / ".github/workflows").iterdir()}
PINS = [
    Requirement(line)
    for line in (ROOT / "constraints.txt").read_text().splitlines()
    if line.strip() and not line.lstrip().startswith("#")
]
SYSTEMS = {"linux": "posix", "darwin": "posix", "win32": "nt"}
PYTHONS = ("3.11.2", "3.11.9", "3.12.0", "3.13.0", "3.14.0")


def required(*extras):
    """Return what the project and its extras need from elsewhere."""
    texts = [*PROJECT["dependencies"], *(text for extra in extras for text in EXTRAS[extra])]
    return [it for it in map(Requirement, texts) if it.name != "arenalab"]


def pinned(name, environment):
    """Return the versions that are pinned of a package, in an environment."""
    its = [pin for pin in PINS if canonicalize_name(pin.name) == canonicalize_name(name)]
    return [str(it.specifier) for it in its if it.marker is None or it.marker.evaluate(environment)]


def complaints(needs, environment):
    """Return the requirements that the lock does not answer with one fitting version."""
    found = {need: pinned(need.name, environment) for need in needs}
    fits = lambda need, pins: len(pins) == 1 and need.specifier.contains(pins[0].removeprefix("=="))  # noqa: E731
    return [f"{need}: {pins}" for need, pins in found.items() if not fits(need, pins)]


@pytest.mark.parametrize(("system", "python"), [*product(SYSTEMS, PYTHONS)])
def test_lock_pins_each_dependency_once_and_to_a_version_that_fits(system, python):
    version = {"python_full_version": python, "python_version": python.rpartition(".")[0]}
    environment = default_environment() | {"sys_platform": system, "os_name": SYSTEMS[system]} | version
    assert complaints(required(*EXTRAS), environment) == [], "pyproject.toml has changed: run `make lock`"


def test_lock_covers_what_dependencies_need_in_turn():
    """What a package needs is read from what is installed here."""
    environment, waiting, seen = default_environment() | {"extra": ""}, required("lab", "test", "go"), set()
    missing = complaints(waiting, environment)
    while waiting:
        need = waiting.pop()
        asked = (canonicalize_name(need.name), frozenset(need.extras))
        if asked in seen:
            continue
        seen.add(asked)
        lines = map(Requirement, importlib.metadata.requires(need.name) or ())
        extras = need.extras or {""}
        holds = [
            it for it in lines if it.marker is None or any(it.marker.evaluate({"extra": e}) for e in extras)
        ]
        missing += complaints(holds, environment)
        waiting += holds
    assert len(seen) > 100
    assert missing == []


def test_every_pin_is_one_version():
    assert [str(pin) for pin in PINS if not re.fullmatch(r"==[\w.+!]+", str(pin.specifier))] == []


@pytest.mark.parametrize("stamp", [".lab-installed", ".test-installed"])
def test_whatever_installs_installs_what_is_locked(stamp):
    command = ["make", "--dry-run", "--always-make", f".venv/{stamp}"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    installs = re.findall(r"pip install[^&|;\n]*", told)
    assert len(installs) == 3  # uv, all with it, all without it
    assert all("-c constraints.txt" in each for each in installs)


def test_recipe_needs_what_the_project_needs():
    run = {canonicalize_name(need.name): str(need.specifier) for need in required("lab", "types", "trace")}
    told = [line.partition(" ") for line in RECIPE["requirements"]["run"]]
    assert {name: version for name, _, version in told} == run | {"python": PROJECT["requires-python"]}
    assert RECIPE["context"]["version"] == PROJECT["version"]
    scripts = [f"{name} = {home}" for name, home in PROJECT["scripts"].items()]
    assert RECIPE["build"]["python"]["entry_points"] == scripts
    assert RECIPE["build"]["noarch"] == "python"


def steps():
    return [
        step for flow in WORKFLOWS.values() for job in flow["jobs"].values() for step in job.get("steps", ())
    ]


def test_actions_are_pinned_to_a_commit():
    used = [step["uses"] for step in steps() if "uses" in step]
    assert used
    assert [name for name in used if not re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", name)] == []


def test_a_release_publishes_what_was_built_and_tried_and_holds_no_secret():
    jobs = WORKFLOWS["release.yml"]["jobs"]
    assert WORKFLOWS["release.yml"][True] == {"push": {"tags": ["v*"]}}  # YAML takes "on" for a truth value
    assert set(jobs["publish"]["needs"]) == {"ci", "build", "try"} == set(jobs) - {"publish"}
    assert [name for name, job in jobs.items() if "id-token" in job.get("permissions", {})] == ["publish"]
    for name, flow in WORKFLOWS.items():
        assert flow["permissions"] == {"contents": "read"}, name
        assert "secrets." not in (ROOT / ".github/workflows" / name).read_text()


def test_ci_is_the_script_that_runs_anywhere():
    assert ".ci/run" in [step.get("run") for step in WORKFLOWS["ci.yml"]["jobs"]["run"]["steps"]]
