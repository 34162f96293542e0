"""Reading a destination address by address, where it has no call for many."""

from collections.abc import Callable, Mapping, Sequence

from commerce_sync.contracts.consent_shown import Shown
from commerce_sync.errors import PermanentError, RetriableError


def read_each(addresses: Sequence[str], read: Callable[[str], Shown]) -> Mapping[str, Shown]:
    """What is shown of each, as far as it could be read.

    A destination that makes us wait in the middle keeps nothing back of what it said before, else a batch that is
    dearer than its budget would begin anew for ever.

    :raises RetriableError: nothing could be read.
    :raises PermanentError: nothing could be read.
    """
    shown: dict[str, Shown] = {}
    for address in addresses:
        try:
            shown[address] = read(address)
        except (RetriableError, PermanentError):
            if not shown:
                raise
            break
    return shown
