"""What exists and what may happen: state, operations, events, the one writer, history.

Floor 2. `apply` is the only code that changes a `World`; everything else reads.
"""
