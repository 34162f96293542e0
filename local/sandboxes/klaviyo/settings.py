"""What a test may change about the account."""

from dataclasses import dataclass

SMS_REGIONS = "US CA GB IE DE NL FR BE AT ES CH DK SE NO FI IT PT AU NZ"


@dataclass
class Settings:
    """Switches. Lags are seconds between an accepted request and its effect; ``drop_every`` n loses each nth one.

    Klaviyo documents up to 3 hours until attributions appear on events. ``upsert_names_duplicate``: whether the 409 of
    an upsert says whose the identifier is, as that of a create does.
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
