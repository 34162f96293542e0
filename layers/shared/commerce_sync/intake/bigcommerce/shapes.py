"""The thin body that every BigCommerce webhook has, and the records behind it as its APIs show them.

https://docs.bigcommerce.com (webhook events; Subscribers, V3; Orders, V2).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Final

from msgspec import UNSET, Struct

from commerce_sync.intake.bodies import Id, decode, decoder_of
from commerce_sync.intake.fields import identifier
from commerce_sync.intake.records import Behind
from commerce_sync.intake.rejections import RejectedError, refuse

#: Which record stands behind a topic that is translated.
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "store/subscriber/created": "subscriber",
        "store/subscriber/updated": "subscriber",
        "store/order/created": "order",
        "store/order/updated": "order",
        "store/order/statusupdated": "order",
    }
)


class Data(Struct, gc=False):
    """Of which record a webhook tells."""

    id: Id


class Notice(Struct, gc=False):
    """A webhook. ``created_at`` is in seconds. Its ``hash`` is not read: third parties saw it differ for one event."""

    data: Data
    created_at: object = None


class Subscriber(Struct, gc=False):
    """A row of the newsletter's list. ``consents`` are absent in older answers: who is on the list is subscribed then.

    ``source`` is ``storefront``, ``order`` (with ``order_id``) or ``custom`` (made by an API or an import). What is odd
    beside an opt-out must not refuse it, so most fields may be anything.
    """

    id: Id
    email: str
    date_created: object = None
    date_modified: object = None
    source: object = None
    order_id: object = None
    consents: object = UNSET


class Address(Struct, gc=False):
    """Who pays. ``country_iso2`` is the country's code."""

    email: str | None = None
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    country_iso2: str | None = None


class Order(Struct, gc=False):
    """What consent needs of an order. Status 0 is a checkout that was begun."""

    id: Id
    status_id: int
    date_created: str
    customer_id: Id | None = None
    is_email_opt_in: bool | None = None
    order_source: str | None = None
    billing_address: Address | None = None


NOTICE: Final = decoder_of(Notice)


def behind(topic: str, body: bytes) -> Behind | None:
    """The record to fetch for a body, or None where nothing would be made of it."""
    kind = KINDS.get(topic)
    if kind is None:
        return None
    try:
        record_id = identifier(decode(NOTICE, body).data.id, "data.id")
    except RejectedError:
        return None
    return Behind(kind, record_id) if record_id.isdecimal() and record_id.isascii() else None


def moment(text: str, path: str) -> datetime:
    """A time of the V2 API (RFC 2822), in UTC; one without a zone is UTC."""
    try:
        said = parsedate_to_datetime(text)
    except ValueError as error:
        raise refuse("bad_time", path, "a time like Tue, 20 Nov 2026 09:30:00 +0000") from error
    return said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
