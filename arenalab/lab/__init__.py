"""Lab: a Go program by hand, as Go programmers think of one: arenas, pointers, fields, a collection.

    lab = arenalab.Lab(go="1.27", gogc="off")
    lab.types("type Node struct { next *Node; n int }")
    a = lab.new_arena()
    p, q = a.new("Node"), a.new("Node")
    p.next = q
    print(a.free())

Rules:
1. It decides nothing. Every verb asks for operations of `world/ops.py`, one or more, and the machine performs them;
   the same operations given to `Machine.do` make the same history.
2. A handle (`Arena`, `Ptr`, `Slice` ...) holds a number and the lab, no state: what it says is read off the World.
3. Looking is not an operation: reading `p.next` returns what the memory holds and changes nothing.
4. What makes something returns its handle, whose `events` are those of making it; any other verb returns its events.
"""

from arenalab.lab.arena import Arena
from arenalab.lab.goroutine import Goroutine
from arenalab.lab.kept import Global, Weak
from arenalab.lab.lab import Lab
from arenalab.lab.memory import Address
from arenalab.lab.values import Ptr, Slice, clone

__all__ = ["Address", "Arena", "Global", "Goroutine", "Lab", "Ptr", "Slice", "Weak", "clone"]
