"""Programs that a reader writes: what is read, what is refused in which words, which limits hold, how it is judged."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.course import Exercise, question
from arenalab.course.construct import build, performed
from arenalab.course.construct.performed import MOST_STATEMENTS
from arenalab.course.family import FAMILIES
from arenalab.course.question import GC_OFF
from arenalab.errors import ScenarioError
from arenalab.go.versions import VERSIONS, go_rules
from arenalab.machine.machine import Machine
from arenalab.scenarios.values import holds_in
from arenalab.syntax import type_of
from arenalab.view.calls import call_of
from arenalab.world.ops import Drop, Free, MakeSlice, New, NewArena, Rep, RunGC
from tests.course.asking import builds
from tests.examples import examples

BUILDS = builds()
#: How a sentence begins that is about the reader's own run.
OF_ITS_RUN = (
    "Your ",
    "In your run ",
    "No cycle starts in your run",
    "A global of your run",
    "Nobody has found",
)
each_build = pytest.mark.parametrize("name", BUILDS)


def calls(text, rules=GC_OFF):
    return [call_of(op) for op in performed(text, rules).run.ops]


def refused(text):
    with pytest.raises(ScenarioError) as error:
        performed(text, GC_OFF)
    return str(error.value)


# what is read


def test_program_of_every_form_becomes_its_operations():
    did = performed(
        """type node struct {
            next *node
            n    int
        }
        a := arena.NewArena() // a comment
        p := arena.New[node](a); s := arena.MakeSlice[*int](a, 1, 0x10)
        global1 = s
        for range 1 << 10 { arena.New[int](a) }
        p.next = p
        p.n = 7
        s[0] = nil
        _ = p.n
        println(s[0])
        global1 = nil
        mark_begin()
        b := *a
        a.Free()
        mark_end()
        a = arena.NewArena()
        a = nil
        runtime.GC()
        b.Free()""",
        GC_OFF,
    )
    assert " ".join(type(op).__name__ for op in did.run.ops) == (
        "NewArena New MakeSlice Hold Rep Store Write Store Read Read Unhold MarkBegin Free MarkEnd NewArena Drop RunGC "
        "Free"
    )
    assert did.lines == (5, 6, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 22)
    assert (did.ended, did.line) == ("arena double free", 22)


def test_what_a_page_prints_of_a_program_can_be_typed_again():
    node = type_of("struct{ next *int; n int }")
    program = [
        NewArena(0), New(0, node), MakeSlice(0, node, 3), Rep(0, node, 1500), NewArena(1), New(1, type_of("[4]string")),
        RunGC(), Free(1), Drop(0), RunGC(),
    ]  # fmt: skip
    said = [call_of(op) for op in Machine(GC_OFF).run(program).ops]
    assert calls("\n".join(said)) == said


def test_loop_of_one_value_is_one_operation_and_any_other_is_unrolled():
    assert calls("a := arena.NewArena()\nfor range 500_000 { arena.New[int](a) }")[1:] == [
        "500,000 × arena.New[int](a0)"
    ]
    assert calls("for i := 0; i < 2; i++ { a := arena.NewArena(); a.Free() }") == [
        "a0 := arena.NewArena()", "a0.Free()", "a1 := arena.NewArena()", "a1.Free()"
    ]  # fmt: skip


def test_arena_that_its_loop_or_name_loses_is_dropped():
    assert calls("for i := range 2 { a := arena.NewArena() }").count("a0 = nil") == 1
    assert calls("a := arena.NewArena()\na = arena.NewArena()") == [
        "a0 := arena.NewArena()", "a1 := arena.NewArena()", "a0 = nil"
    ]  # fmt: skip
    assert calls("arena.NewArena()")[1:] == ["a0 = nil"]


def test_program_stops_where_go_panics():
    did = performed("a := arena.NewArena()\na.Free()\na.Free()\nb := arena.NewArena()", GC_OFF)
    assert len(did.run.ops) == 3
    assert "nil pointer dereference" in did.ended


# what is refused


A = "a := arena.NewArena()\n"


@pytest.mark.parametrize(("text", "said"), [
    (f"{A}a.free()", "line 2: 'a.free()' is no statement that can be read here; expected one such as a.Free()"),
    ("import os", "line 1: 'import os' is no statement that can be read here; expected one such as a := arena.New"),
    ("__import__('os').system('true')", "line 1: "),
    ("a.Free()", "line 1: undefined: a; names declared so far: none"),
    (f"{A}\np := arena.New[noode](a)", "line 3: undefined: noode (a type has a line of its own"),
    (f"{A}{A}", "line 2: a is declared already"),
    (f"{A}b := a", "line 2: a is something else; expected a value of an arena"),
    (f"{A}a = nil\na.Free()", "line 3: a is nil by now"),
    (f"for range 3 {{\n{A}", "line 1: the loop has no } at its end"),
    ("\n}", "line 2: a } that no loop"),
    ("for range 3 {}", "line 1: the loop has no statement in it"),
    ("for true { a.Free() }", "line 1: 'for true' is no loop"),
    ("for range 2\n{ a.Free() }", "line 1: a loop opens its { in its first line"),
    ("a := arena.NewArena(", "line 1: a ) is missing"),
    ("a := arena.NewArena()]", "line 1: a ] without its other half"),
    ("for range 1 { for range 1 { for range 1 { for range 1 { runtime.GC() } } } }", "line 1: more than 3 loops"),
    ("for range 201 { runtime.GC() }", f"line 1: more than {MOST_STATEMENTS} statements"),
    (f"{A}for range 99_999_999 {{ arena.New[int](a) }}", "line 2: 99999999 × 8 bytes; the repetitions"),
    (f"{A}arena.MakeSlice[*int](a, 1, 90_000_000)", "line 2: 90000000 × 8 bytes; the repetitions"),
    (f"{A}p := arena.New[int](a); q := arena.New[int](a)\nglobal = p", "line 3: a global of the model"),
    ("x" * 10_001, "10,001 characters; a program here has at most 10,000"),
    (f"{A}for range 150 {{ arena.New[[262144]*int](a); runtime.GC() }}", "line 2: more than 200,000 words"),
])  # fmt: skip
def test_what_can_not_be_read_or_done_is_one_sentence_with_its_line(text, said):
    assert refused(text).startswith(said)
    assert "\n" not in refused(text)


@examples(200)
@given(
    st.lists(
        st.sampled_from([
            "a := arena.NewArena()", "a.Free()", "for range 2 {", "}", "p := arena.New[*int](a)", "*p = 7", ";", "\n",
            "global = p", "p", "a = nil", "runtime.GC()", "mark_begin()", "mark_end()", "[", "// x", "1 << 70",
            "s := arena.MakeSlice[int](a, 2, 3)", "s[9] = 1", "_ = s[1]", "b := *a", "b.Free()",
            "type t struct { p *t }", "q := arena.Clone(p)",
        ])
    )
)  # fmt: skip
def test_any_text_is_performed_or_refused_in_one_sentence(pieces):
    text = "\n".join(pieces)
    try:
        did = performed(text, GC_OFF)
    except ScenarioError as error:
        told = str(error)
    else:
        told = "line "
        assert len(did.lines) == len(did.run.ops)
    assert told.startswith("line ")


# how it is judged


@each_build
@pytest.mark.parametrize("go", VERSIONS)
def test_example_is_right_and_wrong_programs_are_told_what_their_run_lacks(name, go):
    if not holds_in(FAMILIES[name].go, go):
        return
    for seed in (1, 2, 3):
        asked = question(name, seed)
        under = replace(asked, rules=replace(go_rules(go), gogc=asked.rules.gogc))
        assert under.judged(under.example).right
        assert len(under.answer.wrong) >= 2
        for text in under.answer.wrong:
            verdict = under.judged(text)
            assert not verdict.right
            assert verdict.meant.startswith(OF_ITS_RUN)
            assert verdict.why == (under.why(under.run) if under.why else "")


@each_build
def test_hints_and_text_hold_no_example(name):
    for seed in range(1, 9):
        asked = question(name, seed)
        told = " ".join((asked.text, *asked.hints))
        assert asked.example not in told
        assert len(asked.example.splitlines()) <= 12


def test_another_program_than_the_example_is_right_as_well():
    asked = question("build-two-ends", 1)
    front, back = (int(word) for word in asked.text.split() if word.isdigit())
    other = "x := arena.NewArena()\n" + "arena.New[[]byte](x)\n" * front + "arena.New[float64](x)\n" * back
    assert asked.judged(other).right


def test_program_that_dies_is_told_where():
    asked = question("build-waste", 1)
    told = asked.judged("a := arena.NewArena()\na.Free()\narena.New[int](a)").meant
    assert told.startswith("Your program ends in line 3: runtime error")


def test_goal_that_takes_a_wrong_program_for_right_is_reported():
    parts = {"text": "?", "example": "a := arena.NewArena()", "rules": GC_OFF}
    with pytest.raises(ScenarioError, match=r"goal: the program 'b := arena.NewArena.*' reaches it"):
        build(**parts, goal=lambda _: "", wrong=("b := arena.NewArena()",)).checked()
    with pytest.raises(ScenarioError, match="goal: the example does not reach it: no"):
        build(**parts, goal=lambda _: "no").checked()


def test_exercise_shows_the_own_run_then_the_answer(tmp_path):
    exercise = Exercise("build-two-ends", folder=tmp_path)
    exercise.field.widget.value = "a := arena.NewArena()\na.free()"
    exercise.check_button.click()
    assert "line 2: &#x27;a.free()&#x27; is no statement" in exercise._error.value
    assert exercise.verdict is None
    assert exercise.run_button.disabled
    exercise.field.widget.value = exercise.question.answer.wrong[0]
    exercise.check_button.click()
    assert "✗ Not yet." in exercise._verdict.value
    assert "Your run: 0 values at the front" in exercise._verdict.value
    assert "One program that does it" not in exercise._verdict.value
    exercise.run_button.click()
    assert exercise.explorer.cursor == exercise.verdict.moment == len(exercise.verdict.run)
    exercise.show_button.click()
    assert f"<pre>{exercise.question.value}" in exercise._verdict.value
    exercise.field.widget.value = exercise.question.example
    exercise.check_button.click()
    assert "✓ Correct." in exercise._verdict.value


def test_what_a_reader_writes_is_escaped(tmp_path):
    exercise = Exercise("build-two-ends", folder=tmp_path)
    exercise.field.widget.value = 'a := arena.NewArena()\narena.New[struct{ p *int "<script>x</script>" }](a)'
    exercise.check_button.click()
    exercise.field.widget.value = "<script>y</script>"
    exercise.check_button.click()
    assert "<script>" not in exercise._verdict.value + exercise._error.value
    assert "&lt;script&gt;y" in exercise._error.value
