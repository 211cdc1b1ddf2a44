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

GO = "1.21"  # this chapter and its recordings are about it
lab = arenalab.Lab(GO, gogc="off")

# %% [markdown]
# ## Predict, run, look
#
# **Predict:** two structs with the same four fields, in a different order. Are they the same size?

# %%
loose = lab.type_of("struct{ on bool; next *int; n int32; name string }")
tight = lab.type_of("struct{ next *int; name string; n int32; on bool }")
for made in (loose, tight):
    print(f"{made.size} bytes, of which the collector reads at most {made.ptr_bytes}: {made.expr}")

# %% [markdown]
# 40 against 32 bytes: each field must start at a multiple of its [alignment](glossary.md#alignment), and what lies
# between is [padding](glossary.md#padding). The second number is the type's
# [pointer prefix](glossary.md#pointer-prefix), `PtrBytes` in Go: the bytes up to the end of its last pointer. The
# arena asks it one question only: *is it 0?* Then the value goes to the back.
#
# **Predict:** a pointer, a map, a channel and a func are one pointer word each. How many of the words of a string, a
# slice and an interface does the collector follow?

# %%
for go_text in ("*int", "string", "[]byte", "any"):
    made = lab.type_of(go_text)
    mask = "".join(map(str, made.mask.bits(0, made.mask.n)))
    print(f"{go_text:<8}{made.size:>3} bytes, prefix {made.ptr_bytes:>2}, mask {mask}")

# %% [markdown]
# One each. A string is *pointer*, length; a slice is *pointer*, length, capacity. An interface is the surprise: its
# first word says what is in it, and the collector does not follow that; only the second word counts. These 0s and 1s
# are the type's [pointer mask](glossary.md#pointer-mask), one bit a word.
#
# **Predict:** a mask of a huge array would be huge, too. `[16384]*int` has one of 2 KiB. What about `[16385]*int`?

# %%
for length in (16384, 16385):
    made = lab.type_of(f"[{length}]*int")
    how = "a mask of 2,048 bytes" if made.gcprog is None else f"a program of {len(made.gcprog)} bytes"
    print(f"{made.expr}: described by {how}")
print("the program:", made.gcprog.hex(" "))

# %% [markdown]
# One word more, and the compiler writes a [GC program](glossary.md#gc-program) instead: *emit one bit, 1; repeat it
# 16,384 times; stop*. Whoever needs the bits has to run it. Where does an arena find room for its output?

# %%
a = lab.new_arena()
print(a.new("[16385]*int").events.of("GCProgExpanded", "GCProgErased"))

# %% [markdown]
# In the new value itself. For a moment your array holds its own mask; then it is zeroed again.
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
# Ten types, compiled by Go 1.21.13: size, alignment, prefix, kind, mask, program, and then a value of each, placed in
# an arena.

# %%
recording = arenalab.load_recording("data/go_types.jsonl")
report = arenalab.check(recording)
print(f"{report.facts} facts compared, {report.different} differences")

# %% [markdown]
# ## In Go 1.27
#
# GC programs are gone since Go 1.24: a type too large for a mask in its descriptor has one built *on demand*, when it
# is first used. **Predict:** how large is too large?

# %%
for go in ("1.21", "1.24", "1.27"):
    arrays = {n: arenalab.Lab(go).type_of(f"[{n}]*int") for n in (128, 129, 16384, 16385)}
    print(f"Go {go}:", ", ".join(f"{n} words: {made.mask_kind}" for n, made in arrays.items()))

# %% [markdown]
# In Go 1.27 a descriptor's mask ends at 128 words, 1 KiB of memory.

# %% [markdown]
# ## What we learned
#
# * A type is size, alignment, and a mask with one bit a word up to its last pointer.
# * Strings, slices and interfaces have one pointer word each; an interface's is the second.
# * More than 16,384 words of prefix, 128 KiB, and the mask becomes a program.

# %%
assert report.ok
assert (loose.size, tight.size) == (40, 32)
assert lab.type_of("any").mask.bits(0, 2).tolist() == [0, 1]
assert lab.type_of("struct{ p *int; b [200000]byte }").gcprog is None
assert made.gcprog.hex() == "01018180800100"

# %% [markdown]
# ## Exercises
#
# Predict first. The model judges, and shows the step in which it is decided.

# %%
arenalab.Exercise("type-size", seed=2)

# %%
arenalab.Exercise("pointer-prefix", seed=2)

# %%
arenalab.Exercise("pointer-words", seed=2)

# %%
arenalab.Exercise("mask-or-program", seed=1)

# %% [markdown]
# *Sources: `CalcSize` (cmd/compile/internal/types/size.go), `dgcsym` (cmd/compile/internal/reflectdata/reflect.go),
# `userArenaHeapBitsSetType` (arena.go), `runGCProg` (mbitmap.go), Go 1.21.*
#
# **Next:** [4 · Heap-bitmap bits and noMorePtrs](04_heap_bits.ipynb): where the masks of all values end up.
