"""Rows of advanced properties, as their owners send them."""

from collections.abc import Sequence
from datetime import datetime
from time import time
from typing import Any

from local.in_process import InProcessBundle
from local.sample_day.deliveries import Delivery
from tests.fakes import bundle as b
from tests.fakes.delivered import as_json, make_due

Row = dict[str, Any]


def row(name: str, value: Any, at: datetime, **who: Any) -> Row:
    """What was observed of Ada, unless somebody else is named."""
    return {**(who or {"email": "ada.archer.0@example.com"}), "property": name, "value": value} | {
        "observed_at": at.isoformat()
    }


def observe(bundle: InProcessBundle, *rows: Row, owner: str = "warehouse") -> list[str]:
    """Rows through the door, as far as profile_sync's queue; the messages that stand there."""
    delivery = Delivery("properties", owner, "", as_json(list(rows)), "rows")
    event = b.api_event(delivery)
    event["requestContext"]["timeEpoch"] = int(time() * 1000)
    assert b.post(bundle, event)["statusCode"] == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    return b.waiting(bundle, "ProfileChangesQueue")


def sync(bundle: InProcessBundle, messages: Sequence[str], **overrides: str) -> None:
    """Messages through profile_sync, which gives none of them back."""
    assert b.consume(bundle, "profile_sync", list(messages), overrides) == []


def look_again(bundle: InProcessBundle) -> None:
    """Every wait is over: whatever is due is dispatched and kept."""
    make_due(bundle)
    with bundle.function("due_dispatch") as module:
        module.handler({}, None)
    sync(bundle, b.waiting(bundle, "ProfileChangesQueue"))
