"""The person of the own system's events, and what it says about one."""

from commerce_sync.contracts import Person
from commerce_sync.intake.delivery import Delivery, Facts, facts_of
from commerce_sync.intake.fields import event_id, identifier, identifier_if_any, moment_id, text
from commerce_sync.intake.own.shapes import Buyer, CloudEvent, Data
from commerce_sync.intake.own.times import moment_of
from commerce_sync.intake.rejections import refuse

_NOBODY = Buyer()


def person_of(data: Data) -> Person | None:
    """The person, or None where no email, phone or customer id identifies one."""
    inner = data.customer or _NOBODY
    inner_id = identifier_if_any(inner.id, "data.customer.id")
    person = Person(
        email=text(data.email) or text(inner.email),
        phone=text(data.phone) or text(inner.phone),
        customer_id=identifier_if_any(data.customer_id, "data.customer_id") or inner_id,
        first_name=text(data.first_name) or text(inner.first_name),
        last_name=text(data.last_name) or text(inner.last_name),
        country=text(data.country) or text(inner.country),
    )
    return person if person.is_reachable() or person.customer_id else None


def updated(delivery: Delivery, event: CloudEvent) -> list[Facts]:
    """customer.updated: the person at one moment, so each moment is an event of its own."""
    person = person_of(event.data)
    if person is None:
        raise refuse("missing_field", "data.customer_id", "a customer id, an email or a phone")
    moment = moment_of(event, event.data.updated_at, "data.updated_at")
    subject = person.customer_id or identifier(event.id, "id")
    return [
        facts_of(
            delivery,
            event_id=event_id(delivery.source, delivery.store.id, subject, "profile_updated", moment_id(moment)),
            name="profile_updated",
            occurred_at=moment,
            person=person,
        )
    ]
