"""What intake's translators share when they state consent.

A statement is built from whatever can be read: what is odd beside an opt-out never refuses the opt-out. So values are
looked up one by one and never decoded as a whole, and what cannot be read is missing.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from commerce_sync.contracts import Person
from commerce_sync.contracts.consent import Action, Channel, ConsentStatement, Strength
from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.delivery import Delivery
from commerce_sync.intake.fields import moment_id, utc
from commerce_sync.intake.people import Place, address_in
from commerce_sync.intake.rejections import RejectedError, refuse

EVERY_PURPOSE: Final = "*"
ONE_EACH: Final = "-"
"""The id of what is said of several addresses, until each has a statement of its own."""
LONGEST_TEXT: Final = 20_000
"""Characters of a person's text that travel on: a queue's message and a ledger's item have an end."""

_OBJECT: Final = decoder_of(dict[str, Any])
_DIGEST: Final = 32

Said = tuple[Action, Strength]


def body_of(delivery: Delivery) -> Place:
    """The body's fields.

    :raises RejectedError: it is no JSON object.
    """
    return decode(_OBJECT, delivery.body)


def moment_in(value: object) -> datetime | None:
    """The moment that a text names with its offset, in UTC; None where it names none."""
    said = address_in(value)
    try:
        return utc(datetime.fromisoformat(said), "") if said else None
    except (ValueError, RejectedError):
        return None


def moment_in_utc(value: object) -> datetime | None:
    """The same of a vendor whose times are UTC whether they say so or not."""
    said = address_in(value)
    try:
        at = datetime.fromisoformat(said) if said else None
        return at and utc(at.replace(tzinfo=UTC) if at.tzinfo is None else at, "")
    except (ValueError, RejectedError):
        return None


def received(delivery: Delivery) -> datetime | None:
    """When it came, in UTC, where that is known."""
    return delivery.received_at.astimezone(UTC) if delivery.received_at else None


def moment_part(*moments: datetime | None) -> str:
    """The first moment there is as a part of an id, to the millisecond; empty where there is none."""
    return next((moment_id(one) for one in moments if one), "")


def own_id(delivery: Delivery, value: object) -> str:
    """The sender's id of the act; of a body that has none, one made from its bytes."""
    said = str(value) if type(value) is int else address_in(value)
    return said or sha256(delivery.body).hexdigest()[:_DIGEST]


def text_in(value: object, longest: int = LONGEST_TEXT) -> str | None:
    """A text, cut to what travels on; None where it is none or empty."""
    said = value.strip() if isinstance(value, str) else ""
    return said[:longest] or None


def evidence_of(**said: str | None) -> dict[str, str]:
    """The evidence that says something."""
    return {name: value for name, value in said.items() if value}


def form_of(delivery: Delivery, name: str) -> str:
    """How notices.toml names a form of a sender: ``preferences:main:footer``."""
    prefix = f"{delivery.source}:{delivery.store.id}:"
    return name if name.startswith(prefix) else prefix + name


def addresses_in(place: Place, channel: Channel | None) -> list[tuple[Channel, str]]:
    """The addresses that a body names under ``email`` and ``phone``, of one channel or of both."""
    found: list[tuple[Channel, str | None]] = [
        ("email", address_in(place.get("email"))),
        ("sms", address_in(place.get("phone"))),
    ]
    return [(of, said) for of, said in found if said and channel in {None, of}]


def require_addresses(place: Place, channel: Channel | None, *, is_opt_in: bool) -> list[tuple[Channel, str]]:
    """The same, at least one.

    :raises RejectedError: nobody is named. An opt-out that nobody can be found by waits for a person.
    """
    if found := addresses_in(place, channel):
        return found
    path = {"email": "email", "sms": "phone"}.get(channel or "", "email")
    raise refuse("opt_in_without_address" if is_opt_in else "address_not_usable", path, "an address")


def people_of(statements: Iterable[ConsentStatement]) -> tuple[Person, ...]:
    """Whom statements are about: by them the archive is found for an erasure."""
    return tuple(
        dict.fromkeys(
            Person(email=one.address)
            if one.channel == "email"
            else Person(phone=one.address, country=next(iter(one.regions), None))
            for one in statements
            if one.address
        )
    )


def seconds_in(value: object) -> datetime | None:
    """The moment that a number of seconds since 1970 names; None where it names none."""
    try:
        return datetime.fromtimestamp(value, UTC) if type(value) is int and value >= 0 else None
    except (OverflowError, OSError, ValueError):
        return None
