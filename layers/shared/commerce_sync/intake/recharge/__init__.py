"""Recharge's webhooks: the address says the topic, and the body is the whole record in its resource's key.

What its subscriptions cost is told by the shop: a charge becomes an order there, and an order is counted once.
"""

from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.recharge.shapes import behind
from commerce_sync.intake.recharge.topics import TRANSLATORS, code_of
from commerce_sync.intake.rejections import reject

__all__ = ["behind", "translate"]


def translate(delivery: Delivery) -> Translation:
    """What one Recharge delivery proves, or why its topic gives nothing."""
    translator = TRANSLATORS.get(delivery.topic)
    if translator is None:
        return Translation.refused(reject(code_of(delivery.topic), expected="a topic that is translated"))
    return translator(delivery)
