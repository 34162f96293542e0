"""Sealing: chains that have grown go into the next checkpoint.

First the checkpoint is kept, then the heads in it are marked, then the count of checkpoints moves on. A crash anywhere
is made good by the next run, which finds a checkpoint beyond the count, and takes it as it stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from commerce_sync.consent.checkpoints import Checkpoint, Notary, opened, signed
from commerce_sync.contracts.consent_ledger import Head, Leaf, Sealed
from commerce_sync.errors import PermanentError

MOST_LEAVES = 1000


class Heads(Protocol):
    """The ends of chains."""

    def unsealed(self, most: int) -> Sequence[Head]:
        """Chains that have grown since they were sealed, those that wait longest first, as they stand now."""

    def mark(self, leaf: Leaf) -> None:
        """Note that a chain is sealed up to here. A repeat changes nothing."""


class Kept(Protocol):
    """Where checkpoints are kept, and how far they go."""

    def last(self) -> Sealed:
        """How far the count went."""

    def advance(self, sealed: Sealed) -> None:
        """Move the count on; never back."""

    def read(self, number: int) -> bytes | None:
        """A checkpoint as it was kept; None where there is none."""

    def keep(self, number: int, data: bytes) -> bool:
        """Keep one for good. False where that number is taken."""


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals, in checkpoints of at most so many chains."""

    heads: Heads
    kept: Kept
    notary: Notary
    now: Callable[[], datetime]
    most: int = MOST_LEAVES

    def seal(self, may_go_on: Callable[[], bool]) -> int:
        """Seal what has grown; returns how many checkpoints were finished.

        :raises PermanentError: where the next checkpoint belongs lies something that is not ours.
        """
        finished = 0
        while may_go_on():
            checkpoint = self._next(self.kept.last())
            if checkpoint is None:
                break
            for leaf in checkpoint.leaves:
                self.heads.mark(leaf)
            self.kept.advance(Sealed(checkpoint.number, checkpoint.digest().hex(), checkpoint.total))
            finished += 1
        return finished

    def _next(self, last: Sealed) -> Checkpoint | None:
        """The one after the last: what a crash left behind, else a new one; None where nothing has grown."""
        number = last.number + 1
        data = self.kept.read(number)
        if data is None:
            new = self._new(last)
            if new is None:
                return None
            data = signed(new, self.notary)
            if not self.kept.keep(number, data):
                data = self.kept.read(number) or data
        checkpoint = opened(data, self.notary)
        if (checkpoint.number, checkpoint.previous) != (number, last.digest):
            raise PermanentError(f"checkpoint {number} does not follow the one before it")
        return checkpoint

    def _new(self, last: Sealed) -> Checkpoint | None:
        grown = self.heads.unsealed(self.most)
        if not grown:
            return None
        leaves = tuple(Leaf(head.address_key, head.seq, head.hash) for head in grown)
        total = last.total + sum(head.seq - head.sealed for head in grown)
        return Checkpoint(last.number + 1, last.digest, self.now().isoformat(), leaves, total)
