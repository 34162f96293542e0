"""Web events: what a browser tells of a visit, by Shopify's web pixel or by our snippet (docs/web_events.md).

The token they come with can be read by everybody, so little is believed. A browser gives product ids, prices, times and
one name for one person: no consent, no order, no revenue, no words that could end up in a mail, and no statement that
two names are one person. What it gets wrong is counted, and alarms nobody: anybody could ring that bell.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Raw

from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.rejections import RejectedError, reject
from commerce_sync.intake.web import pixel, snippet
from commerce_sync.intake.web.shapes import HEAD, Teller
from commerce_sync.intake.web.visitors import mentioned

__all__ = ["translate"]

_SEVERAL: Final = decoder_of(list[Raw])
_TELLERS: Final[Mapping[str, Teller]] = MappingProxyType(
    {
        "product_viewed": pixel.viewed_product,
        "product_added_to_cart": pixel.added_to_cart,
        "checkout_started": pixel.started_checkout,
        "viewed_product": snippet.viewed_product,
        "added_to_cart": snippet.added_to_cart,
        "started_checkout": snippet.started_checkout,
    }
)


def translate(delivery: Delivery) -> Translation:
    """The events of one body: an object, or a list of them. One that cannot be read spoils no other."""
    body = delivery.body.lstrip(b" \t\r\n")
    if not body.startswith(b"["):
        return _told(delivery, delivery.body, "")
    entries = decode(_SEVERAL, delivery.body)
    return Translation.joined(_told(delivery, bytes(raw), f"[{at}]") for at, raw in enumerate(entries))


def _told(delivery: Delivery, raw: bytes, place: str) -> Translation:
    people = mentioned(raw)
    try:
        head = decode(HEAD, raw)
        teller = _TELLERS.get(head.name)
        if teller is None:
            return Translation(rejections=(reject("topic_not_used", _inside(place, "name"), _NAMES),), people=people)
        facts = teller(delivery, raw)
    except RejectedError as error:
        fault = error.rejection
        code = fault.code if fault.code == "nobody_named" else "web_event_unreadable"
        return Translation(rejections=(reject(code, _inside(place, fault.path), fault.expected),), people=people)
    return Translation(Translation.of(facts).events, people=people)


def _inside(place: str, path: str) -> str:
    return f"{place}.{path}".strip(".")


_NAMES: Final = ", ".join(sorted(_TELLERS))
