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


def noun(count: int, one: str, many: str = "") -> str:
    """Return the word for a count: `noun(1, "byte")` is 'byte'; `many` is the plural, `one` with an s if not given."""
    return one if count == 1 else many or f"{one}s"


def plainly(count: int, one: str, many: str = "") -> str:
    """Say how many there are in digits alone, as Go prints numbers: `plainly(4096, "byte")` is '4096 bytes'."""
    return f"{count} {noun(count, one, many)}"


def counted(count: int, one: str, many: str = "") -> str:
    """Say how many there are, by thousands: `counted(1, "byte")` is '1 byte', `counted(4096, "byte")` '4,096 bytes'."""
    return f"{count:,} {noun(count, one, many)}"
