"""The shop's own order system: CloudEvents 1.0 in structured JSON, with well-known commerce names in ``data``.

What is accepted is ours to say. The last two words of ``type`` decide, so that
``com.example.order.completed`` and ``order.completed`` are one; what stands before them is the sender's.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commerce_sync.intake.bodies import decode
from commerce_sync.intake.catalogue import Code
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.own import consents, orders, people, steps, subscriptions
from commerce_sync.intake.own.shapes import EVENT, TYPE, Teller
from commerce_sync.intake.rejections import reject

__all__ = ["translate"]

_TELLERS: Final[Mapping[str, Teller]] = MappingProxyType(
    {
        "order.completed": orders.placed,
        "order.placed": orders.placed,
        "order.updated": orders.updated,
        "order.cancelled": orders.cancelled,
        "order.refunded": orders.refunded,
        "order.fulfilled": steps.fulfilled,
        "order.delivered": steps.delivered,
        "checkout.started": steps.started_checkout,
        "customer.updated": people.updated,
        "subscription.started": subscriptions.step("subscription_started"),
        "subscription.paused": subscriptions.step("subscription_paused"),
        "subscription.skipped": subscriptions.step("subscription_skipped"),
        "subscription.reactivated": subscriptions.step("subscription_reactivated"),
        "subscription.cancelled": subscriptions.step("subscription_cancelled"),
    }
)

_LATER: Final = frozenset({"product"})


def translate(delivery: Delivery) -> Translation:
    """The events of one CloudEvent, or why its type gives none."""
    kind = _kind(decode(TYPE, delivery.body).type)
    if consents.is_consent(kind):
        return consents.told(delivery, kind)
    event = decode(EVENT, delivery.body)
    teller = _TELLERS.get(kind)
    if teller is None:
        code: Code = "not_yet_translated" if kind.partition(".")[0] in _LATER else "unknown_topic"
        return Translation.refused(reject(code, "type", "a type that is translated"))
    if event.data.test:
        return Translation.refused(reject("test_order", "data.test", "false"))
    return consents.with_boxes(Translation.of(*teller(delivery, event)), delivery, event.data)


def _kind(type_: object) -> str:
    return ".".join(type_.strip().lower().split(".")[-2:]) if isinstance(type_, str) else ""
