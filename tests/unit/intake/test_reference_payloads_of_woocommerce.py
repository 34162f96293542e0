"""Documentation bodies of WooCommerce and its Subscriptions, with what each proves as read from it by hand.

The bodies are reference data that stands beside this project; where it is absent these tests are skipped. Rows of REST
objects use the topic whose webhook carries that object.
"""

import json
import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from commerce_sync.contracts.store import OptInMeta
from commerce_sync.intake import Translation, screen, translate

from tests.unit.intake.bodies import RECEIVED, assert_holds_contracts
from tests.unit.intake.store_bodies import UK

ROOT = Path(__file__).parents[3]
FOLDER = (ROOT / os.environ.get("REFERENCE_DATA", "../shared") / "payloads" / "woocommerce").resolve()

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="reference data is absent: set REFERENCE_DATA to its folder"
)


class Proof(NamedTuple):
    """One event of a body: its id after the store, its time (UTC) and its value in US dollars."""

    subject: str
    at: str
    value: str | None = None


DOCUMENTED = [
    Proof("727:placed_order", "2017-03-22T19:28:02", "29.35"),
    Proof("727:ordered_product:315", "2017-03-22T19:28:02", "6.00"),
    Proof("727:ordered_product:316", "2017-03-22T19:28:02", "12.00"),
]
COMPLETED = [*DOCUMENTED, Proof("727:fulfilled_order", "2017-03-22T19:30:35", "29.35")]
REFUNDED = [
    Proof("723:placed_order", "2017-03-21T19:16:00", "39.00"),
    Proof("723:ordered_product:311", "2017-03-21T19:16:00", "9.00"),
    Proof("723:ordered_product:313", "2017-03-21T19:16:00", "20.00"),
    Proof("723:fulfilled_order", "2017-03-21T19:54:51", "39.00"),
    Proof("723:refunded_order:726", "2017-03-21T19:54:51", "10.00"),
    Proof("723:refunded_order:724", "2017-03-21T19:54:51", "9.00"),
]
WEEKLY = [
    Proof("1274:placed_order", "2021-04-19T07:20:56", "26.09"),
    Proof("1274:ordered_product:1605", "2021-04-19T07:20:56", "23.72"),
]
ON_HOLD = [
    Proof("1246:subscription_started", "2021-04-23T07:49:23", "23.13"),
    Proof("1246:subscription_paused:1618545291000", "2021-04-23T07:49:23", "23.13"),
]
UNUSED, PENDING = ("topic_not_used", ""), ("incomplete_order", "status")

#: file -> topic, and the events that it proves or the code and path of its one rejection.
EXPECTED: dict[str, tuple[str, list[Proof] | tuple[str, str]]] = {
    "customer__woodocs-wp-api-v3": (
        "customer.created",
        [Proof("25:profile_updated:1490123370000", "2017-03-21T19:09:30")],
    ),
    "customer__woodocs-wp-api-v3-2": (
        "customer.updated",
        [Proof("26:profile_updated:1490123476000", "2017-03-21T19:11:16")],
    ),
    "customer__woodocs-wp-api-v3-3": (
        "customer.updated",
        [Proof("25:profile_updated:1490123548000", "2017-03-21T19:12:28")],
    ),
    "order__woodocs-wp-api-v2": ("order.created", DOCUMENTED),
    "order__woodocs-wp-api-v2-4": ("order.updated", COMPLETED),
    "order__woodocs-wp-api-v3-3": ("order.updated", REFUNDED),
    "order__woodocs-wp-api-v3-4": ("order.restored", COMPLETED),
    "order_refund__woodocs-wp-api-v2-2": ("action.woocommerce_refund", UNUSED),
    "order_refund__woodocs-wp-api-v2-3": ("action.woocommerce_refund", UNUSED),
    "subscription__woosubsdocs-11": (
        "subscription.updated",
        [Proof("1347:subscription_started", "2021-04-29T04:48:33", "28.70")],
    ),
    "subscription__woosubsdocs-2": (
        "subscription.created",
        [Proof("1300:subscription_started", "2021-04-22T10:44:41", "32.65")],
    ),
    "subscription__woosubsdocs-4": ("subscription.created", PENDING),
    "subscription__woosubsdocs-6": ("subscription.updated", ON_HOLD),
    "subscription__woosubsdocs-7": ("subscription.updated", PENDING),
    "subscription_order__woosubsdocs": ("order.created", WEEKLY),
    "webhook_object__woodocs-wp-api-v2-5": ("action.webhook", UNUSED),
    "webhook_object__woodocs-wp-api-v2-6": ("action.webhook", UNUSED),
    "webhook_object__woodocs-wp-api-v3-2": ("action.webhook", UNUSED),
    "webhook_object__woodocs-wp-api-v3-4": ("action.webhook", UNUSED),
}

