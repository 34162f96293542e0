"""The thin body that every BigCommerce webhook has, what is read of the newsletter's list, and how V2 writes times.

https://docs.bigcommerce.com (webhook events; Subscribers, V3; Orders, V2).
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from msgspec import UNSET, Struct, field

from commerce_sync.intake.bodies import Id, decode, decoder_of
from commerce_sync.intake.delivery import Delivery
from commerce_sync.intake.fields import identifier
from commerce_sync.intake.people import id_in, place_in
from commerce_sync.intake.rejections import refuse


class Data(Struct, gc=False):
    """Of which record a webhook tells: a shipment names its order, a cart's line its cart, a refund stands beside its
    order's id. What is odd beside an id must not refuse an opt-out, so these may be anything.
    """

    id: Id
    order_id: object = field(default=None, name="orderId")
    cart_id: object = field(default=None, name="cartId")
    refund: object = None


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


NOTICE: Final = decoder_of(Notice)
REFUND: Final = "store/order/refund/"
_OWNERS: Final = (("store/shipment/", "orderId"), ("store/cart/lineitem/", "cartId"))
"""Topics whose id is a part's: the order or cart that it belongs to has another name."""


def subject_of(topic: str, body: bytes) -> str:
    """The id of the order, cart, customer or subscriber that a webhook is about.

    :raises RejectedError: the body does not name it.
    """
    data = decode(NOTICE, body).data
    path = next((name for beginning, name in _OWNERS if topic.startswith(beginning)), "id")
    if path == "id":
        return identifier(data.id, "data.id")
    owner = id_in(data.order_id if path == "orderId" else data.cart_id)
    if owner is None:
        raise refuse("missing_field", f"data.{path}", "an id")
    return owner


def part_of(delivery: Delivery) -> tuple[str, str, str] | None:
    """The part of an order that a webhook is about: its kind, its id, and where that stands."""
    data = decode(NOTICE, delivery.body).data
    if delivery.topic.startswith("store/shipment/"):
        return "shipments", id_in(data.id) or "", "data.id"
    if delivery.topic.startswith(REFUND):
        return "refunds", id_in(place_in(data.refund).get("refund_id")) or "", "data.refund.refund_id"
    return None


def moment(text: str, path: str) -> datetime:
    """A time of the V2 API (RFC 2822), in UTC; one without a zone is UTC."""
    try:
        said = parsedate_to_datetime(text)
        return said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
    except (ValueError, OverflowError, IndexError, TypeError) as error:
        raise refuse("bad_time", path, "a time like Tue, 20 Nov 2026 09:30:00 +0000") from error
