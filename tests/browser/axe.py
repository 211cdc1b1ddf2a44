"""axe-core, which knows what keeps people with a screen reader, or without a mouse, out of a page."""

import os
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "player/node_modules/axe-core/axe.min.js"
#: Rules of a whole page, which a part of somebody else's cannot keep, are left to whole pages.
VIOLATIONS = """async ([part, levels]) => {
  const found = await axe.run(part ? {include: [part]} : document, {resultTypes: ["violations"], preload: false});
  return found.violations.filter(it => levels.includes(it.impact)).flatMap(it => it.nodes.map(
    node => `${it.impact} ${it.id}: ${node.html.slice(0, 160)}; ${node.failureSummary}`));
}"""
SERIOUS = ["serious", "critical"]
REQUIRED, MISSING = "ARENALAB_REQUIRE_NODE", "axe-core is not installed: run `npm install` in player/"


def violations(page, part=None):
    """Return what axe finds serious in a page, or in all that a selector finds; a line for each element."""
    if not SOURCE.exists():
        (pytest.fail if os.environ.get(REQUIRED) else pytest.skip)(MISSING)
    page.evaluate(SOURCE.read_text(encoding="utf-8"))
    return page.evaluate(VIOLATIONS, [part, SERIOUS])


def keeps_nobody_out(page, part=None):
    """Assert that axe finds nothing serious; a test of other things that can do without axe, if nobody requires it."""
    if SOURCE.exists() or os.environ.get(REQUIRED):
        assert violations(page, part) == []
