"""Pointer masks from the program's own file: which words of a type are pointers.

The trace tells where each type's `abi.Type` is; from Go 1.23 to 1.27 it begins Size, PtrBytes, Hash, TFlag, Align,
FieldAlign, Kind, Equal, GCData, Str. GCData is the mask, a bit for each word up to PtrBytes, unless the runtime makes
it when first needed (TFlagGCMaskOnDemand, since Go 1.24) or from a program (KindGCProg, before): then the type's fields
are walked. Neither symbols nor DWARF are needed, so a stripped program does. A position-independent one was moved when
it was loaded; by how much is found from where the types are. It is the program that wrote the trace if all types agree
in Size, PtrBytes and name; types made at run time (package reflect) are in no file and have no mask.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from arenalab.intake.image import PAGE, WORD, Image
from arenalab.intake.tables import TypeRow

Mask = NDArray[np.bool_]
MOST = 2**24  #: words of a type whose mask is written: 128 MiB.
MOST_FIELDS = 2**16  #: of a struct.
DEEPEST = 100  #: types within types.
FLAGS, KIND, GCDATA, STR, LONGEST_HEAD = (
    20,
    23,
    32,
    40,
    48,
)  #: places in abi.Type (internal/abi/type.go), its size.
ELEM, LEN, FIELDS = (
    48,
    64,
    56,
)  #: in ArrayType its element's type and length, in StructType the slice of fields.
FIELD = 24  #: bytes of a StructField: Name, Typ, Offset.
EXTRA_STAR, ON_DEMAND, GC_PROGRAM = 2, 16, 64  #: TFlag, TFlag, Kind
ARRAY, STRUCT = 17, 25  #: abi.Kind
#: The words of a value that are pointers, by abi.Kind: chan, func, interface (its type's or itab's is outside the heap
#: and none), map, pointer, slice, string, unsafe.Pointer.
WORDS = {18: [1], 19: [1], 20: [0, 1], 21: [1], 22: [1], 23: [1, 0, 0], 24: [1, 0], 26: [1]}
FOREIGN = "not the program that wrote this trace"


def masks_of(binary: str | Path, types: Iterable[TypeRow]) -> dict[int, Mask]:
    """Return for the address of each type that the program's file holds which of its words are pointers.

    An array has one element for each word of the type (8 bytes), a last one that is cut short included.

    Raises:
        TraceError: no ELF file, a damaged one, or not the program that wrote the trace.
        MissingExtraError: pyelftools is not installed.

    """
    image = Image(binary)
    given = sorted({each for each in types if each.address and each.size < MOST * WORD.itemsize})
    moved = _moved(image, given)
    there = [each for each in given if image.holds(each.address - moved)]
    _check(image, there, moved)
    walker = _Walker(image)
    return {each.address: walker.mask(each.address - moved) for each in there}


def _moved(image: Image, types: list[TypeRow]) -> int:
    """Return by how many bytes the program was moved when it was loaded."""
    if any(image.holds(each.address) for each in types) or not types:
        return 0
    told = np.concatenate(
        [np.unique(each.address - image.places((each.size, each.ptr_bytes))) for each in types]
    )
    possible, votes = np.unique(told[told % PAGE == 0], return_counts=True)
    if not len(possible):
        image.wrong(FOREIGN)
    return int(possible[np.argmax(votes)])


def _check(image: Image, types: list[TypeRow], moved: int) -> None:
    """See to it that all types are there, by their sizes and by their names."""
    for each in types:
        at = each.address - moved
        if (image.word(at), image.word(at + WORD.itemsize)) != (each.size, each.ptr_bytes):
            image.wrong(f"{FOREIGN}: {each.name} is not where it was")
    names = [(each, _name(image, each, each.address - moved)) for each in types]
    if not names or not _bases(image, names):
        image.wrong(FOREIGN)


def _name(image: Image, row: TypeRow, at: int) -> tuple[bytes, int]:
    """Return a type's name as the program holds it, and where it is from the unknown place where names begin."""
    star = image.word(at + FLAGS) % 256 // EXTRA_STAR % 2
    offset = int.from_bytes(image.bytes(at + STR, 4).tobytes(), "little", signed=True)
    return b"*" * star + row.name.encode(), offset


