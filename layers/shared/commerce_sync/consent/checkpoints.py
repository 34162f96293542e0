"""Checkpoints: the ends of chains at a moment, signed, each naming the one before it.

A chain alone does not show that its end was cut off, nor that the whole was replaced; a checkpoint that nobody can
delete does. What is signed is the SHA-256 of the checkpoint's canonical form.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from commerce_sync.consent.chain import canonical, merkle_root
from commerce_sync.contracts.consent_ledger import Finding, Leaf, What
from commerce_sync.errors import PermanentError


class Notary(Protocol):
    """Signs, and knows its own signatures."""

    def sign(self, digest: bytes) -> str:
        """The signature of a SHA-256 digest, as text."""

    def verify(self, digest: bytes, signature: str) -> bool:
        """Whether the signature is the notary's own for this digest."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """``number`` counts from 1. ``previous`` is the digest (hex) of the one before; ``total`` counts sealed entries."""

    number: int
    previous: str
    at: str
    leaves: tuple[Leaf, ...]
    total: int

    def body(self) -> Mapping[str, Any]:
        """What is signed."""
        return {
            "number": self.number,
            "previous": self.previous,
            "at": self.at,
            "leaves": [list(leaf) for leaf in self.leaves],
            "root": merkle_root(self.leaves),
            "total": self.total,
        }

    def digest(self) -> bytes:
        """The SHA-256 of its canonical form."""
        return sha256(canonical(self.body())).digest()


def signed(checkpoint: Checkpoint, notary: Notary) -> bytes:
    """A checkpoint as it is kept."""
    signature = notary.sign(checkpoint.digest())
    return canonical({"checkpoint": checkpoint.body(), "signature": signature})


def opened(data: bytes, notary: Notary, vouched: str | None = None) -> Checkpoint:
    """A checkpoint read back. One whose digest is the one that is vouched for needs no signature.

    :raises PermanentError: it is none, or not one that we signed.
    """
    checkpoint, signature = _parsed(data)
    if checkpoint.digest().hex() != vouched and not notary.verify(checkpoint.digest(), signature):
        raise PermanentError("a checkpoint does not bear our signature")
    return checkpoint


def checked(objects: Iterable[tuple[int, bytes | None]], notary: Notary) -> Iterator[Checkpoint | Finding]:
    """Each checkpoint that can be relied on, and what is wrong with the others. They come from the last to the first.

    The signature of the last one vouches for all before it, for each names the digest of the one before. Where one is
    missing or altered, the signature of the next vouches for those before that.
    """
    vouched: str | None = None
    for number, data in objects:
        checkpoint, wrong = _looked_at(number, data, notary, vouched)
        if wrong:
            yield Finding("", number, "", wrong, "checkpoint")
        vouched = checkpoint.previous if checkpoint else None
        if checkpoint:
            yield checkpoint
    if vouched:
        yield Finding("", 0, "", "missing", "checkpoint")


def _looked_at(
    number: int, data: bytes | None, notary: Notary, vouched: str | None
) -> tuple[Checkpoint | None, What | None]:
    """A checkpoint, where what it says can be relied on, and what is wrong with it."""
    if data is None:
        return None, "missing"
    try:
        checkpoint = opened(data, notary, vouched)
    except PermanentError:
        return None, "altered"
    if checkpoint.number != number:
        return None, "swapped"
    is_forked = vouched is not None and checkpoint.digest().hex() != vouched
    return checkpoint, "forked" if is_forked else None


def _parsed(data: bytes) -> tuple[Checkpoint, str]:
    """A checkpoint and its signature, whoever made it."""
    try:
        document = json.loads(data)
        body, signature = document["checkpoint"], document["signature"]
        leaves = tuple(Leaf(str(key), int(seq), str(hashed)) for key, seq, hashed in body["leaves"])
        checkpoint = Checkpoint(int(body["number"]), str(body["previous"]), str(body["at"]), leaves, int(body["total"]))
        is_whole = canonical(body) == canonical(checkpoint.body()) and set(document) == {"checkpoint", "signature"}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PermanentError("an object among the checkpoints is no checkpoint") from error
    if not is_whole or not isinstance(signature, str):
        raise PermanentError("an object among the checkpoints is no checkpoint")
    return checkpoint, signature
