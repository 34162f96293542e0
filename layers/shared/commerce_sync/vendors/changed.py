"""An order that a store shows as changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ChangedOrder:
    """An order as a list of the store's API shows it. ``modified_at`` (UTC) may be unknown."""

    order_id: str
    modified_at: datetime | None
    body: Mapping[str, Any]
