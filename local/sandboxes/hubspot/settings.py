"""What tests and the local stack may change about the account."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

WEBHOOK_NAMES = {
    "webhook_url": "url",
    "webhook_secret": "secret",
    "webhook_attempts": "attempts",
    "webhook_retry_wait": "retry_wait",
    "webhook_style": "style",
    "webhook_mischief": "mischief",
    "duplicate_webhooks": "duplicates",
    "disorder_webhooks": "disorder",
}


@dataclass
class Settings:
    """The account's switches. Lags are seconds, limits are calls.

    ``email_upsert``: ``reject`` or ``blank`` (omitted properties are emptied). ``lifecycle_backward``: ``ignore`` or
    ``reject``. ``missing_as_errors``: whether a batch read names what it did not find. ``old_ids_are_for_reading``:
    whether an id that was merged away leads to its survivor in reads alone, and not in merges and privacy deletions.
    ``tied_page``: how much of what is tied to one record is shown at once. ``lists``: contact ids by list id.
    ``required``: an administrator's rules, by object type: names, or a name with the value of another that calls for
    it.
    """

    search_lag: float = 5.0
    currencies: list[str] = field(default_factory=lambda: ["USD", "EUR"])
    privacy: bool = False
    rate_limits: bool = True
    ten_second_limit: int = 100
    daily_limit: int = 250_000
    search_limit: int = 5
    shuffle: bool = True
    plan: str = "free"
    missing_scopes: list[str] = field(default_factory=list)
    missing_as_errors: bool = False
    email_upsert: str = "reject"
    lifecycle_backward: str = "ignore"
    merge_makes_new_id: bool = False
    old_ids_are_for_reading: bool = False
    most_custom_properties: int = 1000
    tied_page: int = 500
    lists: dict[str, list[str]] = field(default_factory=dict)
    required: dict[str, list[Any]] = field(default_factory=dict)

    def change(self, changes: Mapping[str, Any]) -> None:
        """Take over known settings; an unknown one is a mistake of the test that sends it."""
        known = {entry.name for entry in fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"the HubSpot sandbox has no setting {name!r}")
            setattr(self, name, value)
