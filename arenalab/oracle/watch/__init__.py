"""Record a Go program that nobody changed.

The program is built with the person's own toolchain and a build overlay: one file of ours
(`arenalab_watch.go`) is added to package runtime, and copies of three of the toolchain's own
files get calls to it, at places found by short anchors in their text. Those copies are made on
the spot and thrown away. What the calls note goes to a memory-mapped file, which outlives a
crash; `convert` makes a recording of it.
"""
