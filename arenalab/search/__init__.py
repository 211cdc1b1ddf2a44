"""Every program up to a bound, performed in the model: breadth first, each state once, properties asked of all.

This is *searched to the end*, within the bound; it is no proof for larger programs, and Go itself is not asked.
"""

from arenalab.search.bounds import Bounds
from arenalab.search.search import Found, Level, Search

__all__ = ["Bounds", "Found", "Level", "Search"]
