"""What identity is told: facts about who is who, and privacy requests. Values are raw until identity has seen them."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from commerce_sync.contracts.base import Contract, Message
from commerce_sync.contracts.events import Person

SaidBy = Literal[
    "hubspot_merge", "hubspot_additional_email", "store_merge", "subscription_app", "klaviyo_merge", "klaviyo_duplicate"
]
"""Why a system says that two of its own records, or a record and an address, are one person."""

PrivacyKind = Literal["erase", "access", "erase_store"]


class SamePerson(Contract):
    """A system states that its ``records`` (ids in that system, the surviving one first) are one person.

    ``emails`` are addresses that the system itself holds on that one record (HubSpot's additional emails).
    ``elsewhere`` are records of other systems that it says are the same person (``("shopify:us", "77")``).
    ``stated_at`` is the system's own time of the statement, or the time of reading where it gives none.
    """

    source: str
    store: str
    records: tuple[str, ...] = Field(min_length=1)
    emails: tuple[str, ...] = ()
    elsewhere: tuple[tuple[str, str], ...] = ()
    said_by: SaidBy
    stated_at: AwareDatetime


class PrivacyRequest(Message):
    """A person (or a shop) asks to be forgotten or to be told what is known. Travels on the privacy queue.

    ``request_id`` is made from what the request is about, so the same request twice is one. ``person`` is as the
    sender named it, ``orders`` are order ids of the sending store. ``archive_key`` is the delivery that carried it:
    it names the person, so an erasure takes it along. Version 1 did not say it.
    """

    VERSION: ClassVar[int] = 2

    request_id: str = Field(min_length=1)
    kind: PrivacyKind
    source: str
    store: str
    requested_at: AwareDatetime
    person: Person | None = None
    orders: tuple[str, ...] = ()
    archive_key: str | None = None
