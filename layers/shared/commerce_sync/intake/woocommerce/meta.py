"""What a plugin's field says of an opt-in. Core holds none, so the fields are named in consent.toml."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, Literal

from commerce_sync.contracts.consent import Channel
from commerce_sync.contracts.store import OptInMeta
from commerce_sync.intake.rejections import Rejection, reject
from commerce_sync.intake.woocommerce.shapes import fields_in

Said = Literal["yes", "nothing", "unsubscribed", "unknown"]
YES: Final = frozenset({"1", "yes", "true", "on"})
NOTHING: Final = frozenset({"", "0", "no", "false", "off"})
UNSUBSCRIBED: Final = "unsubscribed"
"""Mailchimp's word at a customer who left; no other plugin's is known."""


def said(value: object) -> Said:
    """What one value says. No is a box that was not ticked: a default, and no withdrawal."""
    if value is None:
        return "nothing"
    word = str(value).strip().lower() if isinstance(value, str | bool | int | Decimal) else "?"
    if word in YES:
        return "yes"
    if word in NOTHING:
        return "nothing"
    return "unsubscribed" if word == UNSUBSCRIBED else "unknown"


def said_of(channel: Channel, names: OptInMeta, meta_data: object) -> Said:
    """The most that the fields of a channel say: what ends before what is not known, and a yes after both."""
    wanted = names.email if channel == "email" else names.sms
    found = {said(value) for name, value in fields_in(meta_data) if name in wanted}
    answers: Iterator[Said] = (one for one in ("unsubscribed", "unknown", "yes") if one in found)
    return next(answers, "nothing")


def not_understood(channel: Channel) -> Rejection:
    """Why a field gave no statement. It never means yes."""
    return reject("unknown_consent", f"meta_data[{channel}]", ", ".join(sorted(YES | NOTHING - {""})))
