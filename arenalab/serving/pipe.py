"""Answers and questions on a pipe: each is its length, eight bytes, and then its bytes."""

from __future__ import annotations

from typing import IO

LENGTH = 8
DONE, FAILED = b"+", b"-"  #: how a worker's answer begins: what was asked for, or why it is missing.


def sent(pipe: IO[bytes], data: bytes) -> None:
    """Write one of them.

    Raises:
        OSError: nobody reads any more.

    """
    pipe.write(len(data).to_bytes(LENGTH, "big") + data)
    pipe.flush()


def received(pipe: IO[bytes]) -> bytes | None:
    """Read one of them; None when there will be no more."""
    head = pipe.read(LENGTH)
    if len(head) < LENGTH:
        return None
    length = int.from_bytes(head, "big")
    data = pipe.read(length)
    return data if len(data) == length else None
