"""Shopify's few thin bodies: an edit names its order, a skipped delivery its contract, a contract its customer's id."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from commerce_sync.intake.bodies import Id, decode, decoder_of
from commerce_sync.intake.fields import identifier
from commerce_sync.intake.records import Behind, Questions
from commerce_sync.intake.rejections import RejectedError
from commerce_sync.intake.shopify.subscriptions import TOPICS


class Edit(Struct, gc=False):
    """What was edited. Which lines came and went is not used: the order as it stands now says it all."""

    order_id: Id


class EditBody(Struct, gc=False):
    """The body of orders/edited."""

    order_edit: Edit


class _Cycle(Struct, gc=False):
    subscription_contract_id: Id


class _Contract(Struct, gc=False):
    id: Id


EDIT: Final = decoder_of(EditBody)
_CYCLE: Final = decoder_of(_Cycle)
_CONTRACT: Final = decoder_of(_Contract)

_BEHIND: Final[Mapping[str, tuple[str, Callable[[bytes], Id]]]] = MappingProxyType(
    {
        "orders/edited": ("order", lambda body: decode(EDIT, body).order_edit.order_id),
        "subscription_billing_cycles/skip": (
            "contract",
            lambda body: decode(_CYCLE, body).subscription_contract_id,
        ),
        **dict.fromkeys(TOPICS, ("subscriber", lambda body: decode(_CONTRACT, body).id)),
    }
)


def behind(topic: str, body: bytes) -> Questions:
    """The record to fetch for a body; nothing where it says all itself."""
    known = _BEHIND.get(topic)
    if known is None:
        return
    kind, named = known
    try:
        record_id = identifier(named(body), "id")
    except RejectedError:
        return
    if record_id.isdecimal() and record_id.isascii():
        yield Behind(kind, record_id)
