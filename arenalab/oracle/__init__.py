"""The real Go beside the model: record its runtime, compare with it, watch it for changes.

This is a side house of the package. The model never imports it; it imports the floors
`go` and `world` and starts the Go toolchain of the `go` extra (or the one named with
`--go PATH`), into which it builds accessors of its own.

* `program`: what is to be performed (a scenario, an operation list, a random program).
* `generate`: random programs that make rare things common.
* `toolchain`, `build`: the Go command, and the recorder built with it, kept for reuse.
* `record`: runs the recorder and writes a recording (docs/recording-format.md).
* `cases`: panics, throws, faults and `Clone`, each in a child process.
* `fingerprint`: which mirrored Go functions changed between two toolchains.
* `own_program`: records a Go program that nobody changed.
"""
