"""What an ordinary Go program's execution trace tells about its heap: bytes → columns → lifetimes → scopes.

Rule: nothing here knows the model. What it says is *recorded*; what a trace cannot tell stays undecided.
"""
