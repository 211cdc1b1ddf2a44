"""Random programs for hypothesis: lists of operations that a Go program could perform."""

from dataclasses import replace

from hypothesis import strategies as st

from arenalab.go.versions import GO_1_21
from arenalab.syntax import type_of
from arenalab.world import ops

GC_OFF = replace(GO_1_21, gogc=-1)

#: Types of every shape: pointer-free and pointerful, odd sizes, a tail, a GC program, size 0, quarter chunks.
TYPES = [
    type_of(expr, rules=GC_OFF)
    for expr in (
        "*int", "int", "byte", "string", "[3]byte", "struct{ p *int; n int }", "struct{ a, b *int; t [100]byte }",
        "[70]*int", "any", "struct{ p *int; t [62]int }", "struct{}", "[0]*int", "[16385]*int",
        "[20000]struct{ p *int; n int }", "struct{ p *int; t [1048568]byte }", "[262144]*int", "[2097152]byte",
        "[2097153]byte", "[262145]*int", "[524288]byte", "struct{ a uint16; b [5]func() }",
    )
]  # fmt: skip

types = st.sampled_from(TYPES)
small_types = st.sampled_from([go_type for go_type in TYPES if go_type.size <= 4096])


@st.composite
def programs(draw, max_ops=25, micro_gc=False):  # noqa: C901, PLR0912  # one case per operation
    """Draw a program: arenas are used only while the program can name them, cycles nest as in Go."""
    program, live, dropped, held, marking, made = [], [], [], [], False, 0
    for _ in range(draw(st.integers(1, max_ops))):
        choices = ["new_arena"]
        if live:
            choices += ["new", "new", "new", "slice", "slice", "rep", "free", "drop", "hold", "link"]
        choices += ["mark_end"] if marking else ["gc", "mark_begin"]
        choices += ["unhold"] if held else []
        match draw(st.sampled_from(choices)):
            case "new_arena":
                program.append(ops.NewArena(made))
                live.append(made)
                made += 1
            case "new":
                program.append(ops.New(draw(st.sampled_from(live)), draw(types)))
            case "slice":
                cap = draw(st.one_of(st.integers(0, 70), st.sampled_from([1000, 4096, 20_000])))
                program.append(ops.MakeSlice(draw(st.sampled_from(live)), draw(small_types), cap))
            case "rep":
                program.append(
                    ops.Rep(draw(st.sampled_from(live)), draw(small_types), draw(st.integers(0, 400)))
                )
            case "free":
                program.append(ops.Free(live.pop(draw(st.integers(0, len(live) - 1)))))
            case "drop":
                dropped.append(live.pop(draw(st.integers(0, len(live) - 1))))
                program.append(ops.Drop(dropped[-1]))
            case "hold":
                held.append(draw(st.integers(0, 3)))
                program.append(ops.Hold(held[-1], draw(st.sampled_from(live))))
            case "unhold":
                program.append(ops.Unhold(draw(st.sampled_from(held))))
            case "link":
                program.append(ops.Link(draw(st.sampled_from(live)), draw(st.sampled_from(live))))
            case "gc":
                program.append(ops.RunGC(detail=micro_gc))
            case "mark_begin":
                program.append(ops.MarkBegin(detail=micro_gc))
                marking = True
            case "mark_end":
                program.append(ops.MarkEnd())
                marking = False
    return program
