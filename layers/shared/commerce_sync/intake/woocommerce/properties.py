"""What an order's or a subscription's events carry beside their facts."""

from typing import Final

from commerce_sync.intake.consents import text_in
from commerce_sync.intake.fields import text
from commerce_sync.intake.people import address_in, id_in, place_in
from commerce_sync.intake.properties import properties_of
from commerce_sync.intake.woocommerce.amounts import Extras
from commerce_sync.intake.woocommerce.shapes import Sale, fields_in, list_in

ATTRIBUTION: Final = "_wc_order_attribution_"
"""Core's Order Attribution writes how the buyer came, from version 8.5: ``..._utm_source``, ``..._session_entry``."""
DERIVED: Final = "derived"
"""The trust in a time that no record tells: the last change of the record, near which the act lies."""

_RENEWS: Final = "_subscription_renewal"
_LONGEST: Final = 500
_MOST: Final = 20
_ENTRY: Final = "session_entry"
_SHOWN: Final = frozenset({"source_type", "device_type"})


def order_properties(sale: Sale, extras: Extras, name: str | None = None) -> dict[str, str]:
    """How the buyer came, by which codes, and whether a subscription was renewed by it."""
    came = _came(sale.meta_data)
    said = properties_of(
        came.pop(_ENTRY, None),
        order_name=name,
        source_name=address_in(sale.created_via),
        coupon=_codes(sale.coupon_lines),
        fees=f"{extras.fees:f}" if extras.fees else None,
        gift_cards=f"{extras.gift_cards:f}" if extras.gift_cards else None,
        renewal="true" if is_renewal(sale) else None,
        subscription_id=_renewed(sale),
    )
    return said | came


def is_renewal(sale: Sale) -> bool:
    """Whether a subscription made this order, and no buyer."""
    return sale.created_via == "subscription" or any(name == _RENEWS for name, _ in fields_in(sale.meta_data))


def _renewed(sale: Sale) -> str | None:
    """The subscription that an order renews."""
    return next((id_in(value) for name, value in fields_in(sale.meta_data) if name == _RENEWS), None)


def _came(meta_data: object) -> dict[str, str]:
    """The ``utm_*`` values, the kind of source and of device, and the address of the page that was entered by."""
    found: dict[str, str] = {}
    for key, value in fields_in(meta_data):
        if not (isinstance(key, str) and key.startswith(ATTRIBUTION)):
            continue
        name, said = key.removeprefix(ATTRIBUTION), text_in(value)
        if said and (name.startswith("utm_") or name in _SHOWN or name == _ENTRY) and len(found) < _MOST:
            found[name] = said if name == _ENTRY else said[:_LONGEST]
    return found


def _codes(coupon_lines: object) -> str | None:
    """The coupons' codes, which shops make up themselves."""
    codes = (text_in(place_in(one).get("code"), _LONGEST) for one in list_in(coupon_lines)[:_MOST])
    return text(", ".join(filter(None, codes)))
