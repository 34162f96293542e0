"""What forgetting and telling need from the vendors. Deletions may be repeated: who is gone is no error."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class HubSpot(Protocol):
    """HubSpot's contacts."""

    def forget(self, contact_id: str) -> bool:
        """Delete for privacy exactly this contact; False where nobody is known."""

    def forget_email(self, email: str) -> None:
        """The same by address."""

    def addressed(self, contact_id: str) -> tuple[str, Sequence[str]] | None:
        """Which contact an id leads to now (a merged one to the survivor), and its addresses as HubSpot has them."""

    def archived(self, contact_ids: Sequence[str]) -> Sequence[tuple[str, Sequence[str]]]:
        """Which of these contacts lie in HubSpot's archive, with their addresses."""

    def whole(self, contact_id: str) -> Mapping[str, Any] | None:
        """A contact with everything."""

    def ids_by_email(self, emails: Sequence[str]) -> Mapping[str, str]:
        """Contact ids by address."""


class Klaviyo(Protocol):
    """Klaviyo's profiles."""

    def find(
        self, *, email: str | None = None, phone: str | None = None, profile_id: str | None = None
    ) -> Sequence[Mapping[str, Any]]:
        """Profiles by any of these."""

    def forget(self, *, profile_id: str | None = None, email: str | None = None, phone: str | None = None) -> None:
        """Ask for a deletion by exactly one of these."""
