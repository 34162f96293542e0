"""WooCommerce's webhooks: the topic says which record it is, and the body is the whole record of the REST API.

A webhook whose owner may not read the record sends the API's error in its place, rightly signed: it is told apart by
its code and status, and alarms, because nothing else says that the shop has gone silent.
"""

from typing import Final

from msgspec import Struct

from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.rejections import RejectedError, reject
from commerce_sync.intake.woocommerce.asking import behind
from commerce_sync.intake.woocommerce.topics import TRANSLATORS, code_of

__all__ = ["behind", "translate"]


class Status(Struct, gc=False):
    """With which HTTP status the API refused."""

    status: int


class Failure(Struct, gc=False):
    """An error of the REST API."""

    code: str
    data: Status


_FAILURE: Final = decoder_of(Failure)


def translate(delivery: Delivery) -> Translation:
    """What one WooCommerce delivery proves, or why its topic gives nothing."""
    if _is_failure(delivery.body):
        return Translation.refused(reject("store_error", "code", "a record of the store"))
    translator = TRANSLATORS.get(delivery.topic)
    if translator is None:
        return Translation.refused(reject(code_of(delivery.topic), expected="a topic that is translated"))
    return translator(delivery)


def _is_failure(body: bytes) -> bool:
    try:
        decode(_FAILURE, body)
    except RejectedError:
        return False
    return True
