"""ArenaLab: Go's user arenas, step by step, as the real runtime runs them."""
