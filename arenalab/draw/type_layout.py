"""A type's layout as a scene: its bytes word by word, its mask, its GC program.

On a page mask and program stand beside the bytes, where there is less room below them.
"""

from __future__ import annotations

from dataclasses import dataclass

from arenalab.draw.lettering import first_fitting
from arenalab.draw.scene import WIDTH, Scene
from arenalab.draw.wrapped import lines_of
from arenalab.units import counted
from arenalab.view.type_layout import BIT_ROWS, BITS, STEPS, WORDS, TypeLayout

MEANINGS = ("pointerful", "pointer_free", "padding", "bit_one", "bit_zero")
ROW, LINE = 22, 15  #: heights of a word, of a line of words.
BEFORE, BIT, BIT_WIDE = 76, 10, 18  #: points before the bytes; between them and their bit; width of a bit.
GAP = 30  #: between the bytes and what stands beside or below them.


@dataclass(frozen=True)
class Plan:
    """Where the parts of the picture stand."""

    left: float
    top: float  #: of the first word.
    byte: float  #: width of one.
    right: float  #: where mask and program begin,
    lower: float  #: and at which height: the mask's title is written there.
    wide: float  #: their width.
    bits: int  #: of the mask in a row.
    program: float  #: where the program's title is written.
    bottom: float  #: where all ends.


def _plan(scene: Scene, view: TypeLayout, steady: bool) -> Plan:
    """Return where all stands; `steady`: on a page the same for all types, so that nothing jumps while one types."""
    room, wide = scene.room, scene.room.wide
    steady = steady and wide
    facts = 2 if steady else len(lines_of(_facts(view), room.inner, 11.5, most=2 if wide else 99))
    top, words = (facts + 2) * LINE + 36.0, WORDS if steady else min(view.words, WORDS)
    byte = 46.0 if wide else (room.inner - BEFORE - BIT - BIT_WIDE) / 8
    right = room.left + (BEFORE + 8 * byte + BIT + BIT_WIDE + GAP if wide else 0)
    bits = BITS // 2 if room.narrow else BITS
    rows = BITS * BIT_ROWS // bits if steady else -(-len(view.bits) // bits)
    end = top + words * ROW + 20  # of the bytes
    lower = top - 8 if wide else end + GAP - 10
    program = lower + 12 + rows * (ROW - 4) + LINE + 12
    steps = STEPS + 1 if steady else len(view.program) + bool(view.steps)
    bottom = max(end, program + steps * LINE + 8)
    return Plan(room.left, top, byte, right, lower, room.right - right, bits, program, bottom)


def _facts(view: TypeLayout) -> str:
    return " · ".join(f"{name} {value}" for name, value in view.facts)


def type_layout_scene(view: TypeLayout, width: float = WIDTH, *, steady: bool = False) -> Scene:
    """Draw a type; `steady`: on a page the height is the same for all types."""
    scene = Scene(0, "Type", width=width)
    plan = _plan(scene, view, steady)
    scene.height = plan.bottom
    _draw_head(scene, view)
    _draw_bytes(scene, view, plan)
    _draw_mask(scene, view, plan)
    _draw_program(scene, view, plan)
    return scene


def _draw_head(scene: Scene, view: TypeLayout) -> None:
    """Write the type and what is known of it, each within a fixed number of lines."""
    room = scene.room
    for line, part in enumerate(lines_of(view.type, room.inner / 1.06, 12, mono=True, most=2)):
        scene.text(room.left, 14 + line * LINE, part, mono=True, bold=True, tip=view.type)
    for line, part in enumerate(lines_of(_facts(view), room.inner, 11.5, most=2 if room.wide else 99)):
        scene.text(room.left, 18 + (line + 2) * LINE, part, size=11.5, tone="faint", tip=_facts(view))


def _draw_bytes(scene: Scene, view: TypeLayout, plan: Plan) -> None:
    columns, x, top = view.bytes, plan.left + BEFORE, plan.top
    bit_x = x + 8 * plan.byte + BIT
    scene.text(plan.left, top - 8, "word", size=11, tone="faint")
    scene.text(x - 8, top - 8, "offset", size=11, tone="faint", anchor="end")
    head = first_fitting(("its 8 bytes, low address first", "8 bytes, low first"), 8 * plan.byte, 11)
    scene.text(x, top - 8, head, size=11, tone="faint")
    scene.text(bit_x + BIT_WIDE, top - 8, "bit", size=11, tone="faint", anchor="end")
    for word in range(min(view.words, WORDS)):
        y = top + word * ROW
        scene.text(plan.left, y + 14, f"{word}", size=11.5)
        scene.text(x - 8, y + 14, f"+{word * 8}", size=11.5, tone="faint", anchor="end")
        bit = word < len(view.bits) and bool(view.bits[word])
        scene.area(
            (bit_x, y, BIT_WIDE, ROW - 4), "bit_one" if bit else "bit_zero", tip=f"bit {word}: {int(bit)}"
        )
    table = zip(columns.word, columns.left, columns.right, columns.meaning, columns.name, strict=True)
    for word, left, right, meaning, name in table:
        start, y, wide = x + int(left) * plan.byte, top + int(word) * ROW, int(right - left) * plan.byte
        words, size = str(name) or "padding", int(right - left)
        tip = f"{words}: {counted(size, 'byte')} at +{int(word) * 8 + int(left)}"
        scene.area((start, y, wide, ROW - 4), str(meaning), tip=tip)
        scene.text(
            start + wide / 2,
            y + 13,
            words,
            on=str(meaning),
            size=11,
            anchor="middle",
            width=wide - 6,
            tip=tip,
        )
    if view.words > WORDS:
        more = f"… {counted(view.words - WORDS, 'more word')}"
        scene.text(x, top + WORDS * ROW + 12, more, size=11, tone="faint")


def _draw_mask(scene: Scene, view: TypeLayout, plan: Plan) -> None:
    shown, cell, top = len(view.bits), plan.wide / plan.bits, plan.lower + 8
    words = f"pointer mask: {counted(view.mask_bits, 'bit')}, {plan.bits} to a row"
    scene.text(
        plan.right, plan.lower, words if shown else "no pointer mask: no pointers", bold=True, width=plan.wide
    )
    for number, bit in enumerate(view.bits):
        row, column = divmod(number, plan.bits)
        box = (plan.right + column * cell, top + row * (ROW - 4), cell, ROW - 8)
        scene.area(
            box, "bit_one" if bit else "bit_zero", tip=f"bit {number}: {int(bit)}, the word at +{number * 8}"
        )
    if view.mask_bits > shown:
        more = f"… {counted(view.mask_bits - shown, 'more bit')}"
        scene.text(plan.right, top + -(-shown // plan.bits) * (ROW - 4) + 8, more, size=11, tone="faint")


def _draw_program(scene: Scene, view: TypeLayout, plan: Plan) -> None:
    if not view.steps:
        return
    scene.text(plan.right, plan.program, f"GC program: {counted(view.steps, 'step')}", bold=True)
    lines = [*view.program, f"… {view.steps - STEPS:,} more" if view.steps > STEPS else "stop"]
    for number, line in enumerate(lines, 1):
        scene.text(
            plan.right, plan.program + number * LINE + 1, line, size=11, mono=True, width=plan.wide, tip=line
        )
