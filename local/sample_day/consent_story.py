"""What people say that day about being written to, where they say it, and what must hold after it.

Invented people: example.com, 555-01xx.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from local.sample_day.people import invent

Kind = Literal["email", "sms"]


@dataclass(frozen=True)
class Listener:
    """Somebody who may or may not be written to. ``state`` is what the ledger must say at the end of the day."""

    name: str
    kind: Kind
    address: str
    state: str
    story: str


OLIVE = Listener("Olive", "email", "olive.oak@example.com", "out", "unticks the box in her account at the store")
PIA = Listener("Pia", "email", "pia.pine@example.com", "out", "unsubscribes in Klaviyo, which sends no webhook: polled")
HUGO = Listener("Hugo", "email", "hugo.hazel@example.com", "out", "opted out in HubSpot years ago; Klaviyo never heard")
NINA = Listener("Nina", "email", "nina.nettle@example.com", "in", "joins the newsletter and confirms it by mail")
RAY = Listener("Ray", "email", "ray.reed@example.com", "out", "opts out; then the store re-sends his old opt-in")
SAM = Listener("Sam", "sms", "+12025550141", "out", "texts STOP")
TOM = Listener("Tom", "sms", "+12025550142", "hold", "texts 'please cancel my order': a person must look at it")
BUYER = Listener(
    "a buyer", "email", str(invent(3, "US").email).lower(), "out", "opts out among the orders of the morning"
)
LISTENERS = (OLIVE, PIA, HUGO, NINA, RAY, SAM, TOM, BUYER)
ASKED_FOR_IT = frozenset(one.address for one in LISTENERS if one.state == "in")


def known_before(now: datetime) -> dict[str, list[Mapping[str, Any]]]:
    """What the systems know before this bundle comes: Klaviyo's subscribers, the store's customers, HubSpot's opt-outs.

    By sandbox, each a list of settings to make, in order.
    """
    years = (now - timedelta(days=700)).isoformat()
    ago = (now - timedelta(days=90)).isoformat()
    subscribed = [
        {"act": "subscribe", "email": one.address, "time": ago, "silent": True, "method": "FORM"}
        for one in (OLIVE, PIA, RAY)
    ]
    imported = [{"act": "subscribe", "email": HUGO.address, "time": ago, "silent": True, "method": "IMPORT"}]
    by_phone = [
        {"act": "subscribe", "phone_number": one.address, "channel": "sms", "time": ago, "silent": True}
        for one in (SAM, TOM)
    ]
    customers = [{"id": 900 + number, "email": one.address} for number, one in enumerate((OLIVE, PIA, RAY), 1)]
    contacts = [{"edit_contact": {"email": one.address, "properties": {}}} for one in (PIA, HUGO)]
    return {
        "klaviyo": [{"person_consents": [*subscribed, *imported, *by_phone]}],
        "shopify": [{"put_customers": customers}],
        "hubspot": [*contacts, {"person_opts_out": {"email": HUGO.address, "time": years}}],
    }


def now() -> datetime:
    """The second that it is: stores and vendors write whole ones."""
    return datetime.now(UTC).replace(microsecond=0)