#: file -> whom it names: email, phone, customer id, first name. Customer 0 is a guest.
PEOPLE: dict[str, tuple[str, str, str | None, str]] = {
    "customer__woodocs-wp-api-v3": ("john.doe@example.com", "(555) 555-5555", "25", "John"),
    "order__woodocs-wp-api-v3-3": ("joao.silva@example.com", "(11) 1111-1111", "26", "\u0141ukasz"),
    "order__woodocs-wp-api-v3-4": ("john.doe@example.com", "(555) 555-5555", None, "John"),
    "subscription__woosubsdocs-6": ("john@example.com", "0000000000", "1", "John"),
    "subscription__woosubsdocs-4": ("john.doe@example.com", "(555) 555-5555", "1", "John"),
}


def payload(name: str) -> Any:
    """What the store sends: the file without its provenance."""
    return json.loads((FOLDER / f"{name}.json").read_text())["payload"]


def translated(name: str, **hydrated: object) -> Translation:
    """A screened body, translated; its events hold their contract."""
    raw = json.dumps(payload(name), separators=(",", ":")).encode()
    assert screen(raw) is None
    translation = translate("woocommerce", EXPECTED[name][0], UK, raw, {}, hydrated or None, RECEIVED)
    assert_holds_contracts(translation)
    return translation


def proofs(translation: Translation) -> list[Proof]:
    """The events in the words of the table."""
    return [
        Proof(
            event.event_id.removeprefix("woocommerce:uk:"),
            event.occurred_at.astimezone(UTC).replace(tzinfo=None).isoformat(),
            None if event.value is None else str(event.value),
        )
        for event in translation.events
    ]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_reference_body_proves_what_a_person_reads_in_it(name: str) -> None:
    """Its events with their ids, times and values, or the one reason why there are none. None speaks of consent."""
    translation, expected = translated(name), EXPECTED[name][1]

    assert translation.consent == ()
    if isinstance(expected, list):
        assert proofs(translation) == expected
        assert translation.rejections == ()
        assert {event.currency for event in translation.events} <= {"USD", None}
        assert all(event.imbalance is None for event in translation.events)
    else:
        assert translation.events == ()
        assert [(rejection.code, rejection.path) for rejection in translation.rejections] == [expected]


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_a_reference_body_names_its_people(name: str) -> None:
    """In its events, or beside them, so that an erasure finds it in the archive."""
    translation = translated(name)
    people = {event.person for event in translation.events} | set(translation.people)

    assert [(one.email, one.phone, one.customer_id, one.first_name) for one in people if one] == [PEOPLE[name]]


def test_a_reference_order_with_refunds_takes_their_times_from_the_rest_api() -> None:
    """Both came after the order's last change, as the documentation has them."""
    refunds = [payload("order_refund__woodocs-wp-api-v2-2"), payload("order_refund__woodocs-wp-api-v2-3")]
    events = translated("order__woodocs-wp-api-v3-3", refunds=refunds).events
    told = {event.refund.refund_id: event for event in events if event.refund}

    assert told["726"].occurred_at == datetime(2017, 3, 21, 20, 7, 11, tzinfo=UTC)
    assert told["724"].occurred_at == datetime(2017, 3, 21, 19, 55, 37, tzinfo=UTC)
    assert {one.refund.amount for one in told.values() if one.refund} == {Decimal("10.00"), Decimal("9.00")}
    assert all(one.properties == {} for one in told.values())


def test_a_price_of_a_reference_body_is_what_its_lines_cost() -> None:
    """Three weeklies for 23.72 cost 7.906666..., not the 7.905138333333333 of ``price``."""
    (line,) = translated("subscription_order__woosubsdocs").events[1].line_items

    assert line.quantity == 3
    assert (line.unit_price * 3).quantize(Decimal("0.01")) == Decimal("23.72")


def test_a_reference_subscription_tells_its_terms() -> None:
    """Each week, next on the 29th, with a fee of ten; a coupon's code where there was one."""
    (started,) = translated("subscription__woosubsdocs-2").events
    terms = {name: started.properties[name] for name in ("billing_period", "billing_interval", "next_payment_at")}

    assert terms == {"billing_period": "week", "billing_interval": "1", "next_payment_at": "2021-04-29T10:44:41+00:00"}
    assert (started.properties["fees"], started.properties["parent_order_id"]) == ("10.00", "1299")
    assert translated("subscription__woosubsdocs-6").events[1].properties["coupon"] == "13%off"


def test_a_field_of_a_reference_order_counts_as_an_opt_in_once_it_is_configured() -> None:
    """As documented it holds ``_download_permissions_granted: yes``, placed at 19:16 UTC."""
    shop = UK.model_copy(update={"opt_in_meta": OptInMeta(email=("_download_permissions_granted",))})
    body = json.dumps(payload("order__woodocs-wp-api-v3-3")).encode()
    (said,) = translate("woocommerce", "order.created", shop, body).consent

    assert (said.statement_id, said.address, said.country) == ("order:723:email", "joao.silva@example.com", "BR")
    assert said.occurred_at == datetime(2017, 3, 21, 19, 16, tzinfo=UTC)


def test_every_reference_body_is_in_the_table() -> None:
    """A new file is read by a person too."""
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(EXPECTED)
