"""Under which rules a machine starts: those given, those of a version, those of the World to go on from."""

from __future__ import annotations

from arenalab.asked import instance
from arenalab.errors import ArgumentError
from arenalab.go.init_checks import check_constants
from arenalab.go.rules import GoRules
from arenalab.go.versions import GO_NEWEST, go_rules
from arenalab.machine.heap_bits import check_home
from arenalab.world.state import World


def unasked(start: World | None) -> GoRules:
    """Return the rules where nobody gives any: those of the World to go on from, else the newest Go's."""
    if start is None:
        return GO_NEWEST
    instance("start", start, World, "a World, such as history.at(10)")
    return start.rules


def rules_of(rules: GoRules | None, go: str | None, start: World | None) -> GoRules:
    """Return the rules given, or those of the version given; refuse both, and constants that Go refuses."""
    usual = unasked(start)
    if rules is None:
        rules = usual if go is None else go_rules(go)
    elif go is not None:
        raise ArgumentError("go", go, "left out where rules are given: they say the version")
    instance("rules", rules, GoRules, "GoRules, such as dataclasses.replace(arenalab.go_rules(), gogc=50)")
    check_constants(rules)
    check_home(rules)
    return rules
