"""What telling Klaviyo needs of its client, and of whoever keeps promises."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from commerce_sync.contracts.told import Begun
from commerce_sync.errors import PermanentError, RefusedByVendorError


class Profiles(Protocol):
    """Klaviyo's profiles."""

    def upsert(self, email: str, attributes: Mapping[str, str | None], properties: Mapping[str, object]) -> str:
        """Write one; its id."""

    def phones(self, emails: Sequence[str]) -> Mapping[str, str]:
        """The phone numbers of those email addresses that Klaviyo knows; empty where it has none."""


class Imports(Protocol):
    """Klaviyo's bulk imports."""

    def row(self, email: str, attributes: Mapping[str, str | None], properties: Mapping[str, object]) -> Any:
        """A profile as a row of an import.

        :raises PermanentError: it is too large for one.
        """

    def batches(self, rows: Mapping[str, Any]) -> Sequence[Sequence[str]]:
        """Email addresses in the fewest imports that the limits allow."""

    def start(self, rows: Sequence[Any]) -> str:
        """Begin an import; its id."""

    def blamed(self, refusal: RefusedByVendorError) -> Mapping[int, PermanentError]:
        """Whom the refusal of an import names, by the row's position."""


class Jobs(Protocol):
    """Imports that are underway, promised before they begin."""

    def opened(self, members: Sequence[Begun]) -> str:
        """Promise to see how an import of these ends; what names the promise."""

    def started(self, token: str, job_id: str) -> None:
        """It began, under Klaviyo's id."""

    def closed(self, token: str) -> None:
        """Klaviyo did not take it: there is nothing to see."""
