"""Contracts: one module per queue, versioned, the only place where slices meet."""

from commerce_sync.contracts.base import Contract, Message
from commerce_sync.contracts.envelope import Envelope
from commerce_sync.contracts.events import (
    CanonicalEvent,
    DeliveredFacts,
    DueRow,
    DueWork,
    EventName,
    LineItem,
    OrderState,
    Person,
    Refund,
)
from commerce_sync.contracts.store import Store

__all__ = [
    "CanonicalEvent",
    "Contract",
    "DeliveredFacts",
    "DueRow",
    "DueWork",
    "Envelope",
    "EventName",
    "LineItem",
    "Message",
    "OrderState",
    "Person",
    "Refund",
    "Store",
]
