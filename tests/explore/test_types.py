"""The types explorer: what is typed is shown, what is no type is told with its place."""

import pytest

from arenalab.draw.theme import PAPERS
from arenalab.errors import ScenarioError
from arenalab.explore import Types
from arenalab.explore.type_words import WIDTHS
from arenalab.go.versions import NEWEST
from arenalab.notebook_parts import WIDGET


def test_typing_draws_the_type():
    explorer = Types("int")
    explorer.area.value = "struct{ a bool; p *int }"
    assert explorer.shown.type == "struct{ a bool; p *int }"
    assert explorer.error == ""
    assert explorer._picture.value.count("<svg") == len(WIDTHS) * len(PAPERS)


def test_error_stands_in_place_and_the_last_type_stays():
    explorer = Types("struct{ a *int }")
    before = explorer._picture.value
    explorer.area.value = "struct{\n  a *<b>\n}"
    assert explorer.error.startswith("line 2, column 6: ")
    assert "  a *&lt;b&gt;\n     ^ line 2, column 6" in explorer._error.value
    assert "<b>" not in explorer._error.value
    assert explorer._picture.value == before
    explorer.area.value = "struct{ a *int }"
    assert (explorer.error, explorer._error.value) == ("", "")


def test_no_text_and_a_text_cut_short_are_told():
    explorer = Types("")
    assert explorer.error.startswith("line 1, column 1: ")
    explorer.text = "struct{ a"
    assert explorer.error.startswith("line 1, ")


def test_going_back_draws_the_identical_picture():
    explorer = Types("[4]string")
    first, told = explorer._picture.value, repr(explorer)
    explorer.text = "[]byte"
    assert explorer._picture.value != first
    explorer.text = "[4]string"
    assert (explorer._picture.value, repr(explorer)) == (first, told)


def test_bundle_holds_widget_text_and_picture():
    bundle = Types("int")._repr_mimebundle_()
    assert set(bundle) == {WIDGET, "text/plain", "text/html"}
    assert bundle["text/plain"].startswith("int\n")


def test_choice_of_a_go_lays_the_type_out_as_it_does():
    explorer = Types("[20000]*int")
    assert explorer.go == NEWEST
    assert "described by    a mask on demand" in repr(explorer)
    assert "GC program" not in repr(explorer)
    assert explorer.shown.steps == 0
    explorer.versions.value = "1.21"
    assert "described by    a GC program" in repr(explorer)


@pytest.mark.parametrize(
    ("go", "words", "how"), [("1.26", 129, "a mask"), ("go1.27.3", 129, "a mask on demand")]
)
def test_mask_limit_is_the_versions(go, words, how):
    assert dict(Types(f"[{words}]*int", go=go).shown.facts)["described by"] == how


def test_a_go_that_there_is_not_is_told():
    with pytest.raises(ScenarioError, match="expected one of: 1"):
        Types("int", go="1.20")
