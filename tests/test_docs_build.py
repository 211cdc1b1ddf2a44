"""The documentation site as `make docs` builds it: Sphinx warns of nothing, and no page fetches anything.

Each ninth module has its page in the reference, and so has what a document links to; in a weekly run all have.
"""

import pytest

from tests.examples import some
from tools.docs import api
from tools.docs.__main__ import build
from tools.docs.assemble import ROOT
from tools.docs.public import GROUPS

LOOKED_AT = {"arenalab.world.state", "arenalab.lab.lab"}


def shown():
    """Return the groups of the reference with the modules that have a page here."""
    documents = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("docs/**/*.md"))
    chosen = LOOKED_AT.union(*(some(names, 9) for _, names in GROUPS.values()))
    return {
        heading: (said, tuple(name for name in names if name in chosen or f"{name}.md" in documents))
        for heading, (said, names) in GROUPS.items()
    }


@pytest.mark.slow
@pytest.mark.timeout(800)  # a minute of a processor, while other tests run
@pytest.mark.filterwarnings("ignore")  # what Sphinx's extensions will have to change is theirs
def test_site_builds_without_a_warning_and_fetches_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(api, "GROUPS", shown())
    assert build(tmp_path / "site", tmp_path / "sources", jobs="1") == 0  # others run beside it
    state = (tmp_path / "site/reference/api/arenalab.world.state.html").read_text(encoding="utf-8")
    assert 'id="arenalab.world.state.World.ledger"' in state
    lab = (tmp_path / "site/reference/api/arenalab.lab.lab.html").read_text(encoding="utf-8")
    assert "gogc" in lab.partition('id="arenalab.lab.lab.Lab"')[2].partition("</dt>")[0]
    chapter = (tmp_path / "site/course/01_first_steps.html").read_text(encoding="utf-8")
    assert "data:image/png" in chapter
