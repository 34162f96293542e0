"""The settings of every function behind the queues."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class NormalizationSettings:
    """identity_normalization. Deliveries are kept for ``archive_days``.

    ``vendor_timeout`` (seconds) is short: stores are asked what a thin body means while other deliveries wait. What
    stands behind a body about consent may be an opt-out, and is asked from the share that only opt-outs draw, whatever
    ``budget_lane`` says.
    """

    archive_bucket: str
    archive_days: int
    identity_table: str
    traces_table: str
    quarantine_table: str
    pepper_id: str
    events_queue_url: str
    profile_changes_queue_url: str
    privacy_queue_url: str
    opt_outs_queue_url: str
    opt_ins_queue_url: str
    vendor_tokens_id: str
    store_base_urls: str = ""
    shopify_api_version: str = "2026-10"
    recharge_api_version: str = "2021-11"
    vendor_timeout: float = 2.5
    budget_table: str = ""
    budget_lane: str = "live"
    budget_patience: float = 1.5


@dataclass(frozen=True, kw_only=True)
class VendorSettings:
    """Where the vendors are, how we prove who we are, and how long a call may take (seconds).

    ``budget_table`` is where the budgets are that all functions share; without one there are none. ``budget_lane`` is
    whose calls a function's are: ``urgent``, ``live`` or ``backfill``. For up to ``budget_patience`` (seconds) a call
    sleeps until it may go: whoever has due rows waits there instead.
    """

    vendor_tokens_id: str
    klaviyo_base_url: str = "https://a.klaviyo.com"
    klaviyo_revision: str = "2026-10-15"
    hubspot_base_url: str = "https://api.hubapi.com"
    hubspot_api_version: str = "2026-09"
    shopify_api_version: str = "2026-10"
    store_base_urls: str = ""
    vendor_timeout: float = 10.0
    budget_table: str = ""
    budget_lane: str = "live"
    budget_patience: float = 1.5


@dataclass(frozen=True, kw_only=True)
class DeliverySettings(VendorSettings):
    """event_delivery. Times in seconds. A buyer's totals are told ``totals_after`` their order changed.

    ``lease`` is longer than the function may run, so that a promise has one owner at a time.
    """

    order_book_table: str
    events_queue_url: str
    identity_table: str
    pepper_id: str
    control_table: str
    rates_table: str
    event_checks_table: str
    klaviyo_mode: str = "observe"
    hubspot_mode: str = "observe"
    deep_queue: int = 1000
    history_after: float = 24 * 3600.0
    totals_after: float = 300.0
    lease: float = 120.0
    order_patience: float = 48 * 3600.0
    first_retry: float = 15.0
    longest_retry: float = 3600.0


@dataclass(frozen=True, kw_only=True)
class RatesSettings:
    """currency_rates. ``vendor_timeout`` in seconds: the file of all days is some megabytes."""

    rates_table: str
    ecb_base_url: str = "https://www.ecb.europa.eu"
    vendor_timeout: float = 30.0


@dataclass(frozen=True, kw_only=True)
class ValidationSettings:
    """event_validation."""

    event_checks_table: str
    quarantine_table: str


@dataclass(frozen=True, kw_only=True)
class ProfileSyncSettings(VendorSettings):
    """profile_sync. Times in seconds. From ``bulk_from`` profiles with news on, Klaviyo is told by bulk import."""

    archive_bucket: str
    bulk_from: int = 20
    identity_table: str
    pepper_id: str
    control_table: str
    order_book_table: str
    traces_table: str
    rates_table: str
    lease: float = 120.0
    first_retry: float = 15.0
    longest_retry: float = 3600.0
    klaviyo_mode: str = "observe"
    hubspot_mode: str = "observe"


@dataclass(frozen=True, kw_only=True)
class DispatchSettings:
    """due_dispatch. ``dispatch_limit`` rows at most are claimed in one run.

    ``dispatch_lease`` (seconds) is longer than a message waits in an empty queue; the worker that reads it takes its
    own. Each message about consent that stands before it adds ``message_seconds``: two workers that take a whole minute
    for each ten. ``longest_lease`` is a day. Rows are claimed for ``dispatches_for`` (seconds), those about consent for
    ``consents_for`` of them: what is not claimed by then is in the next minute.
    """

    order_book_table: str
    events_queue_url: str
    profile_changes_queue_url: str
    privacy_queue_url: str
    consent_outbox_table: str
    opt_outs_queue_url: str
    opt_ins_queue_url: str
    dispatch_lease: float = 900.0
    message_seconds: float = 3.0
    longest_lease: float = 86400.0
    dispatch_limit: int = 2000
    consents_for: float = 30.0
    dispatches_for: float = 40.0


@dataclass(frozen=True, kw_only=True)
class DuplicateAuditSettings(VendorSettings):
    """duplicate_audit. What more than ``most_sharing`` records share says nothing of who they are.

    ``page_pause`` (seconds) before each page leaves the vendor's budget of calls to those who are in a hurry.
    """

    archive_bucket: str
    identity_table: str
    audit_queue_url: str
    pepper_id: str
    most_sharing: int = 10
    page_pause: float = 0.25


@dataclass(frozen=True, kw_only=True)
class VerificationSettings(VendorSettings):
    """delivery_verification. Of more than ``most_different`` in a hundred orders that differ, an alarm tells."""

    order_book_table: str
    control_table: str
    archive_bucket: str
    most_different: float = 2.0


@dataclass(frozen=True, kw_only=True)
class SamplingSettings(VendorSettings):
    """contact_sampling. ``sample_size`` contacts are compared. ``longest_retry`` and the modes are profile_sync's."""

    archive_bucket: str
    control_table: str
    identity_table: str
    pepper_id: str
    order_book_table: str
    traces_table: str
    rates_table: str
    sample_size: int = 100
    longest_retry: float = 3600.0
    klaviyo_mode: str = "observe"
    hubspot_mode: str = "observe"
