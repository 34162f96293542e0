"""The settings of everything that writes consent records."""

from dataclasses import dataclass

from commerce_sync.settings.workers import VendorSettings


@dataclass(frozen=True, kw_only=True)
class LedgerSettings:
    """Where the consent ledger and what stands beside it are."""

    ledger_table: str
    heads_table: str
    consent_outbox_table: str
    subject_keys_table: str
    control_table: str
    subject_key_id: str
    identity_table: str
    pepper_id: str


@dataclass(frozen=True, kw_only=True)
class DecidingSettings(LedgerSettings, VendorSettings):
    """Those who write records. ``settle`` (seconds) is what an opt-in waits before anybody is told."""

    settle: float = 120.0


@dataclass(frozen=True, kw_only=True)
class ConsentSettings(DecidingSettings):
    """consent_propagation. Times in seconds; ``verify_after`` is several, with commas between.

    ``lease`` is longer than the function may run.
    """

    klaviyo_mode: str = "observe"
    hubspot_mode: str = "observe"
    stores_mode: str = "observe"
    verify_after: str = "60,600,86400"
    lease: float = 120.0
    first_retry: float = 15.0
    longest_retry: float = 3600.0


@dataclass(frozen=True, kw_only=True)
class LedgerWatchSettings:
    """ledger_watch: it needs none."""


@dataclass(frozen=True, kw_only=True)
class LedgerAuditSettings:
    """ledger_audit."""

    ledger_table: str
    heads_table: str
    control_table: str
    checkpoint_bucket: str
    checkpoint_key_id: str


@dataclass(frozen=True, kw_only=True)
class PollingSettings(VendorSettings):
    """change_polling. ``overlap`` (seconds) is read again each time: vendors show changes late.

    An order's webhook has ``webhook_patience`` (seconds) to come before the order is looked for. ``most_pages`` of a
    store's orders, and as many of its customers, are read in one run: the rest of its quota is for those who are in a
    hurry. Of profiles that others changed at Klaviyo ``most_put_right`` are told again in a day. Senders post to
    ``intake_url``, and to ``public_base_url`` where that is set.
    """

    control_table: str
    opt_outs_queue_url: str
    opt_ins_queue_url: str
    inbound_queue_url: str
    profile_changes_queue_url: str
    archive_bucket: str
    order_book_table: str
    identity_table: str
    traces_table: str
    pepper_id: str
    intake_url: str
    recharge_api_version: str = "2021-11"
    public_base_url: str = ""
    budget_patience: float = 8.0
    overlap: float = 600.0
    webhook_patience: float = 3600.0
    most_pages: int = 20
    most_put_right: int = 1000


@dataclass(frozen=True, kw_only=True)
class BackfillSettings(VendorSettings):
    """history_backfill. While more than ``most_waiting`` messages are in a queue that it feeds it tells nothing."""

    control_table: str
    profile_changes_queue_url: str
    inbound_queue_url: str
    events_queue_url: str
    archive_bucket: str
    order_book_table: str
    klaviyo_mode: str = "observe"
    most_waiting: int = 50


@dataclass(frozen=True, kw_only=True)
class BaselineSettings(LedgerSettings, VendorSettings):
    """consent_baseline. ``page_pause`` (seconds) before each page leaves the vendor's budget to those in a hurry."""

    archive_bucket: str
    baseline_queue_url: str
    page_pause: float = 0.25


@dataclass(frozen=True, kw_only=True)
class DigestSettings:
    """review_digest."""

    heads_table: str
    consent_outbox_table: str
    alarms_topic: str


@dataclass(frozen=True, kw_only=True)
class PrivacySettings(DecidingSettings):
    """privacy_requests. Times in seconds, but for days.

    ``lease`` is longer than the function may run. ``check_after`` is longer than a worker may sit between a look and
    its write. ``deadline_days`` is a default that counsel may edit.
    """

    privacy_table: str
    traces_table: str
    order_book_table: str
    quarantine_table: str
    archive_bucket: str
    archive_days: int
    klaviyo_mode: str = "observe"
    hubspot_mode: str = "observe"
    lease: float = 360.0
    check_after: float = 900.0
    check_patience: float = 7 * 24 * 3600.0
    longest_wait: float = 3600.0
    deadline_days: int = 30
    export_days: int = 14
