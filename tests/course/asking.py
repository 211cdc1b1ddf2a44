"""Questions of every family under every Go that it is about, for the tests of the chapters."""

from functools import cache

from hypothesis import strategies as st

from arenalab.course import Build, question
from arenalab.course.registry import families
from arenalab.go.versions import VERSIONS
from arenalab.scenarios.values import holds_in


@cache
def builds():
    """Return the names of the families that ask for a program; none is run to tell."""
    return [it.name for it in families() if isinstance(it.drawn(1), Build)]


def questions(name):
    """Draw a question of a family: any seed, any Go that the family is about."""
    about = next(it.go for it in families() if it.name == name)
    versions = [version for version in VERSIONS if holds_in(about, version)]
    return st.builds(question, st.just(name), st.integers(0, 10**6), st.sampled_from(versions))
