"""A Go program that nobody changed: built with its own toolchain and an overlay of ours, run, and cleaned up after.

What differs from Go's own files is made on the spot, at places found by short anchors in their text, and thrown
away. The person's folder, go.sum and caches stay as they are. `watch` records arenas this way, `capture` traces.
"""
