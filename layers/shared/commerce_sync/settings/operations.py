"""The settings of operations, which sees and does what every other function does."""

from dataclasses import dataclass

from commerce_sync.settings.consent import DecidingSettings


@dataclass(frozen=True, kw_only=True)
class OperationsSettings(DecidingSettings):
    """operations. ``queues`` is JSON: by name the URLs of a queue and of its dead letters.

    ``bulk_from`` and ``longest_retry`` are profile_sync's, for what it would do. ``sample_size`` contacts are compared
    unless a number is said. Stores' webhooks lead to ``intake_url``, or to ``public_base_url`` where that is set, and
    are signed with what stands in the secret ``signing_secrets_id``.
    """

    order_book_table: str
    rates_table: str
    traces_table: str
    privacy_table: str
    quarantine_table: str
    event_checks_table: str
    archive_bucket: str
    queues: str
    checkpoint_bucket: str
    checkpoint_key_id: str
    baseline_queue_url: str
    signing_secrets_id: str
    intake_url: str
    public_base_url: str = ""
    recharge_api_version: str = "2021-11"
    klaviyo_mode: str = "observe"
    hubspot_mode: str = "observe"
    stores_mode: str = "observe"
    bulk_from: int = 20
    longest_retry: float = 3600.0
    sample_size: int = 100
