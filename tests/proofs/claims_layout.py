"""What is proved of arenalab/go/layout.py, the address arithmetic of machine and certificate.

Claims hold for *all* inputs that their first lines give. Addresses are those of the largest address space (2⁴⁸) from
a chunk's size up; sizes go up to a whole chunk; alignments are powers of two up to a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import z3

from arenalab.go.rules import GoRules
from arenalab.go.versions import PLATFORMS, VERSIONS, go_rules
from arenalab.units import KiB, MiB
from tests.proofs.numbers import Arithmetic, Number, Truth, int64, integer, paths, uintptr, whole
from tests.proofs.prover import all_of, claim, implies, multiple, power_of_two, prove

MOST_ADDRESS, MOST_BYTES, MOST_ALIGN, LEAST_ADDRESS = 2**48, 8 * MiB, 8 * KiB, 8 * MiB
LAYOUT = "arenalab.go.layout"
Take = tuple[Number, Number, Any]


def free_range(kind: Arithmetic) -> tuple[Number, Number, Number, Number, list[Truth]]:
    """Return base, limit, size and alignment of anything that may be allocated, and what is given of them."""
    base, limit, size, align = map(kind.of, ("base", "limit", "size", "align"))
    given = [
        base >= LEAST_ADDRESS, base <= limit, limit <= MOST_ADDRESS, size > 0, size <= MOST_BYTES,
        power_of_two(align), align <= MOST_ALIGN,
    ]  # fmt: skip
    return base, limit, size, align, given


def every_rules() -> Iterator[GoRules]:
    """Yield the rules of each version on each platform."""
    for version in VERSIONS:
        for goos, goarch in PLATFORMS:
            yield go_rules(version, goos=goos, goarch=goarch)


@claim(LAYOUT)
def align_up_is_the_least_multiple_above(layout: Any) -> None:
    value, align, other = map(uintptr.of, ("value", "align", "other"))
    given = [value <= MOST_ADDRESS, power_of_two(align), align <= MOST_ALIGN]
    up = layout.align_up(value, align)
    nearest = implies(all_of(multiple(other, align), other >= value), up <= other)
    prove(all_of(multiple(up, align), up >= value, nearest), given, up=up)


@claim(LAYOUT)
def align_down_is_the_greatest_multiple_below(layout: Any) -> None:
    value, align, other = map(uintptr.of, ("value", "align", "other"))
    given = [value <= MOST_ADDRESS, power_of_two(align), align <= MOST_ALIGN]
    down = layout.align_down(value, align)
    nearest = implies(all_of(multiple(other, align), other <= value), down >= other)
    prove(all_of(multiple(down, align), down <= value, nearest), given, down=down)


@claim(LAYOUT)
def is_aligned_tells_multiples_from_others(layout: Any) -> None:
    value, align = uintptr.of("value"), uintptr.of("align")
    given = [power_of_two(align), align <= MOST_ALIGN]
    prove(layout.is_aligned(value, align) == ((value % align) == 0), given)


@claim(LAYOUT)
def take_from_front_stays_inside_and_loses_padding_alone(layout: Any) -> None:
    base, limit, size, align, given = free_range(uintptr)
    start, edge, fits = layout.take_from_front(base, limit, size, align)
    inside = all_of(start >= base, edge <= limit, multiple(start, align))
    nothing_lost = all_of(edge == start + size, start - base < align)
    prove(implies(fits, all_of(inside, nothing_lost)), given, start=start, edge=edge, fits=fits)


@claim(LAYOUT)
def take_from_front_refuses_only_what_has_no_room(layout: Any) -> None:
    base, limit, size, align, given = free_range(uintptr)
    start, _, fits = layout.take_from_front(base, limit, size, align)
    place = uintptr.of("place")
    somewhere = all_of(place >= base, place <= limit, multiple(place, align), place + size <= limit)
    prove(implies(somewhere, all_of(fits, start <= place)), given, start=start, fits=fits)


@claim(LAYOUT)
def take_from_back_stays_inside_and_loses_padding_alone(layout: Any) -> None:
    base, limit, size, align, given = free_range(uintptr)
    start, edge, fits = layout.take_from_back(base, limit, size, align)
    inside = all_of(start >= base, start + size <= limit, multiple(start, align))
    nothing_lost = all_of(edge == start, limit - (start + size) < align)
    prove(implies(fits, all_of(inside, nothing_lost)), given, start=start, edge=edge, fits=fits)


@claim(LAYOUT)
def take_from_back_refuses_only_what_has_no_room(layout: Any) -> None:
    base, limit, size, align, given = free_range(uintptr)
    start, _, fits = layout.take_from_back(base, limit, size, align)
    place = uintptr.of("place")
    somewhere = all_of(place >= base, place <= limit, multiple(place, align), place + size <= limit)
    prove(implies(somewhere, all_of(fits, start >= place)), given, start=start, fits=fits)


@claim(LAYOUT)
def two_ends_never_meet(layout: Any) -> None:
    base, limit, size, align, given = free_range(uintptr)
    low, low_edge, low_fits = layout.take_from_front(base, limit, size, align)
    more, step = uintptr.of("more"), uintptr.of("step")
    given += [more > 0, more <= MOST_BYTES, power_of_two(step), step <= MOST_ALIGN]
    high, high_edge, high_fits = layout.take_from_back(low_edge, limit, more, step)
    apart = all_of(low + size <= high, low_edge <= high_edge)
    prove(implies(all_of(low_fits, high_fits), apart), given, low=low, high=high)


@claim(LAYOUT)
def machine_words_give_what_numbers_without_end_give(layout: Any) -> None:
    """No overflow: Go's words, numpy's and Python's ints agree in start, edge, and whether it fits."""
    for take in (layout.take_from_front, layout.take_from_back):
        *exact, given = free_range(whole)
        wanted = take(*exact)
        for kind in (uintptr, int64):
            *words, same = free_range(kind)
            prove(_agree(take(*words), wanted), [*given, *same], start=wanted[0])


