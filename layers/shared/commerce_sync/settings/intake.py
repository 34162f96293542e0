"""The intake's settings, apart from the others: its cold start pays for every class that is made."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class IntakeSettings:
    """webhook_intake. Sizes in bytes, times in seconds.

    ``bigcommerce_tolerance`` stands apart: BigCommerce tries for two days, and does not say whether it signs anew.
    ``web_burst`` and ``web_per_second`` bound what one browser's address may send.
    """

    inbound_queue_url: str
    consent_queue_url: str
    archive_bucket: str
    signing_secrets_id: str
    public_base_url: str = ""
    max_body_bytes: int = 4 * 1024 * 1024
    max_message_bytes: int = 240 * 1024
    timestamp_tolerance: float = 300.0
    bigcommerce_tolerance: float = 300.0
    secrets_lifetime: float = 300.0
    max_web_body_bytes: int = 16 * 1024
    web_burst: float = 40.0
    web_per_second: float = 5.0
