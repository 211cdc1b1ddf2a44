# %% [markdown]
# # 3 · Go types as the collector sees them
#
# **What does the collector know about your `struct`?**
#
# *You need:* chapter 2; a struct, a slice, a string and an interface of Go.
#
# To the collector a type is no more than this: how many bytes, aligned to what, and *which of its words are pointers*.
# Field names, methods, exported or not: all that is gone. ArenaLab lays a type out from its Go text, as the compiler
# does.

# %%
import arenalab

GO = arenalab.pick_go()

# %% [markdown]
# ## Predict, run, look
#
# **Predict:** two structs with the same four fields, in a different order. Are they the same size?

# %% jupyter={"outputs_hidden": true}
lab = arenalab.Lab(GO, gogc="off")
loose = lab.type_of("struct{ on bool; next *int; n int32; name string }")
tight = lab.type_of("struct{ next *int; name string; n int32; on bool }")
for made in (loose, tight):
    print(f"{made.size} bytes, of which the collector reads at most {made.ptr_bytes}: {made.expr}")

# %% [markdown]
# 40 against 32 bytes: each field must start at a multiple of its [alignment](glossary.md#alignment), and what lies
# between is [padding](glossary.md#padding).
#
# The second number is the type's [pointer prefix](glossary.md#pointer-prefix), `PtrBytes` in Go: the bytes up to the
# end of its last pointer. The arena asks it one question only: *is it 0?* Then the value goes to the back.
#
# **Predict:** a pointer, a map, a channel and a func are one pointer word each. How many of the words of a string, a
# slice and an interface does the collector follow?

# %% jupyter={"outputs_hidden": true}
for go_text in ("*int", "string", "[]byte", "any"):
    made = lab.type_of(go_text)
    mask = "".join(map(str, made.mask.bits(0, made.mask.n)))
    print(f"{go_text:<8}{made.size:>3} bytes, prefix {made.ptr_bytes:>2}, mask {mask}")

# %% [markdown]
# One each. A string is *pointer*, length; a slice is *pointer*, length, capacity. An interface is the surprise: its
# first word says what is in it, and the collector does not follow that; only the second word counts. These 0s and 1s
# are the type's [pointer mask](glossary.md#pointer-mask), one bit a word.
#
# **Predict:** the mask of a huge array would be huge, too. The compiler writes one of at most 16,384 words up to Go
# 1.26, of at most 128 since Go 1.27. What if a type has one word more?

# %% jupyter={"outputs_hidden": true}
most = lab.rules.max_ptrmask_words
for length in (most, most + 1):
    huge = lab.type_of(f"[{length}]*int")
    print(f"Go {GO}, {huge.expr}: {huge.mask_kind}")

# %% [markdown]
# Up to Go 1.23 the compiler writes a [GC program](glossary.md#gc-program) instead: *emit one bit, 1; repeat it; stop*.
# Whoever needs the bits has to run it. Since Go 1.24 it writes nothing: the runtime builds the mask *on demand*, when
# the type is first used.
#
# **Predict:** where does an arena find room for so many bits?

# %% jupyter={"outputs_hidden": true}
a = lab.new_arena()
print(a.new(huge).events.of("GCProgExpanded", "GCProgErased", "MaskBuilt"))

# %% [markdown]
# A program runs into the new value itself: for a moment your array holds its own mask, then it is zeroed again. A mask
# on demand lies in memory of the runtime's that is never freed.
#
# ## Look
#
# **Claim: the order of the fields decides how much is padding, and how far the collector reads.** Type another
# struct: the layout follows as you type, and a mistake is explained where it is.

# %%
lab.layout("struct{ on bool; next *int; n int32; name string }")

# %% [markdown]
# The same fields, large alignments first:

# %%
lab.layout("struct{ next *int; name string; n int32; on bool }")

# %% [markdown]
# ## Against the real Go
#
# Ten types, compiled by real Go: size, alignment, prefix, kind, mask, and then a value of each, placed in an arena.

# %%
recording = arenalab.load_recording(f"data/go_types-{GO}.jsonl.gz")
report = arenalab.check(recording)
print(f"{recording.go}: {report.facts} facts compared, {report.different} differences")

# %% [markdown]
# ## What we learned
#
# * A type is size, alignment, and a mask with one bit a word up to its last pointer.
# * Strings, slices and interfaces have one pointer word each; an interface's is the second.
# * A type with too long a prefix has no mask of its own: a program up to Go 1.23, a mask built on demand since then.

# %%
assert report.ok
assert (loose.size, tight.size) == (40, 32)
assert lab.type_of("any").mask.bits(0, 2).tolist() == [0, 1]
assert lab.type_of("struct{ p *int; b [200000]byte }").mask_kind == "mask"
assert huge.mask_kind == lab.rules.mask_kind

# %% [markdown]
# ## Exercises
#
# Predict first. The model judges, and shows the step in which it is decided.

# %%
arenalab.Exercise("type-size", seed=2, go=GO)

# %%
arenalab.Exercise("pointer-prefix", seed=2, go=GO)

# %%
arenalab.Exercise("pointer-words", seed=2, go=GO)

# %%
arenalab.Exercise("mask-or-program", seed=1, go=GO)

# %% [markdown]
# The other way round: write a program that does what is asked. Any that does is right.

# %%
arenalab.Exercise("build-prefix", seed=1, go=GO)

# %% [markdown]
# *Sources: `CalcSize` (cmd/compile/internal/types/size.go), `dgcsym` (cmd/compile/internal/reflectdata/reflect.go),
# `userArenaHeapBitsSetType` (arena.go); `runGCProg` (mbitmap.go) up to Go 1.23, `getGCMaskOnDemand` (type.go) since.*
#
# **Next:** [4 · Where a chunk keeps its bits](04_heap_bits.ipynb): where the masks of all values end up.
