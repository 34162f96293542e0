"""What tests and the local stack may change about the store."""

from dataclasses import dataclass


@dataclass
class Settings:
    """Switches. ``quota`` calls fit in ``window`` seconds. ``knows_consents``: older answers have no such field.

    ``count_heeds_filters``: without it ``/v2/orders/count`` counts every order, as its description may be read.
    """

    webhook_url: str = ""
    webhook_secret: str = ""
    webhook_delay: float = 0.0
    webhook_duplicates: bool = False
    rate_limits: bool = True
    quota: int = 150
    window: float = 30.0
    knows_consents: bool = True
    count_heeds_filters: bool = True
