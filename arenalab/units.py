"""Bytes, addresses and counts as people write them."""

from __future__ import annotations

import math

KiB = 1024
MiB = 1024 * KiB
GiB = 1024 * MiB


def human(nbytes: int) -> str:
    """Write a byte count in the largest binary unit that keeps three digits: `human(8388608)` is '8 MiB'.

    >>> human(8_257_488)
    '7.875 MiB'
    """
    sign, size = ("-", -nbytes) if nbytes < 0 else ("", nbytes)
    for unit, name in ((GiB, "GiB"), (MiB, "MiB"), (KiB, "KiB")):
        if size >= unit:
            return f"{sign}{size / unit:.4g} {name}"
    return f"{sign}{size} B"


def short_time(seconds: float) -> str:
    """Write a time in the unit that keeps it short: `short_time(7.36e-06)` is '7.36 µs'."""
    told = float(f"{seconds:.3g}")
    if not told or abs(told) >= 1000:
        return f"{seconds:,.0f} s"
    power = min(max(math.ceil(-math.log10(abs(told)) / 3 - 1e-9), 0), 3)
    return f"{told * 1000**power:.3g} {('s', 'ms', 'µs', 'ns')[power]}"


def hex_addr(addr: int) -> str:
    """Write an address as Go prints it: `hex_addr(0x40c000000000)` is '0x40c000000000'."""
    return f"{addr:#x}"


def noun(count: int, one: str, many: str = "") -> str:
    """Return the word for a count: `noun(1, "byte")` is 'byte'; `many` is the plural, `one` with an s if not given."""
    return one if count == 1 else many or f"{one}s"


def plainly(count: int, one: str, many: str = "") -> str:
    """Write a count in digits alone, as Go prints numbers: `plainly(4096, "byte")` is '4096 bytes'."""
    return f"{count} {noun(count, one, many)}"


def counted(count: int, one: str, many: str = "") -> str:
    """Write a count by thousands: `counted(1, "byte")` is '1 byte', `counted(4096, "byte")` '4,096 bytes'."""
    return f"{count:,} {noun(count, one, many)}"


def elided(text: str, longest: int = 72) -> str:
    """Cut a text in its middle to so many characters, so that both its ends are seen: "struct{ … [100]byte }"."""
    if len(text) <= longest:
        return text
    front = (longest - 3) * 2 // 3
    return f"{text[:front].rstrip()} … {text[front + 3 - longest :].lstrip()}"


def humans(low: int, high: int) -> tuple[str, str]:
    """Write two byte counts so that they differ where the numbers do: "956.5 KiB" twice would tell nothing."""
    told = human(low), human(high)
    return told if told[0] != told[1] or low == high else (plainly(low, "byte"), plainly(high, "byte"))
