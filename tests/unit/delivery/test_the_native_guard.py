"""The guard before what is sent: what it remembers must not outlive an operator's word."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from commerce_sync.composing.natives import NativeGuard, acknowledge
from commerce_sync.config.natives import native_apps
from commerce_sync.contracts.event_rules import StoreEvents
from commerce_sync.contracts.natives import Native
from commerce_sync.delivery.verifying import OURS

from tests.fakes.facts import NOON, placed

LAST = NOON - timedelta(hours=2)


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


def guard(documents: Documents, last: Any = LAST) -> NativeGuard:
    """A warm worker's, whose memory does not end. Shopify's app told an order last at ``last``."""
    return NativeGuard(
        control=documents,  # type: ignore[arg-type] # as far as it is used
        rules={("shopify", "us"): StoreEvents(integration="Shopify")},
        apps=native_apps(),
        looks={"klaviyo": lambda: (Native(app="Shopify", name="Placed Order", last=last),), "hubspot": tuple},
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


def test_what_is_decided_is_remembered() -> None:
    """The hot path reads no document twice."""
    documents = Documents()
    worker = guard(documents, last=None)
    assert {worker("klaviyo", placed()) for _ in range(5)} == {OURS}
    assert documents.reads == 1
