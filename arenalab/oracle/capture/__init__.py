"""Get an execution trace with allocations of a Go program that nobody changed.

The program is built with a build overlay: `arenalab_capture.go` is added to package runtime, and some of the
toolchain's own functions call it (`overlay`). It traces from the program's start to its end; a file of eight words
(`status`) says how far it came. Or the trace comes from a server that runs already (`served`).
"""
