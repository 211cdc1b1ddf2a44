"""The documentation site as Sphinx builds it, with a reference of few modules; `make docs` builds all of it."""

import re
from pathlib import Path

import pytest

from tools.docs.__main__ import build

DOCS = Path(__file__).resolve().parent.parent / "docs"


def few():
    """Return the modules whose pages others link to, and two more."""
    text = "".join(path.read_text(encoding="utf-8") for path in DOCS.glob("**/*.md"))
    linked = re.findall(r"reference/api/(arenalab\.[a-z_.]+)\.md", text)
    return {"arenalab.lab.lab", "arenalab.world.state", *linked}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # what Sphinx's extensions will have to change is theirs
def test_site_builds_without_a_warning_and_fetches_nothing(tmp_path):
    assert build(tmp_path / "site", tmp_path / "sources", few()) == 0
    state = (tmp_path / "site/reference/api/arenalab.world.state.html").read_text(encoding="utf-8")
    assert 'id="arenalab.world.state.World.ledger"' in state
    lab = (tmp_path / "site/reference/api/arenalab.lab.lab.html").read_text(encoding="utf-8")
    assert "gogc" in lab.partition('id="arenalab.lab.lab.Lab"')[2].partition("</dt>")[0]
    chapter = (tmp_path / "site/course/01_first_steps.html").read_text(encoding="utf-8")
    assert "data:image/png" in chapter
