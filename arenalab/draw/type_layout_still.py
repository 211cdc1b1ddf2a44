"""A type's layout as a picture: its bytes word by word, its mask, its GC program; SVG."""

from __future__ import annotations

from arenalab.draw.still import Still, Svg, fitted
from arenalab.draw.still_reading import draw_legend
from arenalab.draw.theme import EVERY_LOOK, Paper
from arenalab.units import counted
from arenalab.view.type_layout import BIT_ROWS, BITS, STEPS, WORDS, TypeLayout

WIDTH, MARGIN = 960, 16
TOP, ROW = 118, 24
BYTES_X, BYTE = 104, 46  #: where the bytes begin; width of one.
BIT_X = BYTES_X + 8 * BYTE + 8
RIGHT_X = BIT_X + 46
CELL = (WIDTH - MARGIN - RIGHT_X) / BITS
MEANINGS = ("pointerful", "pointer_free", "padding", "bit_one", "bit_zero")


def type_layout_still(view: TypeLayout, paper: Paper = "light") -> Still:
    """Draw a type.

    Args:
        view: what to show.
        paper: "light" or "dark".

    """
    svg = Svg(WIDTH, TOP + WORDS * ROW + 40, paper, "Type", view.text())
    svg.text(MARGIN, 28, view.type, mono=True, bold=True, width=(WIDTH - 2 * MARGIN) * 0.92)
    facts = " · ".join(f"{name} {value}" for name, value in view.facts)
    svg.text(MARGIN, 50, facts, size=12, color=svg.tone["faint"], width=WIDTH - 2 * MARGIN)
    draw_legend(svg, list(MEANINGS), MARGIN, 60)
    _draw_bytes(svg, view)
    _draw_mask(svg, view)
    _draw_program(svg, view)
    return Still(svg)


def _draw_bytes(svg: Svg, view: TypeLayout) -> None:
    faint, columns = svg.tone["faint"], view.bytes
    svg.text(MARGIN, TOP - 10, "word, offset", size=10.5, color=faint)
    svg.text(BYTES_X, TOP - 10, "its 8 bytes, low address first", size=10.5, color=faint)
    svg.text(BIT_X + 9, TOP - 10, "bit", size=10.5, color=faint, anchor="middle")
    for word in range(min(view.words, WORDS)):
        svg.text(MARGIN, TOP + word * ROW + 14, f"{word}")
        svg.text(BYTES_X - 12, TOP + word * ROW + 14, f"+{word * 8}", color=faint, anchor="end")
        bit = word < len(view.bits) and bool(view.bits[word])
        svg.area((BIT_X, TOP + word * ROW, 18, ROW - 4), "bit_one" if bit else "bit_zero")
    table = zip(columns.word, columns.left, columns.right, columns.meaning, columns.name, strict=True)
    for word, left, right, meaning, name in table:
        x, y, width = BYTES_X + int(left) * BYTE, TOP + int(word) * ROW, int(right - left) * BYTE
        look = EVERY_LOOK[meaning]
        paint = look.on(svg.paper)
        svg.area((x, y, width, ROW - 4), str(meaning))
        words = fitted(str(name) or "padding", width - 6, 11)
        halo = paint.fill if look.hatch else ""
        svg.text(x + width / 2, y + 14, words, size=11, color=paint.ink, anchor="middle", halo=halo)
    if view.words > WORDS:
        svg.text(
            BYTES_X,
            TOP + WORDS * ROW + 14,
            f"… {counted(view.words - WORDS, 'more word')}",
            size=11,
            color=faint,
        )


def _draw_mask(svg: Svg, view: TypeLayout) -> None:
    shown = len(view.bits)
    words = (
        f"pointer mask: {counted(view.mask_bits, 'bit')}, 64 to a row"
        if shown
        else "no pointer mask: no pointers"
    )
    svg.text(RIGHT_X, TOP - 10, words, bold=True)
    for number, bit in enumerate(view.bits):
        row, column = divmod(number, BITS)
        box = (RIGHT_X + column * CELL, TOP + row * ROW, CELL, ROW - 6)
        svg.area(box, "bit_one" if bit else "bit_zero")
    if view.mask_bits > shown:
        more = f"… {counted(view.mask_bits - shown, 'more bit')}"
        svg.text(RIGHT_X, TOP + BIT_ROWS * ROW + 8, more, size=11, color=svg.tone["faint"])


def _draw_program(svg: Svg, view: TypeLayout) -> None:
    if not view.steps:
        return
    top = TOP + (BIT_ROWS + 1) * ROW + 8
    svg.text(RIGHT_X, top, f"GC program: {counted(view.steps, 'step')}", bold=True)
    lines = [*view.program, f"… {view.steps - STEPS:,} more" if view.steps > STEPS else "stop"]
    for number, line in enumerate(lines):
        svg.text(RIGHT_X, top + 18 + number * 17, line, size=10.5, mono=True, width=WIDTH - MARGIN - RIGHT_X)
