"""Refusals of Klaviyo that a caller can do something about."""

from commerce_sync.errors import RefusedByVendorError


class DuplicateProfileError(RefusedByVendorError):
    """An identifier that was sent belongs to another profile (409 ``duplicate_profile``): nothing was written.

    A caller may write the profile again without its phone number, and have the two looked at.
    """

    def __init__(self, refusal: RefusedByVendorError) -> None:
        super().__init__(
            refusal.vendor,
            refusal.status,
            refusal.code,
            fields=refusal.fields,
            request_id=refusal.request_id,
            existing_id=refusal.existing_id,
        )

    @property
    def duplicate_profile_id(self) -> str | None:
        """The other profile. An upsert's refusal need not name it."""
        return self.existing_id
