"""Holding phone numbers at Klaviyo, which suppresses none: a profile property that SMS segments and flows leave out.

Only profiles that are there are marked: holding makes nobody known, and a profile property is no consent.
"""

from collections.abc import Sequence

from commerce_sync.contracts.field_names import SMS_HOLD
from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.klaviyo.consent import KlaviyoConsent
from commerce_sync.vendors.verdicts import Verdict, told


class KlaviyoConsentAndHolds(KlaviyoConsent):
    """Consent by address, and held phone numbers. Repeating any of it changes nothing."""

    def __init__(self, http: VendorHttp) -> None:
        super().__init__(http)
        self._profiles = http

    def hold_phones(self, phones: Sequence[str], *, held: bool) -> list[Verdict]:
        """Mark the profiles of these numbers as held, or as held no more. A number without a profile is skipped."""
        known = self.subscriptions(phones, "sms")
        wanted = [phone for phone in phones if phone in known and known[phone].is_held is not held]

        def mark(group: Sequence[str]) -> None:
            (phone,) = group
            attributes = {"properties": {SMS_HOLD: held}}
            body = {"type": "profile", "id": known[phone].profile_id, "attributes": attributes}
            self._profiles.call("PATCH", f"/api/profiles/{known[phone].profile_id}", {"data": body})

        skipped = [Verdict(phone, skipped=True) for phone in phones if phone not in wanted]
        return [*told(wanted, str, mark, 1), *skipped]
