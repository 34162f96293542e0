"""What tests and the local stack may change about the account."""

from dataclasses import dataclass


@dataclass
class Settings:
    """Switches. ``quota`` calls fit in ``window`` seconds. ``signs_as_before`` sends the older hash alone."""

    webhook_url: str = ""
    webhook_secret: str = ""
    webhook_delay: float = 0.0
    webhook_duplicates: bool = False
    signs_as_before: bool = False
    missing_scopes: tuple[str, ...] = ()
    rate_limits: bool = True
    quota: int = 100
    window: float = 60.0
