"""Klaviyo: events and profiles (developers.klaviyo.com, one pinned revision)."""

from commerce_sync.vendors.klaviyo.client import klaviyo_http
from commerce_sync.vendors.klaviyo.errors import DuplicateProfileError
from commerce_sync.vendors.klaviyo.events import KlaviyoEvents
from commerce_sync.vendors.klaviyo.profiles import KlaviyoProfiles

__all__ = ["DuplicateProfileError", "KlaviyoEvents", "KlaviyoProfiles", "klaviyo_http"]
