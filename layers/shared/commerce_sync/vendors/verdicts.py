"""What became of each address in a call that names nobody when it is refused."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from commerce_sync.errors import PausedError, PermanentError, RefusedByVendorError, RetriableError

Item = TypeVar("Item")
BLAMES_THE_BODY = frozenset({400, 413, 422})
"""Statuses by which a vendor refuses what was sent. Any other refuses the call, whoever is in it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one address: accepted, refused for good, to be tried again, or nothing was to be done.

    Accepted is not processed: a vendor may drop what it accepted, so success is read back.
    """

    address: str
    refused: PermanentError | None = None
    retriable: RetriableError | None = None
    skipped: bool = False

    @property
    def is_accepted(self) -> bool:
        """Whether the vendor took it."""
        return self.refused is None and self.retriable is None and not self.skipped


def told(
    items: Sequence[Item], address_of: Callable[[Item], str], send: Callable[[Sequence[Item]], None], most: int
) -> Iterator[Verdict]:
    """Send items, ``most`` a call, with a verdict on each. A refused call is halved until the culprits stand alone.

    Once the vendor asks us to wait, nothing more is sent, and the rest is to be tried again.
    """
    teller = _Teller(address_of, send)
    for start in range(0, len(items), most):
        yield from teller.tell(items[start : start + most])


class _Teller(Generic[Item]):
    """One series of calls."""

    def __init__(self, address_of: Callable[[Item], str], send: Callable[[Sequence[Item]], None]) -> None:
        self._address_of = address_of
        self._send = send
        self._stopped: PausedError | None = None

    def tell(self, items: Sequence[Item]) -> Iterator[Verdict]:
        """One call, or its halves."""
        if self._stopped is not None:
            yield from (Verdict(self._address_of(item), retriable=self._stopped) for item in items)
            return
        try:
            self._send(items)
        except RefusedByVendorError as refusal:
            yield from self._refused(items, refusal)
        except RetriableError as error:
            self._stopped = error if isinstance(error, PausedError) else None
            yield from (Verdict(self._address_of(item), retriable=error) for item in items)
        else:
            yield from (Verdict(self._address_of(item)) for item in items)

    def _refused(self, items: Sequence[Item], refusal: RefusedByVendorError) -> Iterator[Verdict]:
        if len(items) == 1 or refusal.status not in BLAMES_THE_BODY:
            yield from (Verdict(self._address_of(item), refused=refusal) for item in items)
            return
        middle = len(items) // 2
        yield from self.tell(items[:middle])
        yield from self.tell(items[middle:])
