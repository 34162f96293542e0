"""The guard before what is sent: what it remembers must not outlive an operator's word."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from commerce_sync.composing.natives import NativeGuard, acknowledge, document_of
from commerce_sync.config.natives import native_apps
from commerce_sync.contracts.event_rules import StoreEvents
from commerce_sync.contracts.natives import Native, Natives
from commerce_sync.delivery.verifying import OURS

from tests.fakes.facts import NOON, placed, refunded, started_checkout

LAST = NOON - timedelta(hours=2)
OF_SHOPIFY = StoreEvents(integration="Shopify")


@dataclass
class Documents:
    """The control table. Counts how often a document was read."""

    kept: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    reads: int = 0

    def read(self, name: str) -> tuple[Mapping[str, Any], int]:
        """A document."""
        self.reads += 1
        return self.kept.get(name, {}), 1

    def change(self, name: str, changed: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Mapping[str, Any]:
        """Write what it becomes."""
        self.kept[name] = changed(self.kept.get(name, {}))
        return self.kept[name]


def guard(documents: Documents, last: Any = LAST, rules: StoreEvents = OF_SHOPIFY) -> NativeGuard:
    """A warm worker's, whose memory does not end. Shopify's app told an order last at ``last``."""
    return NativeGuard(
        control=documents,  # type: ignore[arg-type] # as far as it is used
        rules={("shopify", "us"): rules},
        apps=native_apps(),
        looks={
            "klaviyo": lambda _: (Native(app="Shopify", name="Placed Order", last=last),),
            "hubspot": lambda _: (),
        },
        now=lambda: NOON,
        clock=lambda: 0.0,
    )


def test_a_word_that_was_said_since_lets_go_at_once() -> None:
    """What waited is due at once, and a worker that remembers the time before must not put it off for a day."""
    documents = Documents()
    worker = guard(documents)
    assert worker("klaviyo", placed()).teller == "undecided"
    acknowledge(documents, "klaviyo", "shopify:us", NOON)  # type: ignore[arg-type] # as far as it is used
    assert worker("klaviyo", placed()) == OURS


@pytest.mark.parametrize(
    ("rules", "teller"),
    [
        (OF_SHOPIFY, "undecided"),
        (StoreEvents(integration="Shopify", klaviyo_events={"placed_order": "verify"}), "us"),
        (StoreEvents(integration="Shopify", klaviyo="verify", klaviyo_events={"refunded_order": "deliver"}), "us"),
    ],
)
def test_what_follows_an_order_waits_while_the_app_tells_orders(rules: StoreEvents, teller: str) -> None:
    """A small shop's app has told no refund for months, or never: the next one it tells all the same, beside ours.

    Where orders are the app's by agreement, somebody has decided event by event.
    """
    documents = Documents()
    worker = guard(documents, rules=rules)
    assert worker("klaviyo", refunded()).teller == teller
    acknowledge(documents, "klaviyo", "shopify:us", NOON)  # type: ignore[arg-type] # as far as it is used
    assert worker("klaviyo", refunded()) == OURS


def test_visits_and_checkouts_follow_no_order() -> None:
    """An app's orders say nothing of its script in the pages."""
    assert guard(Documents())("klaviyo", started_checkout()) == OURS


def test_what_is_decided_is_remembered() -> None:
    """The hot path reads no document twice."""
    documents = Documents()
    worker = guard(documents, last=None)
    assert {worker("klaviyo", placed()) for _ in range(5)} == {OURS}
    assert documents.reads == 1


def test_a_look_is_told_what_is_known() -> None:
    """By its id it finds what was renamed since."""
    documents, known = (
        Documents(),
        Natives(looked_at=NOON - timedelta(days=2), found=(Native(app="A", name="B", id="M"),)),
    )
    documents.kept[document_of("klaviyo")] = known.model_dump(mode="json")
    worker, told = guard(documents), list[Natives]()

    def look(natives: Natives) -> tuple[Native, ...]:
        told.append(natives)
        return ()

    worker.looks = {"klaviyo": look, "hubspot": look}
    worker("klaviyo", placed())
    assert told == [known]
