"""What a shop is asked about an order: its refunds, where it has some. The order says neither when money went back nor,
in so many words, how much.
"""

import re
from typing import Final

from msgspec import Struct

from commerce_sync.intake.bodies import Id, decode, decoder_of
from commerce_sync.intake.fields import identifier
from commerce_sync.intake.records import Behind, Questions
from commerce_sync.intake.rejections import RejectedError
from commerce_sync.intake.woocommerce.refunds import FETCHED
from commerce_sync.intake.woocommerce.shapes import list_in

TOPICS: Final = frozenset({"order.created", "order.updated", "order.restored"})
_NUMBER: Final = re.compile("[0-9]+")


class _Refunded(Struct, gc=False):
    id: Id
    refunds: object = None


_REFUNDED: Final = decoder_of(_Refunded)


def behind(topic: str, body: bytes) -> Questions:
    """The refunds of an order that has some; nothing of other bodies, which say all themselves."""
    if topic not in TOPICS:
        return
    try:
        order = decode(_REFUNDED, body)
        order_id = identifier(order.id, "id")
    except RejectedError:
        return
    if list_in(order.refunds) and _NUMBER.fullmatch(order_id):
        yield Behind(FETCHED, order_id)
