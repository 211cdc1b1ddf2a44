"""A reader of execution traces that anybody can check by eye: one byte after the other, no arrays.

It is the law of arenalab.intake: the same events, or the same refusal. It trusts its file and is slow.
"""

from arenalab.intake.kinds import TIMED


def number(data, at):
    """Return the LEB128 number at a place, and the place after it."""
    value = shift = 0
    while True:
        byte = data[at]
        value, shift, at = value | (byte & 127) << shift, shift + 7, at + 1
        if byte < 128:
            assert value < 1 << 64
            assert shift <= 70
            return value, at


def batches(data):
    """Yield generation, thread, time, experiment and bytes of each batch of a file's bytes."""
    at = 16
    while at < len(data):
        kind, at = data[at], at + 1
        if kind != 52:
            assert kind in (1, 49)
            experiment, at = (data[at], at + 1) if kind == 49 else (0, at)
            generation, at = number(data, at)
            m, at = number(data, at)
            time, at = number(data, at)
            size, at = number(data, at)
            assert at + size <= len(data)
            yield generation, m, time, experiment, data[at : at + size]
            at += size


def events(data):
    """Yield generation, thread, time, name and arguments of each timed event."""
    for generation, m, time, experiment, body in batches(data):
        if experiment or not body or body[0] in (2, 4, 6, 8, 50, 52):
            continue
        at = 0
        while at < len(body):
            name, names = TIMED[body[at]]
            step, at = number(body, at + 1)
            time += step  # noqa: PLW2901  # that is what a step is
            given = []
            for _ in names:
                value, at = number(body, at)
                given.append(value)
            yield generation, m, time, name, tuple(given)
