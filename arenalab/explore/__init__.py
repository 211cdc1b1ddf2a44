# ruff: noqa: E402  # what is missing is reported before it is imported
"""The explorers: `from arenalab.explore import ChunkMap`."""

from arenalab.install import PICTURES, require

require("lab", *PICTURES)

from arenalab.explore.address_space import AddressSpace
from arenalab.explore.advice import Advice
from arenalab.explore.chunk_map import ChunkMap
from arenalab.explore.cloning import Cloning
from arenalab.explore.collector import Collector
from arenalab.explore.counters import Counters
from arenalab.explore.dangling import DanglingPointer
from arenalab.explore.goroutines import Goroutines
from arenalab.explore.heap_bitmap import HeapBitmap
from arenalab.explore.heap_movie import HeapMovie
from arenalab.explore.life_cycle import LifeCycle
from arenalab.explore.shell import Explorer
from arenalab.explore.types import Types
from arenalab.explore.what_if import WhatIf
from arenalab.explore.workbench import Workbench

__all__ = [
    "AddressSpace",
    "Advice",
    "ChunkMap",
    "Cloning",
    "Collector",
    "Counters",
    "DanglingPointer",
    "Explorer",
    "Goroutines",
    "HeapBitmap",
    "HeapMovie",
    "LifeCycle",
    "Types",
    "WhatIf",
    "Workbench",
]
