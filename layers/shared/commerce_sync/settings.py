"""Every setting of every function, and the only reader of the environment.

A settings class names the variables it needs in capitals; :func:`settings_for` reads them when a function
starts, so that nothing at import time does. Missing or malformed variables refuse to start, closed.
"""

import os
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any, TypeVar

from commerce_sync.errors import ConfigurationError

Settings = TypeVar("Settings")
READERS: dict[Any, Any] = {str: str, int: int, float: float, bool: lambda text: text.lower() == "true"}


@dataclass(frozen=True, kw_only=True)
class IntakeSettings:
    """webhook_intake. Sizes in bytes, times in seconds."""

    inbound_queue_url: str
    consent_queue_url: str
    archive_bucket: str
    signing_secrets_id: str
    public_base_url: str = ""
    max_body_bytes: int = 4 * 1024 * 1024
    max_message_bytes: int = 240 * 1024
    timestamp_tolerance: float = 300.0
    secrets_lifetime: float = 300.0


@dataclass(frozen=True, kw_only=True)
class NormalizationSettings:
    """identity_normalization."""

    archive_bucket: str
    identity_table: str
    quarantine_table: str
    events_queue_url: str
    profile_changes_queue_url: str


@dataclass(frozen=True, kw_only=True)
class VendorSettings:
    """Where the vendors are, how we prove who we are, and how long a call may take (seconds)."""

    vendor_tokens_id: str
    klaviyo_base_url: str = "https://a.klaviyo.com"
    klaviyo_revision: str = "2026-10-15"
    hubspot_base_url: str = "https://api.hubapi.com"
    hubspot_api_version: str = "2026-09"
    vendor_timeout: float = 10.0


@dataclass(frozen=True, kw_only=True)
class DeliverySettings(VendorSettings):
    """event_delivery. Times in seconds.

    ``lease`` is longer than the function may run, so that a promise has one owner at a time.
    """

    order_book_table: str
    events_queue_url: str
    klaviyo_mode: str = "observe"
    hubspot_mode: str = "observe"
    deep_queue: int = 1000
    history_after: float = 24 * 3600.0
    lease: float = 120.0
    order_patience: float = 48 * 3600.0
    first_retry: float = 15.0
    longest_retry: float = 3600.0


@dataclass(frozen=True, kw_only=True)
class ProfileSyncSettings(VendorSettings):
    """profile_sync."""

    identity_table: str
    klaviyo_mode: str = "observe"


@dataclass(frozen=True, kw_only=True)
class DispatchSettings:
    """due_dispatch. ``dispatch_limit`` rows at most are claimed in one run."""

    order_book_table: str
    events_queue_url: str
    lease: float = 120.0
    dispatch_limit: int = 2000


@dataclass(frozen=True, kw_only=True)
class OperationsSettings(VendorSettings):
    """operations."""

    order_book_table: str
    quarantine_table: str
    archive_bucket: str
    queues: str
    klaviyo_mode: str = "observe"
    hubspot_mode: str = "observe"


def metrics_namespace() -> str:
    """Where this environment's metrics stand."""
    return os.environ.get("METRICS_NAMESPACE", "CommerceSync")


@cache
def settings_for(model: type[Settings]) -> Settings:
    """Read one function's settings from the environment.

    :raises ConfigurationError: naming the variable that is missing or malformed, never its value.
    """
    values: dict[str, Any] = {}
    for field in fields(model):  # type: ignore[arg-type] # the classes above are dataclasses
        text = os.environ.get(field.name.upper(), "")
        if text:
            values[field.name] = _read(field.name, field.type, text)
        elif field.default is MISSING:
            raise ConfigurationError(f"the environment variable {field.name.upper()} is not set")
    return model(**values)


def _read(name: str, kind: Any, text: str) -> Any:
    try:
        return READERS[kind](text)
    except ValueError as error:
        raise ConfigurationError(f"the environment variable {name.upper()} is not a {kind.__name__}") from error
