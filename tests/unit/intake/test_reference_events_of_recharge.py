"""Every event that a reference body of Recharge proves, whole. Written down from the bodies."""

from decimal import Decimal
from typing import Any

import pytest
from commerce_sync.intake import translate

from tests.unit.intake.bodies import RECEIVED, Body, encoded
from tests.unit.intake.reference import event_of, line, needs_reference_data, payload, person, told
from tests.unit.intake.test_reference_payloads_of_recharge import CLUB, EXPECTED, Proof

pytestmark = needs_reference_data


def said(subject: str, at: str, **facts: Any) -> Body:
    """An event of the club."""
    return event_of("recharge:us", subject, at, **facts)


def profile(customer_id: str, at: str, milliseconds: int, email: str) -> list[Body]:
    """A customer at one moment, in times without an offset."""
    whose = person(email, customer_id=customer_id, first_name="Testname", last_name="Testname")
    return [said(f"{customer_id}:profile_updated:{milliseconds}", at, person=whose)]


def step(subject: str, at: str, quantity: int, known: Body, **terms: str) -> list[Body]:
    """One step of a subscription to a product at 49.00: without a currency it is the store's."""
    return [
        said(
            subject,
            at,
            value=Decimal(49 * quantity),
            currency="DKK",
            line_items=(line(None, quantity, "49.00", "Test product", **known["of"]),),
            person=person(customer_id=known["customer"]),
            properties={"subscription_id": subject.split(":", maxsplit=1)[0], "interval": "30 day", **terms},
        )
    ]


KNOWN = {"customer": "333333", "of": {"product_id": "123123123", "variant_id": "23434345"}}

#: file -> each of its events, whole.
EVENTS: dict[str, list[Body]] = {
    "customer__RechargeSharp-2021-11": profile(
        *("82940007", "2022-03-09T02:36:35", 1646793395000, "person+bbeadae8@example.com")
    ),
    "customer_created__RechargeSharp-2021-11": profile(
        *("82939898", "2022-03-09T02:31:39", 1646793099000, "person+9b0c826c@example.com")
    ),
    "customer_updated__RechargeSharp-2021-11": profile(
        *("82940507", "2022-03-09T03:03:49", 1646795029000, "person+e06559c0@example.com")
    ),
    "subscription_activated__RechargeSharp-2021-11": step(
        *("11111:subscription_reactivated:1646995301", "2022-03-11T10:41:41", 4, KNOWN), next_charge_on="2022-04-09"
    ),
    "subscription_cancelled__RechargeSharp-2021-11": step(
        *("11111:subscription_cancelled:1646993958", "2022-03-11T10:19:18.637636", 4, KNOWN),
        cancel_reason="some reason",
    ),
    "subscription_created__RechargeSharp-2021-11": step(
        *("123123123:subscription_started", "2022-03-10T14:14:30", 3),
        {"customer": "333333333", "of": {"product_id": "44444444444", "variant_id": "555555555555"}},
        next_charge_on="2022-12-17",
    ),
}


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_of_a_reference_body_is_what_a_person_reads_in_it(name: str) -> None:
    """Nothing more and nothing less."""
    body = encoded(payload("recharge", name))
    translation = translate("recharge", EXPECTED[name][0], CLUB, body, received_at=RECEIVED)
    assert [told(event) for event in translation.events] == EVENTS[name]


def test_every_reference_body_with_an_event_is_read_whole() -> None:
    """A new file, too."""
    assert sorted(EVENTS) == sorted(name for name, (_, proof, _) in EXPECTED.items() if isinstance(proof, Proof))
