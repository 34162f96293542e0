"""What a test may change about the account."""

from dataclasses import dataclass

SMS_REGIONS = "US CA GB IE DE NL FR BE AT ES CH DK SE NO FI IT PT AU NZ"


@dataclass
class Settings:
    """Switches. Lags are seconds between an accepted request and its effect; ``drop_every`` n loses each nth one.

    Klaviyo documents up to 3 hours until attributions appear on events. ``upsert_names_duplicate``: whether the 409 of
    an upsert says whose the identifier is, as that of a create does. ``consent_bumps_updated``: whether a change of
    consent alone moves a profile's ``updated``, which Klaviyo does not say.

    ``import_refuses``: addresses whose rows a bulk import cannot take; ``import_refuses_whole``: those for which it is
    refused as a whole, naming them or, without ``import_names_rows``, nobody.

    Webhooks about native events go to ``webhook_url``, signed with ``webhook_secret``, ``webhook_delay`` real seconds
    later, twice with ``webhook_duplicates``. ``webhook_mischief`` spoils the next one: ``wrong_signature``,
    ``old_timestamp`` or ``wrong_webhook_id``. ``webhook_iso_time`` writes the timestamp in ISO 8601, else it is an HTTP
    date. ``webhook_includes_profile``: Klaviyo says no more than that the payload is that of an event read alone.
    """

    event_lag: float = 0.0
    consent_lag: float = 0.0
    job_lag: float = 0.0
    attribution_lag: float = 10_800.0
    drop_every: int = 0
    bulk_rejects_known_ids: bool = False
    rate_limits: bool = True
    sms_regions: tuple[str, ...] = tuple(SMS_REGIONS.split())
    default_opt_in: str = "single_opt_in"
    upsert_names_duplicate: bool = False
    consent_bumps_updated: bool = False
    import_refuses: tuple[str, ...] = ()
    import_refuses_whole: tuple[str, ...] = ()
    import_names_rows: bool = True
    webhook_url: str = ""
    webhook_secret: str = ""
    webhook_id: str = "01HWEBHOOK"
    webhook_delay: float = 0.0
    webhook_duplicates: bool = False
    webhook_mischief: str = ""
    webhook_iso_time: bool = False
    webhook_includes_profile: bool = False
