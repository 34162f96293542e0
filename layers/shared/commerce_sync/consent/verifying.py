"""Verifying the ledger: every chain recomputed from what is stored, and held against its head and its checkpoints.

Whoever can change the table can change a head, too, and can recompute the hashes of a chain that he made up. He cannot
change what a checkpoint says of the chain as it was. So what is found depends on nothing that can be rewritten, once a
chain was sealed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol

from commerce_sync.consent.chains import FORM, ChainCheck, remembered
from commerce_sync.contracts.consent_ledger import Finding, Head, Leaf, Stored

LOOKS = 3


class Chains(Protocol):
    """The ledger and its heads."""

    def entries(self) -> Iterator[Stored]:
        """Every item of the ledger, those of one address together."""

    def heads(self) -> Iterator[Head]:
        """Every head."""

    def chain(self, address_key: str) -> tuple[Sequence[Stored], Head | None]:
        """One chain and its head as they now stand, strongly consistent."""


@dataclass
class Expected:
    """What heads and checkpoints say of each chain: about three hundred bytes an address, whatever it holds."""

    _heads: dict[str, bytes] = field(default_factory=dict)
    _leaves: dict[str, bytes] = field(default_factory=dict)

    def add_head(self, head: Head) -> None:
        """A head."""
        self._heads[head.address_key] = remembered(head.seq, head.hash)

    def add_leaf(self, leaf: Leaf) -> None:
        """A leaf of a checkpoint."""
        known = self._leaves.get(leaf.address_key, b"")
        self._leaves[leaf.address_key] = known + remembered(leaf.seq, leaf.hash)

    def take(self, address_key: str) -> tuple[bytes | None, list[bytes]]:
        """What is said of a chain: its head, and its leaves by their numbers. It is forgotten here."""
        text = self._leaves.pop(address_key, b"")
        leaves = sorted({text[at : at + FORM] for at in range(0, len(text), FORM)})
        return self._heads.pop(address_key, None), leaves

    def rest(self) -> Iterator[str]:
        """Addresses of which nothing was taken."""
        yield from list(dict.fromkeys((*self._heads, *self._leaves)))

    def sealed(self) -> int:
        """How many entries the leaves cover."""
        return sum(
            max(int.from_bytes(text[at : at + 4], "big") for at in range(0, len(text), FORM))
            for text in self._leaves.values()
        )


def verify(chains: Chains, leaves: Iterable[Leaf], sealed: Callable[[], int | None]) -> Iterator[Finding]:
    """Everything that is not as it was written, in the order in which it is met.

    ``sealed`` is asked after the last leaf: the number of entries that the last checkpoint counts, where that is known.
    The ledger may be written to meanwhile: a chain that does not fit is read again, by itself, before it is found
    fault with.
    """
    expected = Expected()
    for leaf in leaves:
        expected.add_leaf(leaf)
    if sealed() not in {None, expected.sealed()}:
        yield Finding("", 0, "", "missing", "checkpoint")
    for one in chains.heads():
        expected.add_head(one)
    for address_key, items in groupby(chains.entries(), key=lambda item: str(item.get("address_key"))):
        yield from _findings(chains, address_key, list(items), *expected.take(address_key))
    for address_key in expected.rest():
        yield from _findings(chains, address_key, [], *expected.take(address_key))


def _findings(
    chains: Chains, address_key: str, items: Sequence[Stored], head: bytes | None, sealings: Sequence[bytes]
) -> Sequence[Finding]:
    """What is wrong with a chain, on the last of several looks; nothing as soon as one look finds nothing."""
    found = ChainCheck(address_key, items, head, sealings).findings()
    for _ in range(LOOKS):
        if not found:
            break
        items, now = chains.chain(address_key)
        head = remembered(now.seq, now.hash) if now else None
        found = ChainCheck(address_key, items, head, sealings).findings()
    return found