def _agree(found: Take, wanted: Take) -> Truth:
    numbers = [_wide(mine) == theirs for mine, theirs in zip(found[:2], wanted[:2], strict=True)]
    return all_of(*numbers, found[2] == wanted[2])


def _wide(number: Number) -> Number:
    extend = z3.SignExt if number.kind.signed else z3.ZeroExt
    return Number(extend(whole.bits - number.kind.bits, number.expr), whole)


@claim(LAYOUT)
def bitmap_word_and_bit_tell_heap_words_apart(layout: Any) -> None:
    for bits in (32, 64):
        one, other = uintptr.of("one"), uintptr.of("other")
        word, bit = layout.bitmap_word_of(one, bits), layout.bit_of(one, bits)
        prove(all_of(bit >= 0, bit < bits, word * bits + bit == one), shown=word)
        same = all_of(word == layout.bitmap_word_of(other, bits), bit == layout.bit_of(other, bits))
        prove(implies(same, one == other), word=word, bit=bit)


@claim(LAYOUT)
def bit_that_is_set_is_the_one_that_is_read(layout: Any) -> None:
    word, bit = uintptr.of("word"), uintptr.of("bit")
    found = layout.bit_is_set(word, bit)
    there = (word & (uintptr(1) << bit)) != 0
    prove(all_of(found <= 1, (found == 1) == there), [bit < 64], found=found)


@claim(LAYOUT)
def low_mask_holds_the_lowest_bits(layout: Any) -> None:
    count, at = whole.of("count"), whole.of("at")
    mask = layout.low_mask(count)
    prove((((mask >> at) & 1) == 1) == (at < count), [count <= 64, at < 128], mask=mask)


@claim(LAYOUT)
def mul_overflows_is_exact(layout: Any) -> None:
    size, count = integer.of("size"), integer.of("count")
    words = [size >= 0, count >= 0, size <= layout.UINTPTR_MAX, count <= layout.UINTPTR_MAX]
    ways = paths(lambda: layout.mul_overflows(size, count))
    assert len(ways) == 2  # count > 0, and not
    for when, overflows in ways:
        prove((size * count > layout.UINTPTR_MAX) == overflows, [*words, when])


