"""A batch that a vendor refuses: without those that it names, else halved until the culprits stand alone. Pure.

With k bad of n: at most 2 + k calls where the vendor names them, else at most 1 + 2k(ceil(log2(n/k)) + 1).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

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
    errors: dict[int, PermanentError | RetriableError] = {}
    stopped: PausedError | None = None
    parts = [list(range(len(items)))] if items else []
    while parts:
        part = parts.pop()
        if stopped is not None:
            errors |= dict.fromkeys(part, stopped)
            continue
        try:
            send([items[position] for position in part])
        except RefusedByVendorError as refusal:
            named = {part[at]: why for at, why in blamed(refusal).items() if 0 <= at < len(part)}
            if len(part) == 1 or refusal.status not in BLAMES_THE_BODY:
                errors |= dict.fromkeys(part, refusal) | named
            else:
                errors |= named
                parts += _left(part, named)
        except RetriableError as error:
            errors |= dict.fromkeys(part, error)
            stopped = error if isinstance(error, PausedError) else None
    return errors


def _left(part: list[int], named: Mapping[int, object]) -> list[list[int]]:
    """What to send next: all that were not named, or both halves where nobody was."""
    if named:
        rest = [position for position in part if position not in named]
        return [rest] if rest else []
    middle = len(part) // 2
    return [part[middle:], part[:middle]]
