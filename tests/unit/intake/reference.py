"""The reference bodies, and the words in which a whole event is written down by whoever read one.

A whole event, so that nothing in it goes unread: a field that is not written down has to be absent.
"""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from commerce_sync.contracts import CanonicalEvent

from tests.unit.intake.bodies import Body

ROOT: Final = Path(__file__).parents[3]
FOLDER: Final = (ROOT / os.environ.get("REFERENCE_DATA", "../shared") / "payloads").resolve()

needs_reference_data = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="reference data is absent: set REFERENCE_DATA to its folder"
)


def payload(source: str, name: str) -> Body:
    """What a store sends: the file without its provenance."""
    body: Body = json.loads((FOLDER / source / f"{name}.json").read_bytes())["payload"]
    return body


def told(event: CanonicalEvent) -> Body:
    """All that an event says. A digest only parts two bodies: its value is nobody's to read."""
    said = event.model_dump(exclude_defaults=True, exclude={"order": {"digest"}})
    return {name: value for name, value in said.items() if value is not None}


def event_of(store: str, subject: str, at: str, **said: Any) -> Body:
    """An event in the words of a table: the store, its id after that, its time in UTC, and what else it says."""
    source, known_as = store.split(":")
    return {
        "event_id": f"{store}:{subject}",
        "name": subject.split(":")[1],
        "source": source,
        "store": known_as,
        "occurred_at": datetime.fromisoformat(f"{at}+00:00"),
        **{name: value for name, value in said.items() if value is not None},
    }


def amounts(value: str, currency: str, discount: str, tax: str, shipping: str) -> Body:
    """What a sale comes to."""
    said = {"value": value, "discount": discount, "tax": tax, "shipping": shipping}
    return {"currency": currency, **{name: Decimal(amount) for name, amount in said.items()}}


def line(line_id: str | None, quantity: int, price: str, title: str, **said: str) -> Body:
    """One line: ``price`` is a piece's before discounts, ``discount`` the whole line's."""
    discount = Decimal(said.pop("discount", "0"))
    return {
        **({"line_id": line_id} if line_id else {}),
        "quantity": quantity,
        "unit_price": Decimal(price),
        "title": title,
        **({"discount": discount} if discount else {}),
        **said,
    }


def person(email: str | None = None, **said: str) -> Mapping[str, str]:
    """Whom an event is about."""
    return {**({"email": email} if email else {}), **said}


def refund(refund_id: str, amount: str, reason: str | None = None) -> Body:
    """Money that went back."""
    return {"refund_id": refund_id, "amount": Decimal(amount), **({"reason": reason} if reason else {})}


def state(version: str, name: str, current_value: str, **said: str) -> Body:
    """The order as its body tells it."""
    cancelled = (
        {"cancelled_at": datetime.fromisoformat(f"{said.pop('cancelled')}+00:00")} if "cancelled" in said else {}
    )
    at = datetime.fromisoformat(f"{version}+00:00")
    return {"version": at, "name": name, "current_value": Decimal(current_value), **said, **cancelled}
