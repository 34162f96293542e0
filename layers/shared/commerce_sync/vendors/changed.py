"""Records that a store shows as changed, and how many there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commerce_sync.errors import RetriableError


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """An order, a customer or a subscription, as a list of its API shows it. ``modified_at`` (UTC) may be unknown."""

    record_id: str
    modified_at: datetime | None
    body: Mapping[str, Any]


def number_in(answer: Any, name: str, vendor: str) -> int:
    """A number of records in an answer.

    :raises RetriableError: there is none, so it is not the vendor's.
    """
    said = answer.get(name) if isinstance(answer, Mapping) else None
    if not isinstance(said, int) or isinstance(said, bool) or said < 0:
        raise RetriableError(f"{vendor} counted without a number")
    return said
