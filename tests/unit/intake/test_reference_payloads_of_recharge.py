"""Real and documentation bodies of Recharge, with what each proves as read from it by hand.

The bodies are reference data that stands beside this project; where it is absent these tests are skipped. Rows of REST
objects use the topic whose webhook carries that object. There is none of a pause, a skip or a charge among them.
"""

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from commerce_sync.contracts import Store
from commerce_sync.intake import Translation, translate

from tests.unit.intake.bodies import RECEIVED, assert_holds_contracts

ROOT = Path(__file__).parents[3]
FOLDER = (ROOT / os.environ.get("REFERENCE_DATA", "../shared") / "payloads" / "recharge").resolve()
CLUB = Store(source="recharge", id="us", currency="DKK", country="DK", shop="shopify:us")

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="reference data is absent: set REFERENCE_DATA to its folder"
)


class Proof(NamedTuple):
    """One event of a body: its name, its id after the store, its value, its currency and its time."""

    name: str
    subject: str
    value: str | None
    currency: str | None
    at: str


UNUSED, GOES_ON = ("topic_not_used", ""), ("subscription_goes_on", "subscription")

#: file -> topic -> the event that it proves, or the code and path of its one rejection; and the customer it names.
EXPECTED: dict[str, tuple[str, Proof | tuple[str, str], str | None]] = {
    "address__RechargeSharp-v1": ("address/updated", UNUSED, "18819267"),
    "addressoffset__RechargeSharp-v1": ("address/updated", UNUSED, "18819267"),
    "addressutc__RechargeSharp-v1": ("address/updated", UNUSED, "18819267"),
    "address_created__RechargeSharp-2021-11": ("address/created", UNUSED, "12312312"),
    "address_updated__RechargeSharp-2021-11": ("address/updated", UNUSED, "12312312"),
    "customer__RechargeSharp-2021-11": (
        "customer/updated",
        Proof("profile_updated", "82940007:profile_updated:1646793395000", None, None, "2022-03-09T02:36:35+00:00"),
        "82940007",
    ),
    "customer_created__RechargeSharp-2021-11": (
        "customer/created",
        Proof("profile_updated", "82939898:profile_updated:1646793099000", None, None, "2022-03-09T02:31:39+00:00"),
        "82939898",
    ),
    "customer_delivery_schedule__RechargeSharp-2021-11": ("customer/delivery_schedule", UNUSED, "100000"),
    "customer_updated__RechargeSharp-2021-11": (
        "customer/updated",
        Proof("profile_updated", "82940507:profile_updated:1646795029000", None, None, "2022-03-09T03:03:49+00:00"),
        "82940507",
    ),
    "subscription__RechargeSharp-2021-11": ("subscription/updated", GOES_ON, "33333333"),
    "subscription_activated__RechargeSharp-2021-11": (
        "subscription/activated",
        Proof(
            *("subscription_reactivated", "11111:subscription_reactivated:1646995301"),
            *("196.00", "DKK", "2022-03-11T10:41:41+00:00"),
        ),
        "333333",
    ),
    "subscription_cancelled__RechargeSharp-2021-11": (
        "subscription/cancelled",
        Proof(
            *("subscription_cancelled", "11111:subscription_cancelled:1646993958"),
            *("196.00", "DKK", "2022-03-11T10:19:18.637636+00:00"),
        ),
        "333333",
    ),
    "subscription_created__RechargeSharp-2021-11": (
        "subscription/created",
        Proof(
            *("subscription_started", "123123123:subscription_started"),
            *("147.00", "DKK", "2022-03-10T14:14:30+00:00"),
        ),
        "333333333",
    ),
    "subscription_updated-address__RechargeSharp-2021-11": ("subscription/updated", GOES_ON, "333333"),
    "subscription_updated__RechargeSharp-2021-11": ("subscription/updated", GOES_ON, "333333"),
    "subscriptions-list__RechargeSharp-2021-11": (
        "subscription/updated",
        ("missing_field", "subscription"),
        None,
    ),
}


def translated(name: str) -> Translation:
    """What Recharge sends, translated; it holds its contract."""
    body: Any = json.loads((FOLDER / f"{name}.json").read_text())["payload"]
    translation = translate("recharge", EXPECTED[name][0], CLUB, json.dumps(body).encode(), received_at=RECEIVED)
    assert_holds_contracts(translation)
    return translation


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_reference_body_proves_what_a_person_reads_in_it(name: str) -> None:
    """Its event with id, value, currency and time, or the one reason why there is none; and whom it names."""
    _, expected, customer = EXPECTED[name]
    translation = translated(name)
    proofs = [
        Proof(
            event.name,
            event.event_id.removeprefix("recharge:us:"),
            None if event.value is None else str(event.value),
            event.currency,
            event.occurred_at.isoformat(),
        )
        for event in translation.events
    ]
    rejections = [(one.code, one.path) for one in translation.rejections]
    assert (proofs, rejections) == (([expected], []) if isinstance(expected, Proof) else ([], [expected]))
    named = [*(event.person for event in translation.events), *translation.people]
    assert {person.customer_id for person in named if person} == ({customer} if customer else set())


def test_no_reference_customer_is_one_of_a_shops_yet() -> None:
    """Their ids in the shop are null: nobody is joined to anybody."""
    assert [translated(name).same for name in EXPECTED if name.startswith("customer")] == [()] * 4


def test_the_reference_customer_has_a_name_and_an_address() -> None:
    """As written."""
    (event,) = translated("customer_updated__RechargeSharp-2021-11").events
    assert event.person is not None
    assert (event.person.email, event.person.first_name, event.person.last_name) == (
        "person+e06559c0@example.com",
        "Testname",
        "Testname",
    )


def test_every_reference_body_is_in_the_table() -> None:
    """A new file is read by a person too."""
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(EXPECTED)
