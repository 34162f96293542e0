"""What seeing to bulk imports needs of Klaviyo, and of whoever keeps what it was told."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from commerce_sync.contracts.told import Told
from commerce_sync.errors import RefusedByVendorError


class Book(Protocol):
    """What Klaviyo has of addresses, by keys that name nobody."""

    def told_under(self, keys: Sequence[str]) -> Mapping[str, Told]:
        """What is known; those that are gone are absent."""

    def end(self, key: str, told: Told) -> bool:
        """Note how a write ended. False where somebody else began one since: nobody is sure then."""

    def doubt(self, key: str, over: int | None = None) -> None:
        """Note that nobody is sure of anything there; ``over`` is the revision of an import that has ended."""


class Refusal(Protocol):
    """A row that was not imported."""

    @property
    def email(self) -> str: ...  # noqa: D102
    @property
    def position(self) -> int | None: ...  # noqa: D102
    @property
    def error(self) -> RefusedByVendorError: ...  # noqa: D102


class Job(Protocol):
    """How far an import is."""

    @property
    def is_over(self) -> bool: ...  # noqa: D102
    @property
    def is_lost(self) -> bool: ...  # noqa: D102
    @property
    def failed(self) -> int: ...  # noqa: D102


class Imports(Protocol):
    """Klaviyo's imports."""

    def job(self, job_id: str) -> Job:
        """How far it is."""

    def errors(self, job_id: str) -> Iterable[Refusal]:
        """The rows that were not imported."""
