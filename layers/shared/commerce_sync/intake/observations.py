"""Advanced properties: rows of what one owner observed of people (docs/advanced.md). Each row stands for itself.

A row that is wrong is set aside with its place and what was expected there; the others go on. Sent again, in any order
and any split, the same rows say the same.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from commerce_sync.contracts import Person
from commerce_sync.contracts.advanced import AdvancedProperty, Said, expected_of, in_normal_form
from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.consents import received
from commerce_sync.intake.delivery import Delivery, Facts, Translation, facts_of
from commerce_sync.intake.fields import event_id, utc
from commerce_sync.intake.people import Place, address_in, id_in
from commerce_sync.intake.rejections import RejectedError, Rejection, refuse

AHEAD: Final = timedelta(minutes=5)
"""What an owner's clock may be ahead of ours. A value from the future would win over all that is observed till then."""
_ROWS: Final = decoder_of(list[Any])
_A_PERSON: Final = "exactly one of email, phone, and customer_id with its store"


def translate(delivery: Delivery) -> Translation:
    """The values that an array of rows tells, and the rows that tell none.

    :raises RejectedError: the body is no JSON array.
    """
    told: list[Facts] = []
    people: list[Person] = []
    rejections: list[Rejection] = []
    for place, row in _rows(decode(_ROWS, delivery.body)):
        people.extend(_mentioned(row, delivery))
        try:
            told.append(_observation(delivery, place, row))
        except RejectedError as error:
            rejections.append(error.inside(place).rejection)
    translation = Translation.of(*told)
    named = {event.person for event in translation.events}
    others = tuple(person for person in dict.fromkeys(people) if person not in named)
    return Translation(translation.events, tuple(rejections), people=others)


def _rows(rows: list[Any]) -> Iterator[tuple[str, Any]]:
    """Each row and how its place is called: by its line, where it came from a file."""
    for at, row in enumerate(rows):
        line = row.get("line") if isinstance(row, dict) else None
        yield (f"line[{line}]" if type(line) is int else f"[{at}]"), row


def _observation(delivery: Delivery, place: str, row: object) -> Facts:
    if not isinstance(row, dict):
        raise refuse("wrong_type", "", "named fields")
    person = _person(row, delivery)
    wanted = _property(row, delivery)
    said = _said(row, wanted, received(delivery))
    values = {"property": wanted.name, "value": said.value, "expires_at": _text(said.expires_at), "row": place}
    return facts_of(
        delivery,
        event_id=event_id(delivery.source, delivery.store.id, wanted.name, _digest(person, said)),
        name="property_observed",
        occurred_at=said.observed_at,
        person=person,
        properties={name: value for name, value in values.items() if value is not None},
    )


def _person(row: Place, delivery: Delivery) -> Person:
    """Whom the row is about: named in one way, because two might be two people."""
    email, phone, customer = address_in(row.get("email")), address_in(row.get("phone")), id_in(row.get("customer_id"))
    if sum(map(bool, (email, phone, customer))) != 1:
        raise refuse("missing_field", "email", _A_PERSON)
    if customer is None:
        return Person(email=email, phone=phone)
    store = address_in(row.get("store"))
    if store not in delivery.store.shops:
        raise refuse("missing_field", "store", f"the customer's store, one of {', '.join(delivery.store.shops)}")
    return Person(customer_id=customer, customer_of=store)


def _mentioned(row: object, delivery: Delivery) -> Iterator[Person]:
    """Everybody whom a row names, however wrong the rest of it is: an erasure must find them."""
    if not isinstance(row, dict):
        return
    if email := address_in(row.get("email")):
        yield Person(email=email)
    if phone := address_in(row.get("phone")):
        yield Person(phone=phone)
    customer, stores = id_in(row.get("customer_id")), delivery.store.shops
    said = address_in(row.get("store"))
    for store in (said,) if said in stores else stores:
        if customer:
            yield Person(customer_id=customer, customer_of=store)


def _property(row: Place, delivery: Delivery) -> AdvancedProperty:
    name = address_in(row.get("property"))
    if name is None:
        raise refuse("missing_field", "property", "the name of a property")
    wanted = next((one for one in delivery.store.advanced if one.name == name), None)
    if wanted is None:
        raise refuse("unknown_property", "property", f"one of {', '.join(one.name for one in delivery.store.advanced)}")
    if wanted.owner != delivery.store.id:
        raise refuse("property_not_yours", "property", f"only its owner says it: {wanted.owner}")
    return wanted


def _said(row: Place, wanted: AdvancedProperty, received_at: datetime | None) -> Said:
    """The value with its times: it ends when the row says, and no later than its kind does."""
    if "value" not in row:
        raise refuse("missing_field", "value", f"{expected_of(wanted)}; null to take it back")
    value = None if row["value"] is None else in_normal_form(row["value"], wanted)
    if value is None and row["value"] is not None:
        raise refuse("value_not_possible", "value", expected_of(wanted))
    at = _moment(row, "observed_at")
    if at is None:
        raise refuse("missing_field", "observed_at", "when the owner observed it, like 2026-11-01T09:30:00Z")
    if received_at and at > received_at + AHEAD:
        raise refuse("bad_time", "observed_at", "a time that is not in the future")
    ends = _moment(row, "expires_at")
    if ends and ends <= at:
        raise refuse("bad_time", "expires_at", "a time after observed_at")
    return Said(value, at, None if value is None else _ends(at, ends, wanted))


def _ends(at: datetime, said: datetime | None, wanted: AdvancedProperty) -> datetime | None:
    """When a value ends: as its row says, and no later than its property's values do."""
    try:
        latest = at + timedelta(days=wanted.expires_after_days) if wanted.expires_after_days else None
    except OverflowError as error:
        raise refuse("bad_time", "observed_at", "a time that is not in the future") from error
    return min(filter(None, (said, latest)), default=None)


def _moment(row: Place, name: str) -> datetime | None:
    said = row.get(name)
    if said is None:
        return None
    try:
        at = datetime.fromisoformat(said)
    except (TypeError, ValueError) as error:
        raise refuse("bad_time", name, "a time like 2026-11-01T09:30:00Z") from error
    return utc(at, name)


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _digest(person: Person, said: Said) -> str:
    """Of one row; it travels with the event and is kept nowhere."""
    named = person.email or person.phone or f"{person.customer_of}#{person.customer_id}"
    try:
        return sha256(f"{named}|{said.version}".encode()).hexdigest()[:32]
    except UnicodeEncodeError as error:
        raise refuse("not_utf8", "", "text that can be written in UTF-8") from error
