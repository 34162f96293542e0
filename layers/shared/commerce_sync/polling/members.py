"""Who is on a list, compared with who was: pure.

Nobody has left who is missing once: a page that moves while it is read, or a list that is being worked out anew, hides
people for a moment, and whoever leaves is taken off another list for it. So they must be missing in two readings.
"""

from base64 import b85decode, b85encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from zlib import compress, decompress

Ids = frozenset[str]
NOBODY: Ids = frozenset()


@dataclass(frozen=True, slots=True)
class Members:
    """Who is on a list as of the reading ``of``. ``missing`` were not in it, for the first time.

    ``unsaid`` joined or left, and nobody was told yet.
    """

    of: str = ""
    members: Ids = NOBODY
    missing: Ids = NOBODY
    unsaid: Ids = NOBODY

    def compared(self, found: Ids, of: str) -> Self:
        """After another reading, which found these; comparing one again changes nothing. At first all have joined."""
        if of == self.of:
            return self
        gone = self.members - found
        left = gone & self.missing
        unsaid = self.unsaid | (found - self.members) | left
        return replace(self, of=of, members=(self.members | found) - left, missing=gone - left, unsaid=unsaid)

    def said(self, told: Iterable[str]) -> Self:
        """After some of them were told of."""
        return replace(self, unsaid=self.unsaid - frozenset(told))

    def to_document(self) -> dict[str, Any]:
        """As JSON."""
        several = {"members": self.members, "missing": self.missing, "unsaid": self.unsaid}
        return {"of": self.of, **{name: packed(ids) for name, ids in several.items()}}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """From JSON; nobody where there is none yet."""
        return cls(document.get("of", ""), *(unpacked(document.get(name, "")) for name in _PACKED))


_PACKED = ("members", "missing", "unsaid")


def packed(ids: Iterable[str]) -> str:
    """Ids, all of them digits, in the fewest characters: each as its distance to the one before."""
    numbers = sorted({int(one) for one in ids})
    distances = (number - before for number, before in zip(numbers, [0, *numbers], strict=False))
    return b85encode(compress(b"".join(map(_digits, distances)), 9)).decode() if numbers else ""


def unpacked(text: str) -> Ids:
    """The ids again."""
    return frozenset(_ids(decompress(b85decode(text)))) if text else NOBODY


def _digits(number: int) -> bytes:
    """Seven bits a byte, the lowest first; all but the last byte have the eighth."""
    found = bytearray()
    while number >= _MORE:
        found.append(number % _MORE | _MORE)
        number //= _MORE
    return bytes([*found, number])


def _ids(packed_ids: bytes) -> Iterator[str]:
    number, distance, place = 0, 0, 1
    for byte in packed_ids:
        distance += byte % _MORE * place
        place *= _MORE
        if byte < _MORE:
            number += distance
            distance, place = 0, 1
            yield str(number)


_MORE = 0x80
