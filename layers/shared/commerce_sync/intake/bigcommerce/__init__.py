"""BigCommerce's webhooks: an id and a topic. What stands behind the id is asked of the store first."""

from commerce_sync.intake.bigcommerce.asking import behind
from commerce_sync.intake.bigcommerce.topics import TRANSLATORS, code_of
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.rejections import reject

__all__ = ["behind", "translate"]


def translate(delivery: Delivery) -> Translation:
    """What one BigCommerce delivery proves, or why its topic gives nothing."""
    translator = TRANSLATORS.get(delivery.topic)
    if translator is None:
        return Translation.refused(reject(code_of(delivery.topic), expected="a topic that is translated"))
    return translator(delivery)
