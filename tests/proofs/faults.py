"""Wrong operators, planted where a claim is made: each claim must find the numbers that show each of its faults.

claim -> (what stands in its module, what is put there), three for each.
"""

UP, DOWN = "return (value + align - 1) & ~(align - 1)", "return value & ~(align - 1)"
START, EDGE = "start = align_up(base, align)", "edge = start + size"
FITS, BACK, BACK_FITS = "edge <= limit", "align_down(limit - size, align)", "base <= start"

FAULTS: dict[str, list[tuple[str, str]]] = {
    "align_up_is_the_least_multiple_above": [
        (UP, "return (value + align) & ~(align - 1)"),
        (UP, "return (value + align - 2) & ~(align - 1)"),
        (UP, "return (value + align - 1) & ~align"),
    ],
    "align_down_is_the_greatest_multiple_below": [
        (DOWN, "return value & ~align"),
        (DOWN, "return (value - 1) & ~(align - 1)"),
        (DOWN, "return (value + align - 1) & ~(align - 1)"),
    ],
    "is_aligned_tells_multiples_from_others": [
        ("return value & (align - 1) == 0", "return value & align == 0"),
        ("return value & (align - 1) == 0", "return (value - 1) & (align - 1) == 0"),
        ("return value & (align - 1) == 0", "return value & (align - 2) == 0"),
    ],
    "take_from_front_stays_inside_and_loses_padding_alone": [
        (FITS, "edge <= limit + 1"),
        (EDGE, "edge = start + size - 1"),
        (START, "start = base"),
    ],
    "take_from_front_refuses_only_what_has_no_room": [
        (FITS, "edge < limit"),
        (START, "start = align_up(base + 1, align)"),
        (FITS, "edge + align <= limit"),
    ],
    "take_from_back_stays_inside_and_loses_padding_alone": [
        (BACK, "align_up(limit - size, align)"),
        (BACK_FITS, "base <= start + 1"),
        (BACK, "align_down(limit, align) - size"),
    ],
    "take_from_back_refuses_only_what_has_no_room": [
        (BACK_FITS, "base < start"),
        (BACK, "align_down(limit - size - 1, align)"),
        (BACK, "align_down(limit - size, align + align)"),
    ],
    "two_ends_never_meet": [
        (BACK_FITS, "base <= start + size"),
        (EDGE, "edge = start"),
        ("return start, edge, edge", "return start, start, edge"),
    ],
    "machine_words_give_what_numbers_without_end_give": [
        (FITS, "limit - edge >= 0"),
        (BACK_FITS, "base - start <= 0"),
        (EDGE, "edge = start + (size << 48) - (size << 48) + (size << 62)"),
    ],
    "bitmap_word_and_bit_tell_heap_words_apart": [
        ("return heap_bit // bits_per_word", "return heap_bit // (bits_per_word + 1)"),
        ("return heap_bit & (bits_per_word - 1)", "return heap_bit & (bits_per_word - 2)"),
        ("return heap_bit & (bits_per_word - 1)", "return heap_bit & bits_per_word"),
    ],
    "bit_that_is_set_is_the_one_that_is_read": [
        ("return (word >> bit) & 1", "return (word >> (bit + 1)) & 1"),
        ("return (word >> bit) & 1", "return word >> bit"),
        ("return (word >> bit) & 1", "return (word << bit) & 1"),
    ],
    "low_mask_holds_the_lowest_bits": [
        ("return (1 << nbits) - 1", "return (1 << nbits)"),
        ("return (1 << nbits) - 1", "return (2 << nbits) - 1"),
        ("return (1 << nbits) - 1", "return (1 << nbits) - 2"),
    ],
    "mul_overflows_is_exact": [
        ("size > UINTPTR_MAX // count", "size >= UINTPTR_MAX // count"),
        ("count > 0 and size", "count > 1 and size + 1"),
        ("size > UINTPTR_MAX // count", "size > UINTPTR_MAX // (count + 1)"),
    ],
    "value_that_is_not_redirected_fits_a_fresh_chunk": [
        (START, "start = align_up(base + limit, align) - base"),
        (FITS, "edge + edge <= limit"),
        (BACK_FITS, "limit <= start"),
    ],
    "chunk_that_has_no_room_is_never_too_empty_to_retire": [
        (START, "start = align_up(base + 1, align)"),
        (BACK, "align_down(limit - size - 8, align)"),
        (FITS, "edge + 8 <= limit"),
    ],
    "word_stays_the_low_edge_whatever_is_taken": [
        (EDGE, "edge = start + size + 1"),
        (START, "start = align_up(base, align) + 2"),
        (EDGE, "edge = start + size - 1"),
    ],
    "row_that_passes_the_certificate_is_the_step_machines": [
        (FITS, "edge >= limit"),
        (START, "start = align_up(base, align) + (limit & 8)"),
        (BACK_FITS, "base >= start"),
    ],
    "run_of_equal_values_stands_as_one_value_of_all_their_bytes": [
        (EDGE, "edge = start + size + align"),
        (BACK, "align_down(limit - size, align) - align"),
        (FITS, "start + align <= limit"),
    ],
    "regions_of_a_chunk_are_disjoint_and_cover_it": [
        ("at += nbytes", "at += nbytes + 1"),
        ("at = usable = stride -", "at = usable = stride - 8 -"),
        ("Region(OBJECTS, 0, usable)", "Region(OBJECTS, 0, stride)"),
    ],
    "each_offset_is_held_by_the_region_around_it": [
        ("if region.offset <= offset <", "if region.offset < offset <"),
        ("offset < region.offset + region.nbytes", "offset <= region.offset + region.nbytes"),
        ("in self.regions[1:]", "in self.regions[2:]"),
    ],
    "objects_end_where_usable_bytes_do_and_chunks_follow_one_another": [
        ("ChunkLayout(stride, usable, stride,", "ChunkLayout(stride, usable - 1, stride,"),
        ("ChunkLayout(stride, usable, stride,", "ChunkLayout(stride, usable, stride + 1,"),
        ("ChunkLayout(stride, usable, stride,", "ChunkLayout(usable - 1, usable, stride,"),
    ],
    "bitmap_of_a_chunk_has_a_bit_for_each_word_of_its_objects": [
        ("ChunkLayout(stride, usable, stride,", "ChunkLayout(stride, 2 * stride, stride,"),
        ("Region(name, at, nbytes)", "Region(name, at, nbytes // 2)"),
        ("Region(name, at, nbytes)", "Region(name, at, nbytes - 4096)"),
    ],
    "writing_loses_no_bit_and_adds_none": [
        ("if total <= self.bits:", "if total <= self.bits + 1:"),
        ("self.mask = data >> (self.bits - self.valid)", "self.mask = data >> (self.bits - self.valid + 1)"),
        ("self.mask |= data << self.valid", "self.mask |= data << self.low"),
    ],
    "full_word_keeps_what_was_below_the_writers_bits": [
        ("Store(self.word, low_mask(self.low), full, 1)", "Store(self.word, low_mask(self.valid), full, 1)"),
        ("Store(self.word, low_mask(self.low), full, 1)", "Store(self.word, 0, full, 1)"),
        ("self.word += 1\n        self.low = 0", "self.word += 1"),
    ],
    "flush_stores_the_writers_bits_and_leaves_all_others": [
        ("low_mask(self.bits) ^ ours", "low_mask(self.bits)"),
        ("ours = low_mask(self.valid) ^ low_mask(self.low)", "ours = low_mask(self.valid)"),
        ("return (before & keep) | data", "return before | data"),
    ],
    "scan_that_ends_at_ptr_bytes_reads_every_pointer_before_them": [
        ("self.words = -(-ptr_bytes // word_bytes)", "self.words = ptr_bytes // word_bytes"),
        ("min(first + count, max(first, self.words))", "min(first + count, self.words)"),
        ("self.words = -(-ptr_bytes // word_bytes)", "self.words = ptr_bytes // word_bytes + 1"),
    ],
}
