"""A record that a store shows as changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """An order, a customer or a subscription, as a list of its API shows it. ``modified_at`` (UTC) may be unknown."""

    record_id: str
    modified_at: datetime | None
    body: Mapping[str, Any]