@claim(LAYOUT)
def value_that_is_not_redirected_fits_a_fresh_chunk(layout: Any) -> None:
    """Hence `alloc` refills once at most: its loop ends."""
    for rules in distinct(every_rules(), lambda it: (it.chunk, it.user_arena_chunk_max_alloc_bytes)):
        base, size, align = map(uintptr.of, ("base", "size", "align"))
        limit = base + rules.chunk.usable_bytes
        given = [
            base >= LEAST_ADDRESS, base <= MOST_ADDRESS, multiple(base, rules.page_size), power_of_two(align),
            align <= 128, size > 0, size <= rules.user_arena_chunk_max_alloc_bytes,
        ]  # fmt: skip
        for take in (layout.take_from_front, layout.take_from_back):
            start, _, fits = take(base, limit, size, align)
            prove(fits, given, start=start)


@claim(LAYOUT)
def chunk_that_has_no_room_is_never_too_empty_to_retire(layout: Any) -> None:
    """Go's throw "wasted too much memory in an active user arena chunk" can't be reached: the low edge is a word's."""
    for rules in distinct(every_rules(), lambda it: (it.ptr_size, it.user_arena_chunk_max_alloc_bytes)):
        base, limit, size, align, given = free_range(uintptr)
        most = rules.user_arena_chunk_max_alloc_bytes
        given += [multiple(base, rules.ptr_size), align <= rules.ptr_size, size <= most]
        for take in (layout.take_from_front, layout.take_from_back):
            *_, fits = take(base, limit, size, align)
            prove(implies(limit - base > most, fits), given, free=limit - base)


@claim(LAYOUT)
def word_stays_the_low_edge_whatever_is_taken(layout: Any) -> None:
    """What the claim above needs: pointerful sizes are multiples of a word."""
    for word in (4, 8):
        base, limit, size, align, given = free_range(uintptr)
        given += [multiple(base, word), multiple(size, word)]
        _, edge, fits = layout.take_from_front(base, limit, size, align)
        prove(implies(fits, multiple(edge, word)), given, edge=edge)


@claim(LAYOUT)
def row_that_passes_the_certificate_is_the_step_machines(layout: Any) -> None:
    """The induction step of a bulk run: the same edge before, and room left by all rows, give the same row.

    The certificate asks with the edge that the whole run leaves on the other side, the machine with the one of that
    moment, which is not nearer: `farther`. So what the certificate grants, the machine places, at the same address.
    """
    base, limit, size, align, given = free_range(int64)
    farther = int64.of("farther")
    certified = layout.take_from_front(base, limit, size, align)
    stepped = layout.take_from_front(base, farther, size, align)
    above = [farther >= limit, farther <= MOST_ADDRESS]
    prove(implies(certified[2], _same(certified, stepped)), [*given, *above], start=stepped[0])
    certified = layout.take_from_back(base, limit, size, align)
    stepped = layout.take_from_back(farther, limit, size, align)
    below = [farther <= base, farther >= LEAST_ADDRESS]
    prove(implies(certified[2], _same(certified, stepped)), [*given, *below], start=stepped[0])


def _same(certified: Take, stepped: Take) -> Truth:
    return all_of(stepped[2], certified[0] == stepped[0], certified[1] == stepped[1])


@claim(LAYOUT)
def run_of_equal_values_stands_as_one_value_of_all_their_bytes(layout: Any) -> None:
    """The induction step of equal values: the first one off the whole leaves the rest to stand as the whole did."""
    for align in (1, 2, 4, 8):  # what types of Go have
        base, limit, size, _, given = free_range(int64)
        rest = int64.of("rest")
        given += [multiple(size, align), multiple(rest, align), rest > 0, rest <= MOST_BYTES]
        start, edge, fits = layout.take_from_front(base, limit, size + rest, align)
        first, next_base, first_fits = layout.take_from_front(base, limit, size, align)
        second, last, rest_fits = layout.take_from_front(next_base, limit, rest, align)
        as_one = all_of(first_fits, rest_fits, first == start, second == start + size, last == edge)
        prove(implies(fits, as_one), given, start=start)
        start, edge, fits = layout.take_from_back(base, limit, size + rest, align)
        first, next_limit, first_fits = layout.take_from_back(base, limit, size, align)
        second, last, rest_fits = layout.take_from_back(base, next_limit, rest, align)
        as_one = all_of(first_fits, rest_fits, first == start + rest, second == start, last == edge)
        prove(implies(fits, as_one), given, start=start)


def distinct(each: Iterator[GoRules], by: Callable[[GoRules], Any]) -> list[GoRules]:
    return list({by(rules): rules for rules in each}.values())
