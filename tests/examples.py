"""How many random programs a test tries: a part of those that it asks for, all of them in a weekly run.

HYPOTHESIS_PROFILE names the profile: `dev`, where nothing is named; `ci`, whose programs are the same each time, so
that a change is judged by itself and not by its luck; `fresh`, with all, others each time, which a weekly run tries.
A test says what it asks for with `@examples(40)`; one that says nothing asks for USUAL.
"""

import os
from math import ceil

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

#: profile -> the share of its examples that each test tries.
SHARES = {"dev": 0.25, "ci": 0.25, "fresh": 1}
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "dev")
TRIES_ALL = SHARES[PROFILE] == 1
USUAL, FEWEST = 50, 5
#: Elsewhere than in CI examples are looked for afresh on each run, so that many runs see many programs; a failure
#: prints the line that repeats it. Time is not judged: the machine may be busy.
ALIKE = {
    "deadline": None,
    "print_blob": True,
    "suppress_health_check": [HealthCheck.too_slow],
    "derandomize": PROFILE == "ci",
}


def number(asked, profile=PROFILE):
    """Return how many of the examples that a test asks for are tried under a profile."""
    return max(min(asked, FEWEST), ceil(asked * SHARES[profile]))


def some(cases, each=3):
    """Return each third of the cases, or so, their first among them; in a weekly run all."""
    return [*cases][:: 1 if TRIES_ALL else each]


def examples(asked, **more):
    """Return hypothesis settings, a decorator, of a test that asks for so many examples."""
    return settings(**ALIKE | more, max_examples=number(asked))


def load_profile():
    """Make one profile of each name known to hypothesis, and the named one that of all tests."""
    for name in SHARES:
        settings.register_profile(name, max_examples=number(USUAL, name), **ALIKE)
    settings.load_profile(PROFILE)
    if ALIKE["derandomize"]:
        _forget_what_is_loaded()


def _forget_what_is_loaded():
    """Keep hypothesis from the constants of our modules: which ones a process has loaded is luck, too."""
    providers._get_local_constants = lambda: providers._local_constants
