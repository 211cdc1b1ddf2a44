"""The documentation site as `make docs` builds it, whole: Sphinx warns of nothing, and no page fetches anything."""

import pytest

from tools.docs.__main__ import build


@pytest.mark.slow
@pytest.mark.timeout(800)  # a minute of a processor, while other tests run
@pytest.mark.filterwarnings("ignore")  # what Sphinx's extensions will have to change is theirs
def test_site_builds_without_a_warning_and_fetches_nothing(tmp_path):
    assert build(tmp_path / "site", tmp_path / "sources", jobs="1") == 0  # others run beside it
    state = (tmp_path / "site/reference/api/arenalab.world.state.html").read_text(encoding="utf-8")
    assert 'id="arenalab.world.state.World.ledger"' in state
    lab = (tmp_path / "site/reference/api/arenalab.lab.lab.html").read_text(encoding="utf-8")
    assert "gogc" in lab.partition('id="arenalab.lab.lab.Lab"')[2].partition("</dt>")[0]
    chapter = (tmp_path / "site/course/01_first_steps.html").read_text(encoding="utf-8")
    assert "data:image/png" in chapter
