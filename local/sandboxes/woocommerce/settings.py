"""What tests and the local stack may change about the shop."""

from dataclasses import dataclass


@dataclass
class Settings:
    """Switches.

    ``knows_modified_after``: older shops do not know the parameter and show every order. ``owner_may_read``: where the
    webhooks' owner may not, the API's error is sent in place of the record, rightly signed. ``webhook_duplicates``
    sends each twice. ``has_subscriptions``: the Subscriptions extension is there.
    """

    webhook_secret: str = ""
    webhook_delay: float = 0.0
    webhook_duplicates: bool = False
    knows_modified_after: bool = True
    owner_may_read: bool = True
    may_write: bool = True
    has_subscriptions: bool = False
