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
    OwnRate,
    Person,
    Refund,
    parse_event_message,
)
from commerce_sync.contracts.identity import PrivacyRequest, SamePerson
from commerce_sync.contracts.order_book import OPEN, BookedOrder, Page, Plan, Promise, Status
from commerce_sync.contracts.store import Store

__all__ = [
    "OPEN",
    "BookedOrder",
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
    "OwnRate",
    "Page",
    "Person",
    "Plan",
    "PrivacyRequest",
    "Promise",
    "Refund",
    "SamePerson",
    "Status",
    "Store",
    "parse_event_message",
]
