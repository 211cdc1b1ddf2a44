"""What each look of the theme means in a picture, a sentence each; the states of chunks stand in `view.explained`.

The keys are those of `draw.theme.EVERY_LOOK`; a law of the tests holds both together.
"""

from __future__ import annotations

#: What fills a chunk, and what its bits are.
_CHUNK = {
    "pointerful": "Values whose type has pointers, allocated from the front: the collector reads them by their pointer bits.",
    "pointer_free": "Values whose type has no pointers, allocated from the back: the collector never reads them.",
    "pointerful_former": "Values with pointers whose arena was freed: their bytes are as they were, and no access to them is valid.",
    "pointer_free_former": "Values without pointers whose arena was freed: their bytes are as they were, and no access to them is valid.",
    "free": "The free range between the two ends: zeroed, to be allocated from either side.",
    "waste": "Free bytes of a chunk that is full for its arena: a request did not fit, and nothing goes there any more.",
    "padding": "Bytes skipped so that the next value starts at a multiple of its alignment.",
    "red_zone": "The chunk's last bytes in an asan build: poisoned, and never handed out.",
    "reserve": "The chunk's tail, kept by the runtime since Go 1.22: the heap bitmap and the chunk's dummy type.",
    "dead": "Set to fault: the memory is given back, the addresses stay reserved, and touching them ends the program.",
    "address_space": "Reserved addresses that no memory stands behind.",
    "bit_one": "A pointer bit that is 1: the collector takes this word of the chunk for a pointer.",
    "bit_zero": "A pointer bit that is 0: no pointer stands in this word of the chunk.",
    "scratch": "Bits that a GC program has just written into the new value's own memory, to be copied and cleared again.",
    "mask": "Bits copied from the type's pointer mask: writeHeapBits.write.",
    "pad": "Zero bits for the words of the value behind its last pointer: writeHeapBits.pad.",
    "back_up": "The bit of the word below, written once more, since a write starts at a whole bitmap byte. Go 1.21 only.",
    "kept": "Bits of the bitmap word that this store leaves as they were.",
    "memory_mapped": "Readable and writable addresses whose pages were not touched yet, so that no memory stands behind them.",
    "memory_resident": "Addresses that memory stands behind: the chunk was zeroed, and not set to fault since.",
}

#: What touching a pointer does; what the collector's colours are; what goroutines do.
_ACTS = {
    "outcome_fine": "The pointer finds its own object, in an arena that lives.",
    "outcome_stale": "The arena is freed, but the chunk still readable: the old value is there, and no error shows the mistake.",
    "outcome_other": "The chunk was recycled, and another object stands at the address: the program reads somebody else's data.",
    "outcome_nothing": "Readable memory of a chunk that belongs to no object: it reads as zero, unless it was written before.",
    "outcome_faults": "The memory is set to fault: the access ends the program, unless SetPanicOnFault makes a panic of it.",
    "outcome_reported": "A sanitizer's check before the access ends the program with a report.",
    "outcome_nil": "A nil pointer is dereferenced: a panic, which can be recovered.",
    "outcome_outside": "An address in no chunk and no object that the model knows.",
    "mark_white": "Not found by this cycle so far. What is white when marking ends was not reachable.",
    "mark_grey": "Marked, but not read yet: its oblets wait in the queue.",
    "mark_black": "Marked and read, or noscan: this cycle is done with it, and keeps it.",
    "mark_root": "Where marking begins: a global of the program, a handle, the reuse or the fault list, a chunk in a goroutine's hands.",
    "act_allocates": "The goroutine makes an arena or a value, or clones one.",
    "act_frees": "The goroutine is within Free, or runs a finalizer that frees an arena.",
    "act_waits": "The goroutine stands within an operation while others act: it was overtaken, waits for a lock, or for the world to stop.",
    "act_marks": "A GC cycle starts, marks, or ends; done by the goroutine that asked for it or by the GC worker.",
    "act_sweeps": "Spans are swept after a cycle, one visit at a time.",
    "act_else": "Any other operation of the goroutine, such as a store, a read or a weak pointer's.",
}

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
#: Lines, choices and ages: told apart by rank.
_RANKS = {
    **{
        f"series_{n}": f"The {_ORDINALS[n]} counter of a plot, counted from the bottom of a stack."
        for n in range(6)
    },
    **{
        f"choice_{n}": "One of the types, arenas or size classes in view; its own words say which."
        for n in range(7)
    },
    "choice_7": "All that has no colour of its own here; its own words say what that is.",
    "age_0": "The oldest objects in view, by when they were made.",
    **{f"age_{n}": "Objects in view of a middle age: darker is older." for n in range(1, 4)},
    "age_4": "The newest objects in view, by when they were made.",
}

#: A recorded heap: pages and slots.
_HEAP = {
    "used_1": "Less than half of the span's slots hold live objects.",
    "used_2": "Half of the span's slots or more hold live objects, but fewer than nine tenths.",
    "used_3": "Nine tenths of the span's slots or more hold live objects, but not all of them.",
    "used_4": "All slots of the span hold live objects; of a slot: it holds one.",
    "heap_born": "Objects were allocated here in this step.",
    "heap_stacks": "Pages that hold goroutine stacks, not objects.",
    "heap_died_some": "Objects here were freed in this step, but fewer than half.",
    "heap_died": "Half of the objects here or more were freed in this step; of a slot: its object was.",
    "heap_chosen": "Objects of the scope that was chosen.",
    "heap_open": "Objects whose scope has not ended yet.",
    "heap_outlives": "Objects that are still alive though their scope has ended: an arena freed there would be too early.",
}

#: Key of a look -> what it means.
LOOKS_EXPLAINED: dict[str, str] = _CHUNK | _ACTS | _RANKS | _HEAP