def _bases(image: Image, names: list[tuple[TypeRow, tuple[bytes, int]]]) -> bool:
    """Return whether there is a place from which all names are where their types say."""
    longest, offset = max((name for _, name in names), key=lambda name: len(name[0]))
    for start, data in image.segments:
        text, at = data.tobytes(), -1
        while (at := text.find(longest, at + 1)) >= 0:
            base = start + at - 1 - _length(len(longest)) - offset
            if all(_stands(image, base + place, name) for _, (name, place) in names):
                return True
    return False


def _length(size: int) -> int:
    """Return how many bytes the length of a name takes: 7 bits each."""
    return 1 if size < 128 else 2


def _stands(image: Image, at: int, name: bytes) -> bool:
    """Return whether a name stands at an address: a byte of flags, its length, its bytes."""
    return image.bytes(at + 1 + _length(len(name)), len(name)).tobytes() == name


class _Walker:
    """Masks by the address of the type in the file, each made once."""

    def __init__(self, image: Image) -> None:
        self.image = image
        self.known: dict[int, Mask] = {}

    def mask(self, at: int, depth: int = 0) -> Mask:
        """Return the mask of a type."""
        if at not in self.known:
            if depth > DEEPEST:
                self.image.wrong("damaged: a type within itself")
            self.known[at] = self._mask(at, depth)
        return self.known[at]

    def _mask(self, at: int, depth: int) -> Mask:
        size, held = self.image.word(at), self.image.word(at + WORD.itemsize)
        words = -(-size // WORD.itemsize)
        if words > MOST or held > size:
            self.image.wrong(f"damaged: a type of {size:,} bytes with pointers in {held:,}")
        mask = np.zeros(words, np.bool_)
        if not held:
            return mask
        head = self.image.bytes(at, LONGEST_HEAD)
        if int(head[FLAGS]) // ON_DEMAND % 2 or int(head[KIND]) // GC_PROGRAM % 2:
            self.walk(at, int(head[KIND]) % 32, mask, depth)
            return mask
        told = self.image.bytes(self.image.word(at + GCDATA), -(-held // 64))
        if len(told) < -(-held // 64):
            self.image.wrong(f"damaged: no mask of {held // WORD.itemsize:,} words where a type's should be")
        mask[: held // WORD.itemsize] = np.unpackbits(told, bitorder="little")[: held // WORD.itemsize]
        return mask

    def walk(self, at: int, kind: int, mask: Mask, depth: int = 0) -> None:
        """Set the words of a type by what it is made of."""
        if kind == ARRAY:
            count, elem = self.image.word(at + LEN), self.mask(self.image.word(at + ELEM), depth + 1)
            if count * len(elem) != len(mask):
                self.image.wrong(f"damaged: {count:,} elements of {len(elem):,} words in {len(mask):,}")
            mask[:] = np.tile(elem, count)
        elif kind == STRUCT:
            first, count = self.image.word(at + FIELDS), self.image.word(at + FIELDS + WORD.itemsize)
            if count > MOST_FIELDS:
                self.image.wrong(f"damaged: a struct of {count:,} fields")
            for number in range(count):
                self._field(first + number * FIELD, mask, depth)
        elif len(WORDS.get(kind, [])) == len(mask):
            mask[:] = WORDS[kind]
        else:
            self.image.wrong(f"damaged: {len(mask):,} words of kind {kind}")

    def _field(self, at: int, mask: Mask, depth: int) -> None:
        mine = self.mask(self.image.word(at + WORD.itemsize), depth + 1)
        if mine.any():
            begin = self.image.word(at + 2 * WORD.itemsize) // WORD.itemsize
            if begin + len(mine) > len(mask):
                self.image.wrong("damaged: a field after its type's end")
            mask[begin : begin + len(mine)] = mine
