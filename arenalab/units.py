"""Bytes, addresses and counts as people write them."""

from __future__ import annotations

KiB = 1024
MiB = 1024 * KiB
GiB = 1024 * MiB


def human(nbytes: int) -> str:
    """Say a byte count in the largest binary unit that keeps three digits: `human(8388608)` is '8 MiB'."""
    sign, size = ("-", -nbytes) if nbytes < 0 else ("", nbytes)
    for unit, name in ((GiB, "GiB"), (MiB, "MiB"), (KiB, "KiB")):
        if size >= unit:
            return f"{sign}{size / unit:.4g} {name}"
    return f"{sign}{size} B"


def hex_addr(addr: int) -> str:
    """Write an address as Go prints it: `hex_addr(0x40c000000000)` is '0x40c000000000'."""
    return f"{addr:#x}"


def counted(number: int, noun: str) -> str:
    """Write how many: `counted(1, "chunk")` is '1 chunk', `counted(1200, "chunk")` is '1,200 chunks'."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
