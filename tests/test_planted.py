"""The planted faults can still be planted; the script that plants them tells what became of each."""

import ast
import re

import pytest

from tools import planted
from tools.planted import CAUGHT, NOT_APPLICABLE, RED, ROOT, SURVIVED, Fault, faults

FAULTS = faults()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_can_be_planted_and_its_tests_are_there(fault):
    assert fault.trouble(ROOT) == ""
    assert fault.old != fault.new
    source = (ROOT / fault.file).read_text(encoding="utf-8")
    if fault.file.endswith(".py"):
        assert ast.dump(ast.parse(source.replace(fault.old, fault.new))) != ast.dump(ast.parse(source))
    for asked in fault.asked():
        file, *names = asked.split("::")
        assert (ROOT / file).exists()
        text = (ROOT / file).read_text(encoding="utf-8") if names else ""
        assert all(re.search(rf"^ *(?:def|class) {name}\b", text, re.MULTILINE) for name in names)


def lost(asked, ids):
    """Return those of the tests that faults ask for, as pytest takes them, of which no test runs."""
    return [
        each for each in asked if not any(re.match(rf"{re.escape(each)}(?=$|\[|::|/)", test) for test in ids)
    ]


def test_make_test_runs_the_tests_that_each_fault_asks_for(request):
    """In a run of everything, all; of some files, those of them: none is left to `make rest`."""
    ids = [item.nodeid for item in request.session.items]
    files = {test.partition("::")[0] for test in ids}
    asked = {each for fault in FAULTS for each in fault.asked()}
    if request.config.args != request.config.getini("testpaths") or request.config.option.keyword:
        asked = {each for each in asked if each in files}
    assert lost(asked, ids) == []


def test_a_fault_whose_tests_are_left_out_is_named():
    ids = ["tests/go/test_rule.py::TestSome::test_one[a]", "tests/view/test_map.py::test_two"]
    asked = ["tests/go", "tests/go/test_rule.py::TestSome", "tests/view/test_map.py::test_two"]
    assert lost(asked, ids) == []
    assert lost(["tests/view/test_map.py::test_t", "tests/vi"], ids) == [
        "tests/view/test_map.py::test_t",
        "tests/vi",
    ]


def test_faults_are_many_and_each_has_a_name_of_its_own():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 60
    for house in ("view", "draw", "explore", "course"):
        assert sum(fault.file.startswith(f"arenalab/{house}/") for fault in FAULTS) >= 5


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A tree with a rule and a test of it that looks at one value only."""
    monkeypatch.setenv(
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1"
    )  # that tree needs none, and they take a second each
    for path, text in {
        "arenalab/__init__.py": "",
        "arenalab/go/__init__.py": "",
        "arenalab/go/rule.py": "def large(n):\n    return n > 10\n",
        "tests/go/test_rule.py": (
            "from arenalab.go.rule import large\n\n\ndef test_eleven_is_large():\n    assert large(11)\n"
        ),
        "pyproject.toml": (
            '[tool.pytest.ini_options]\npythonpath = ["."]\nmarkers = ["slow: a", "browser: b"]\n'
        ),
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "word", "told"),
    [
        ("n > 10", "n > 11", CAUGHT, "tests/go/test_rule.py::test_eleven_is_large"),
        ("n > 10", "n > 9", SURVIVED, "no test of tests/go sees it"),
        ("n > 10", "n >", RED, "SyntaxError"),
        ("n > 12", "n > 9", NOT_APPLICABLE, "stands 0 times in arenalab/go/rule.py"),
        ("n", "m", NOT_APPLICABLE, "stands 3 times in arenalab/go/rule.py"),
    ],
)
def test_fault_is_caught_or_survives_or_is_told_to_be_none(tree, old, new, word, told):
    fault = Fault("a fault", "arenalab/go/rule.py", old, new)
    found = planted.outcome(fault, tree)
    assert found.word == word
    assert told in found.told
    assert "n > 10" in (tree / "arenalab/go/rule.py").read_text(encoding="utf-8")


ROW = '[[fault]]\nname = "{}"\nfile = "arenalab/go/rule.py"\nold = "n > 10"\nnew = "{}"\n'


@pytest.mark.parametrize(
    ("rows", "asked", "status", "told"),
    [
        (ROW.format("eleven is small", "n > 11"), [], 0, "1 of 1 faults were caught"),
        (ROW.format("ten is large", "n > 9"), [], 1, "SURVIVED: ten is large"),
        (ROW.format("ten is large", "n > 9"), ["huge"], 2, "holds huge"),
    ],
)
def test_script_fails_when_a_fault_survives_and_leaves_the_tree_as_it_is(
    tree, capsys, rows, asked, status, told
):
    (tree / "faults").mkdir()
    (tree / "faults" / "some.toml").write_text(rows, encoding="utf-8")
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    assert planted.main(asked, root=tree, folder=tree / "faults") == status
    assert told in "".join(capsys.readouterr())
    assert before == {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}


def test_tests_that_are_red_without_a_fault_prove_nothing(tree, capsys):
    (tree / "faults").mkdir()
    (tree / "faults" / "some.toml").write_text(ROW.format("eleven is small", "n > 11"), encoding="utf-8")
    (tree / "tests/go/test_rule.py").write_text("def test_nothing():\n    assert False\n", encoding="utf-8")
    assert planted.main([], root=tree, folder=tree / "faults") == 2
    assert "red without any fault" in capsys.readouterr().err
