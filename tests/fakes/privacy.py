"""Every place that may know a person, in memory, around one desk."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from commerce_sync.contracts import Page, Plan, Promise
from commerce_sync.contracts.privacy import PrivacyCase
from commerce_sync.delivery.forgetting import ForgettableOrders
from commerce_sync.errors import RetriableError
from commerce_sync.identity.persons import address_of
from commerce_sync.privacy.closing import Times, finished, stages
from commerce_sync.privacy.needs import Places
from commerce_sync.privacy.working import Desk

from tests.fakes.order_book import OrderBookInMemory
from tests.fakes.privacy_places import (
    ArchiveInMemory,
    ConfirmedInMemory,
    ConsentInMemory,
    Crash,
    ObservedInMemory,
    PeopleInMemory,
    QuarantineInMemory,
    TracesInMemory,
)
from tests.fakes.privacy_vendors import HubSpotInMemory, KlaviyoInMemory

NOW = datetime(2026, 11, 21, 18, tzinfo=UTC)
TIMES = Times(check_after=900, check_patience=7 * 24 * 3600, export_days=14)


@dataclass
class CasesInMemory:
    """Cases with their revision."""

    crash: Crash
    cases: dict[str, PrivacyCase] = field(default_factory=dict)

    def find(self, case_id: str) -> PrivacyCase | None:
        """One."""
        return self.cases.get(case_id)

    def put(self, case: PrivacyCase) -> PrivacyCase:
        """Over the revision that was read."""
        self.crash("before a case is written")
        known = self.cases.get(case.case_id)
        if known and known.revision != case.revision:
            raise RetriableError("changed meanwhile")
        self.cases[case.case_id] = case.model_copy(update={"revision": case.revision + 1})
        self.crash("after a case is written")
        return self.cases[case.case_id]

    def all(self) -> Iterable[PrivacyCase]:
        """All."""
        return list(self.cases.values())


class PagesInMemory(OrderBookInMemory):
    """The order book, with what forgetting needs beside it."""

    def page(self, subject: str) -> Page:
        """One page."""
        return self.pages.get(subject, Page(subject))

    def of_store(self, store: str, cursor: str) -> tuple[Sequence[str], str]:
        """One subject a page."""
        left = sorted(one for one in self.pages if one.startswith(f"{store}:") and one > cursor)
        return left[:1], left[0] if left else ""

    def drop(self, subject: str) -> int:
        """Remove."""
        return int(self.pages.pop(subject, None) is not None)

    def record(self, subject: str, planned: Callable[[Page], Plan]) -> Sequence[Promise]:
        """As the table does: an order that was never seen can be marked."""
        return super().record(subject, planned)


@dataclass
class Office:
    """Everything together, with a clock. ``crash`` dies where it is told to; ``time`` counts down what may go on."""

    crash: Crash = lambda _: None
    now: datetime = NOW
    hubspot_live: bool = True
    klaviyo_live: bool = True
    may_go_on: Callable[[], bool] = lambda: True

    def __post_init__(self) -> None:
        """Empty places."""

        def crash(boundary: str) -> None:
            self.crash(boundary)

        self.people, self.traces, self.archive = PeopleInMemory(crash), TracesInMemory(crash), ArchiveInMemory(crash)
        self.quarantine, self.confirmed = QuarantineInMemory(crash), ConfirmedInMemory(crash)
        self.hubspot, self.klaviyo, self.cases = HubSpotInMemory(crash), KlaviyoInMemory(crash), CasesInMemory(crash)
        self.observed = ObservedInMemory(crash)
        self.book, self.consent = PagesInMemory(crash), ConsentInMemory(crash)

    def places(self) -> Places:
        """For the steps."""
        return Places(
            people=self.people,
            traces=self.traces,
            archive=self.archive,
            quarantine=self.quarantine,
            orders=ForgettableOrders(self.book, self.book, "hubspot:contact:"),
            confirmed=self.confirmed,
            observed=self.observed,
            consent=self.consent,
            records=self.people,
            hubspot=lambda: self.hubspot if self.hubspot_live else None,
            klaviyo=lambda: self.klaviyo if self.klaviyo_live else None,
            contact_kind="hubspot:main",
            address_of=address_of,
            archive_days=30,
            pages={"shopify:us": ["us"]},
            keyed=lambda identifier: f"keyed-{sum(map(ord, identifier[1]))}",
            now=lambda: self.now,
            may_go_on=self.may_go_on,
        )

    def desk(self) -> Desk:
        """A worker."""
        return Desk(
            self.cases,
            stages(self.places(), TIMES),
            finished,
            now=lambda: self.now,
            may_go_on=self.may_go_on,
            longest_wait=3600.0,
        )

    def work(self, case_id: str, rounds: int = 10) -> PrivacyCase:
        """Workers come when the case is due, until nobody but an operator can go on."""
        for _ in range(rounds):
            case, due_at = self.desk().go_on(self.cases.cases[case_id])
            if due_at is None:
                return case
            self.now = max(self.now, due_at)
        return self.cases.cases[case_id]

    def change(self, case_id: str, **changes: Any) -> None:
        """An operator's word."""
        case = self.cases.cases[case_id]
        self.cases.cases[case_id] = case.model_copy(update={**changes, "revision": case.revision + 1})
