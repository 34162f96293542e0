"""Every full body of the reference data goes through intake and identity, and ends as messages or with a reason."""

import csv
import json
import os
from pathlib import Path

import pytest

from local.in_process import InProcessBundle
from local.places import ROOT
from local.sample_day.deliveries import Delivery
from tests.fakes import bundle as b

pytestmark = pytest.mark.long

REFERENCE = Path(os.environ.get("REFERENCE_DATA", ROOT.parent / "shared")) / "payloads"
NEAREST = {
    "carts": "carts/create",
    "checkouts": "checkouts/create",
    "customers": "customers/create",
    "fulfillments": "fulfillments/create",
    "fulfillment_events": "fulfillment_events/create",
    "orders": "orders/create",
    "refunds": "refunds/create",
    "customer": "customer.updated",
    "order": "order.updated",
    "subscription": "subscription.updated",
    "subscription_order": "order.created",
}
STORES = {"shopify": ("us", "X-Shopify-Topic", 69), "woocommerce": ("uk", "X-WC-Webhook-Topic", 19)}
"""Source -> its store, the header that names a topic, and how many bodies there are."""


def reference_deliveries(source: str) -> list[tuple[str, Delivery]]:
    """Each file as its webhook."""
    with (REFERENCE / "index.tsv").open() as index:
        rows = [row for row in csv.DictReader(index, delimiter="\t") if row["platform"] == source]
    return [(row["file"], _delivery(source, row["file"], row["topic"])) for row in rows]


def _delivery(source: str, file: str, topic: str) -> Delivery:
    (store, header, _), topic = STORES[source], NEAREST.get(topic, topic)
    body = json.dumps(json.loads((REFERENCE / file).read_text())["payload"]).encode()
    return Delivery(source, store, topic, body, file, headers={header: topic})


@pytest.mark.skipif(not REFERENCE.exists(), reason=f"the reference data is not at {REFERENCE}")
@pytest.mark.parametrize("source", sorted(STORES))
def test_every_reference_body_ends_as_messages_or_with_a_reason(source: str) -> None:
    """Events or a privacy request. None comes back, none ends in silence, and each rejection says what to do."""
    known = reference_deliveries(source)
    assert len(known) >= STORES[source][-1]
    silent = []
    with b.ready_bundle() as bundle:
        seen: set[tuple[str, str]] = set()
        for file, delivery in known:
            assert b.post(bundle, b.api_event(delivery))["statusCode"] == 200, file
            messages = b.waiting(bundle, "InboundQueue") + b.waiting(bundle, "ConsentInboundQueue")
            assert b.consume(bundle, "identity_normalization", messages) == [], file
            passed_on = [body for queue in _next_queues(bundle) for body in b.waiting(bundle, queue)]
            kept = [item for item in b.items(bundle, "QuarantineTable") if _key(item) not in seen]
            seen |= {_key(item) for item in kept}
            assert all(item["advice"]["S"] for item in kept), file
            if not passed_on and not kept:
                silent.append(file)
    assert silent == [], "the same body under one topic is one envelope, so only exact repeats may be silent"


def _next_queues(bundle: InProcessBundle) -> list[str]:
    """Every queue that something is passed on to."""
    return [name for name in bundle.names if name.endswith("Queue") and not name.endswith("InboundQueue")]


def _key(item: dict[str, dict[str, str]]) -> tuple[str, str]:
    return item["envelope_id"]["S"], item["place"]["S"]
