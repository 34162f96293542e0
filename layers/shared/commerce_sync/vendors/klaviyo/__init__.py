"""Klaviyo: events, profiles and consent (developers.klaviyo.com, one pinned revision).

Who writes consent imports :mod:`commerce_sync.vendors.klaviyo.consent` by name; few may.
"""

from commerce_sync.vendors.klaviyo.client import klaviyo_http
from commerce_sync.vendors.klaviyo.errors import DuplicateProfileError
from commerce_sync.vendors.klaviyo.events import KlaviyoEvents
from commerce_sync.vendors.klaviyo.polling import KlaviyoPolling
from commerce_sync.vendors.klaviyo.profiles import KlaviyoProfiles
from commerce_sync.vendors.klaviyo.subscriptions import KlaviyoSubscriptions

__all__ = [
    "DuplicateProfileError",
    "KlaviyoEvents",
    "KlaviyoPolling",
    "KlaviyoProfiles",
    "KlaviyoSubscriptions",
    "klaviyo_http",
]
