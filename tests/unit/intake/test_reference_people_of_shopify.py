"""Whom Shopify's reference bodies are about, and what they say of consent, privacy and people who are one.

Written down from the bodies. Whoever is named has to be found, also where a body gives no event: an erasure
looks there.
"""

import pytest

from tests.unit.intake.bodies import RECEIVED
from tests.unit.intake.reference import needs_reference_data
from tests.unit.intake.test_reference_payloads import EXPECTED, payload, translated

pytestmark = needs_reference_data

Named = tuple[str | None, str | None, str | None]

AFB: list[Named] = [
    ("afb@example.com", None, None),
    ("lhdq@example.com", None, "706405506930370000"),
    (None, "555-555-BILL", None),
]
OAN = "oan.reketl@example.com"
BOB, JOHN, TESTER = "bob.norman@mail.example.com", "john@example.com", "eallam@example.com"
BUYER, PAYER = "207119551", "555-555-0185"

#: file without events -> whom it names: email, phone, customer's id. Parcels' addresses are the recipients', who may be
#: others; all other files without events name nobody.
ABOUT: dict[str, list[Named]] = {
    "app_uninstalled__shopifydocs-2026-04": [("hpeqn@example.com", "3215550102", None)],
    "checkouts__gadget-exemplar-2024-04-2": [(TESTER, None, None), (TESTER, None, "123")],
    "customers_data_request__shopifydocs-2026-04": [(JOHN, PAYER, "191167")],
    "customers_delete__shopifydocs-2026-04": [(None, None, "706405506930370000")],
    "customers_email_marketing_consent__gadget-exemplar-2025-04-1": [(TESTER, None, "123")],
    "customers_email_marketing_consent_update__shopifydocs-2026-04": [("vbe@example.com", None, "706405506930370000")],
    "customers_marketing_consent__gadget-exemplar-2025-04-1": [(None, "example string", "123")],
    "customers_marketing_consent_update__shopifydocs-2026-04": [(None, None, "706405506930370000")],
    "customers_merge__shopifydocs-2026-04": [(None, None, "1"), (None, None, "2")],
    "customers_redact__shopifydocs-2026-04": [(JOHN, PAYER, "191167")],
    "draft_orders__go-shopify": [(OAN, None, None), (OAN, None, BUYER), (None, PAYER, None)],
    "draft_orders__shopify-api-ruby-2026_07-11": [
        (BOB, None, None),
        (BOB, "+16135550142", BUYER),
        (None, "+1(502)-555-0145", None),
    ],
    "draft_orders_create__shopifydocs-2026-04": AFB,
    "draft_orders_update__shopifydocs-2026-04": AFB,
    "fulfillments_create__shopifydocs-2026-04": [("jon@example.com", None, None)],
    "fulfillments_update__shopifydocs-2024-10": [("jon@example.com", None, None)],
    "orders__go-shopify": [AFB[0], ("lhdq@example.com", None, None), AFB[2]],
    "orders__go-shopify-2": [AFB[0], ("lhdq@example.com", None, None), AFB[2]],
    "orders__shopify_python_api-2": [(OAN, "+557005550132", None), (OAN, "+16135550142", BUYER), (None, PAYER, None)],
    "orders_create__shopifydocs-2026-04": [
        ("jon@example.com", None, None),
        (JOHN, None, "115310627314723950"),
        (None, "555-555-SHIP", None),
    ],
    "subscription_contracts__gadget-exemplar-2025-04-1": [(None, None, "123")],
    "subscription_contracts_update__shopifydocs-2026-04": [(None, None, "1")],
}
WITHOUT_EVENTS = sorted(name for name, (_, events) in EXPECTED.items() if not (isinstance(events, list) and events))


@pytest.mark.parametrize("name", WITHOUT_EVENTS)
def test_a_reference_body_without_events_says_whom_it_is_about(name: str) -> None:
    """So that an erasure finds it in the archive."""
    people = translated(EXPECTED[name][0], payload(name)).people
    assert [(person.email, person.phone, person.customer_id) for person in people] == ABOUT.get(name, [])


@pytest.mark.parametrize(
    ("name", "kind", "request_id", "orders"),
    [
        (
            "customers_redact__shopifydocs-2026-04",
            "erase",
            "shopify:shop:erase:191167:98368c8dcc0d92b864a486a5c4e1c6c8",
            ("299938", "280263", "220458"),
        ),
        (
            "customers_data_request__shopifydocs-2026-04",
            "access",
            "shopify:shop:access:9999",
            ("299938", "280263", "220458"),
        ),
        ("shop_redact__shopifydocs-2026-04", "erase_store", "shopify:shop:erase_store", ()),
    ],
)
def test_a_reference_privacy_body_is_a_request(name: str, kind: str, request_id: str, orders: tuple[str, ...]) -> None:
    """With its orders, and an id of what it is about."""
    (request,) = translated(EXPECTED[name][0], payload(name)).privacy
    assert (request.kind, request.request_id, request.orders) == (kind, request_id, orders)
    assert request.requested_at == RECEIVED


def test_the_reference_merge_joins_two_customers_once_it_is_completed() -> None:
    """As documented it failed, and joins nobody."""
    body = payload("customers_merge__shopifydocs-2026-04")
    assert translated("customers/merge", body).same == ()
    (said,) = translated("customers/merge", body | {"status": "completed", "errors": []}).same
    assert (said.records, said.said_by, said.stated_at) == (("1", "2"), "store_merge", RECEIVED)


#: file -> what it says of consent: channel, address, action, strength, when.
CONSENT: dict[str, list[tuple[str, str, str, str, str | None]]] = {
    "customers_email_marketing_consent__gadget-exemplar-2025-04-1": [
        ("email", "eallam@example.com", "hold", "info", "2019-01-01T00:00:00+00:00")
    ],
    "customers_email_marketing_consent_update__shopifydocs-2026-04": [
        ("email", "vbe@example.com", "info", "info", None)
    ],
    "customers_marketing_consent__gadget-exemplar-2025-04-1": [
        ("sms", "example string", "hold", "info", "2019-01-01T00:00:00+00:00")
    ],
    "customers_marketing_consent_update__shopifydocs-2026-04": [],
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_reference_body_says_of_consent_what_a_person_reads_in_it(name: str) -> None:
    """Two of the four consent bodies hold no state that there is: they are held. Nothing else says anything."""
    translation = translated(EXPECTED[name][0], payload(name))
    said = [
        (one.channel, one.address, one.action, one.strength, one.occurred_at and one.occurred_at.isoformat())
        for one in translation.consent
    ]
    assert said == CONSENT.get(name, [])


def test_a_reference_order_with_a_ticked_box_is_an_opt_in_once_it_is_no_test() -> None:
    """As documented it is a test order."""
    body = payload("orders_create__shopifydocs-2026-04")
    assert body["buyer_accepts_marketing"] is True
    (said,) = translated("orders/create", body | {"test": False}).consent
    assert (said.channel, said.address, said.action, said.strength) == ("email", body["email"], "grant", "strong_in")
    assert said.statement_id == f"buyer_accepts_marketing:order%3A{body['id']}:email"
