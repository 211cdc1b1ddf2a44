"""Which kinds of event can have a text in their sentence at all: asked once, so that few sentences are made.

Rule: a kind that is left out has no sentence with the text. One that stays may have.

A sentence is made of a kind's own words, which stand in the code that makes it, of numbers, units and addresses,
and of texts that its fields hold. So the words and signs of a text must all be a kind's own, unless it has such fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from types import CodeType

from arenalab.world.event import EVENTS, Event

_WORD = re.compile(r"[^\W\d_]+")
_SIGN = re.compile(r"[^\w\s.,:+-]")  #: what no number, address or name brings along.
#: What every sentence may hold: units, and what `chunk_list`, `values_of` and `units.noun` write.
_ALWAYS = "b kib mib gib no chunk chunks s × …"
_HEX = frozenset("abcdefx")


def may_say(text: str, names: Iterable[str] = (), types: Iterable[str] = ()) -> list[type[Event]]:
    """Return the kinds of event whose sentences may hold a text, whatever its case.

    Args:
        text: what is looked for.
        names: who acts in the history, as sentences name them.
        types: the history's types, as Go writes them.

    """
    also, exprs = " ".join((_ALWAYS, *names)).lower(), " ".join(types).lower()
    words = [word for word in _WORD.findall(text.lower()) if not _HEX.issuperset(word)] + _SIGN.findall(text)
    return [kind for kind in EVENTS.values() if _may_say(kind, words, also, exprs)]


def _may_say(kind: type[Event], words: list[str], also: str, exprs: str) -> bool:
    declared = " ".join(str(field.type) for field in fields(kind))
    if "str" in declared:  # a reason, a name: any text
        return True
    return _has_all(words, f"{own_words(kind.__name__)} {also} {exprs if 'GoType' in declared else ''}")


def _has_all(words: list[str], own: str) -> bool:
    """Return whether each word is part of a kind's own; `noun` may have added an s."""
    return all(word in own or word.removesuffix("s") in own for word in words)


@cache
def own_words(name: str) -> str:
    """Return the texts in the code that makes the sentence of a kind."""
    return " ".join(_texts(EVENTS[name].sentence.__code__)).lower()


def _texts(code: CodeType) -> Iterable[str]:
    for constant in code.co_consts:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, CodeType):
            yield from _texts(constant)
