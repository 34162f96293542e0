"""How much one message and one event may hold, so that every queue, table and vendor takes them."""

from collections.abc import Iterable

from commerce_sync.contracts.events import CanonicalEvent

LARGEST_EVENT = 300_000
"""An order is stored twice in one table as JSON, in items of 400 kB at most."""
LARGEST_MESSAGE = 200_000
"""Messages of one megabyte are allowed; ten of them would not fit in one invocation."""


def sized(events: Iterable[CanonicalEvent]) -> tuple[list[list[CanonicalEvent]], list[CanonicalEvent]]:
    """Events in as few messages as fit, in order, and those that are too large for any."""
    messages: list[list[CanonicalEvent]] = []
    too_large = []
    size = LARGEST_MESSAGE
    for event in events:
        length = len(event.model_dump_json(exclude_none=True, ensure_ascii=True))
        if length > LARGEST_EVENT:
            too_large.append(event)
            continue
        if size + length > LARGEST_MESSAGE:
            messages.append([])
            size = 0
        messages[-1].append(event)
        size += length
    return messages, too_large
