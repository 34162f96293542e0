"""A batch that a vendor refuses: without those that it names, else halved until the culprits stand alone. Pure.

With k bad of n: at most 2 + k calls where the vendor names them, else at most 1 + 2k(ceil(log2(n/k)) + 1).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Generic, TypeVar

from commerce_sync.errors import PausedError, PermanentError, RefusedByVendorError, RetriableError

Item = TypeVar("Item")
BLAMES_THE_BODY: Final = frozenset({400, 413, 422})
"""Statuses by which a vendor refuses what was sent. Any other refuses the call, whoever is in it."""
Blame = Callable[[RefusedByVendorError], Mapping[int, PermanentError]]
"""Whom a refusal names, by position in what was sent, each with why."""


def nobody(_refusal: RefusedByVendorError) -> Mapping[int, PermanentError]:
    """For a vendor that names no item."""
    return {}


def sent(
    items: Sequence[Item], send: Callable[[Sequence[Item]], object], blamed: Blame = nobody
) -> dict[int, PermanentError | RetriableError]:
    """Send all that the vendor takes; by position, why the others were not taken.

    Once it asks us to wait, nothing more is sent, and the rest is to be tried again.
    """
    sender = _Sender(items, send, blamed)
    if items:
        sender.send_part(range(len(items)))
    return sender.errors


class _Sender(Generic[Item]):
    """One series of calls."""

    def __init__(self, items: Sequence[Item], send: Callable[[Sequence[Item]], object], blamed: Blame) -> None:
        self._items = items
        self._send = send
        self._blamed = blamed
        self._stopped: PausedError | None = None
        self.errors: dict[int, PermanentError | RetriableError] = {}

    def send_part(self, part: Sequence[int]) -> bool:
        """One call, and what follows from it. Whether the vendor took all of the part at once."""
        if self._stopped is not None:
            self.errors |= dict.fromkeys(part, self._stopped)
            return False
        try:
            self._send([self._items[position] for position in part])
        except RefusedByVendorError as refusal:
            named = {part[at]: why for at, why in self._blamed(refusal).items() if 0 <= at < len(part)}
            if refusal.status not in BLAMES_THE_BODY:
                self.errors |= dict.fromkeys(part, refusal)
            elif named:
                self.errors |= named
                if rest := [position for position in part if position not in named]:
                    self.send_part(rest)
            else:
                self._halve(part, refusal)
            return False
        except RetriableError as error:
            self.errors |= dict.fromkeys(part, error)
            self._stopped = error if isinstance(error, PausedError) else None
            return False
        return True

    def _halve(self, part: Sequence[int], refusal: RefusedByVendorError) -> None:
        """A part that was refused. Where its first half is fine, the second is known to be refused without a call."""
        if len(part) == 1:
            self.errors[part[0]] = refusal
            return
        middle = len(part) // 2
        if self.send_part(part[:middle]):
            self._halve(part[middle:], refusal)
        else:
            self.send_part(part[middle:])
