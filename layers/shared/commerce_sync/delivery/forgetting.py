"""The order book as those who forget and tell need it. Asking for the same again writes nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from commerce_sync.contracts import Page, Plan, Promise
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.delivery.erasing import anybody, counted, forget, is_one_of, only, people_on

NOTHING = Plan(None, ())


class Pages(Protocol):
    """Pages, read and changed."""

    def record(self, subject: str, planned: Callable[[Page], Plan]) -> Sequence[Promise]:
        """Read, plan, write; again where another worker was faster."""

    def page(self, subject: str) -> Page:
        """All that is stored about a subject."""


class Subjects(Protocol):
    """Which subjects there are."""

    def of_store(self, store: str, cursor: str) -> tuple[Sequence[str], str]:
        """Some subjects of a store, and where to go on."""

    def drop(self, subject: str) -> int:
        """Remove every row of a subject."""


@dataclass(frozen=True)
class ForgettableOrders:
    """``contact_prefix`` starts the subjects of contacts whose sync waits."""

    pages: Pages
    every: Subjects
    contact_prefix: str

    def forget(self, subject: str, identifiers: Collection[Identifier] | None, until: datetime) -> Mapping[str, int]:
        """Take a person out of a page's facts up to an instant; None takes out whoever is there, whenever."""
        whom = anybody if identifiers is None else is_one_of(identifiers, store_of(subject))
        plan = NOTHING

        def planned(page: Page) -> Plan:
            nonlocal plan
            plan = forget(page, whom, None if identifiers is None else until)
            return plan

        self.pages.record(subject, planned)
        return counted(plan)

    def forget_contact(self, contact_id: str) -> int:
        """Remove what waits for a HubSpot contact."""
        return self.every.drop(f"{self.contact_prefix}{contact_id}")

    def subjects(self, store: str, cursor: str) -> tuple[Sequence[str], str]:
        """Some subjects of one store, and where to go on; an empty cursor begins, and ends."""
        return self.every.of_store(store, cursor)

    def described(self, subject: str, identifiers: Collection[Identifier]) -> Mapping[str, Any] | None:
        """A person's order or checkout with its promises as plain data, without anybody else.

        None where nothing is known, and where it is about others alone: it changed hands.
        """
        page = self.pages.page(subject)
        if page.revision == 0:
            return None
        whom = is_one_of(identifiers, store_of(subject))
        people = [person for person in people_on(page) if person]
        if people and not any(map(whom, people)):
            return None
        own = only(page, whom)
        promises = [asdict(promise) | {"event": _plain(promise.event)} for promise in own.promises.values()]
        return {"subject": subject, "order": _plain(own.order), "promises": promises}


def store_of(subject: str) -> str:
    """Whose subject it is: ``shopify:us`` of ``shopify:us:1001``."""
    return ":".join(subject.split(":")[:2])


def _plain(model: Any) -> Any:
    return model.model_dump(mode="json", exclude_none=True) if model else None
