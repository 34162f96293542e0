"""Shopify's webhooks: the topic says which body it is, and the body says what happened."""

from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.rejections import reject
from commerce_sync.intake.shopify.thin import behind
from commerce_sync.intake.shopify.topics import TRANSLATORS, code_of

__all__ = ["behind", "translate"]


def translate(delivery: Delivery) -> Translation:
    """The events of one Shopify delivery, or why its topic gives none."""
    translator = TRANSLATORS.get(delivery.topic)
    if translator is None:
        return Translation.refused(reject(code_of(delivery.topic), expected="a topic that is translated"))
    return translator(delivery)
