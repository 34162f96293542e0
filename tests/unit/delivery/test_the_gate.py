"""Facts that waited in a queue from before an erasure bring nobody back."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from commerce_sync.contracts import CanonicalEvent, Person
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.delivery.gate import Gate

from tests.fakes.facts import NOON, facts, placed, refunded

ANA = Person(email="ana@example.com", phone="+12025550111", customer_id="7", first_name="Ana")


def named(event: CanonicalEvent) -> Sequence[Identifier]:
    """As identity names them."""
    person = event.person or Person()
    said = (("email", person.email), ("shopify:us", person.customer_id), ("phone", person.phone))
    return [(kind, value) for kind, value in said if value]


def through(event: CanonicalEvent, marks: Mapping[Identifier, datetime]) -> CanonicalEvent:
    """One event through the gate."""
    message = facts(event)
    gate = Gate.before([message], named, lambda asked: {one: marks[one] for one in asked if one in marks})
    passed = gate.through(message)
    return passed.events[0]  # type: ignore[union-attr] # facts stay facts


def test_an_older_event_of_an_erased_person_is_about_nobody() -> None:
    """By address or by record; amounts stay."""
    event = placed(person=ANA).model_copy(update={"profile_id": "p1", "properties": {"utm_campaign": "spring"}})
    for mark in (("email", "ana@example.com"), ("shopify:us", "7")):
        passed = through(event, {mark: NOON})
        assert (passed.person, passed.profile_id, passed.properties, passed.value) == (None, None, {}, event.value)


def test_a_newer_event_is_a_new_acquaintance() -> None:
    """Whoever buys again after the erasure is a buyer."""
    event = placed(person=ANA, at=NOON)
    assert through(event, {("email", "ana@example.com"): NOON - timedelta(seconds=1)}) == event


def test_an_erased_phone_alone_takes_away_nothing_else() -> None:
    """It may be a family's."""
    passed = through(placed(person=ANA), {("phone", "+12025550111"): NOON})
    assert passed.person == ANA.model_copy(update={"phone": None})
    only_phone = Person(phone="+12025550111", first_name="Ana")
    assert through(placed(person=only_phone), {("phone", "+12025550111"): NOON}).person is None


def test_events_about_nobody_and_batches_without_people_ask_nothing() -> None:
    """One look a batch, and none where there is nobody to look for."""

    def refuse(_asked: Sequence[Identifier]) -> Mapping[Identifier, datetime]:
        raise AssertionError("asked for nobody")

    assert Gate.before([facts(refunded())], named, refuse).through(facts(refunded())) == facts(refunded())
