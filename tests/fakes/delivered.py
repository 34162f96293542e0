"""Pushes deliveries all the way through the bundle in process, and looks at its promises."""

import json
from typing import Any

from commerce_sync.delivery.promises import TOTALS_ROW

from local.in_process import InProcessBundle
from local.sample_day.deliveries import Delivery
from local.sandboxes.base import Fault
from tests.fakes import bundle as b


def command(bundle: InProcessBundle, name: str, **arguments: Any) -> dict[str, Any]:
    """One command of operations. A set-up is not counted: its many calls would wait for their budget, as in earnest."""
    with bundle.function("operations", {"BUDGET_TABLE": ""} if name == "setup" else {}) as operations:
        answer = operations.handler({"command": name, "arguments": arguments}, None)
    assert answer["ok"], answer
    result: dict[str, Any] = answer["result"]
    return result


def deliver(bundle: InProcessBundle, *deliveries: Delivery) -> list[str]:
    """Deliveries all the way; returns the messages that event_delivery took."""
    for delivery in deliveries:
        assert b.post(bundle, b.api_event(delivery))["statusCode"] == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    messages = b.waiting(bundle, "EventsQueue")
    assert b.consume(bundle, "event_delivery", messages) == []
    return messages


def dispatch(bundle: InProcessBundle) -> list[str]:
    """One round of the dispatcher; returns what it sent to event_delivery."""
    with bundle.function("due_dispatch") as module:
        module.handler({}, None)
    return b.waiting(bundle, "EventsQueue")


def end_pauses(bundle: InProcessBundle) -> None:
    """Let every wait that a vendor asked for be over."""
    for item in b.items(bundle, "BudgetTable"):
        b.aws_client("dynamodb").delete_item(TableName=bundle.names["BudgetTable"], Key={"name": item["name"]})


def make_due(bundle: InProcessBundle) -> None:
    """Let every wait be over, those that vendors asked for too."""
    end_pauses(bundle)
    table, client = bundle.names["OrderBookTable"], b.aws_client("dynamodb")
    for item in b.items(bundle, "OrderBookTable"):
        if "due_at" in item and item["status"]["S"] in {"pending", "waiting"}:
            key = {"subject": item["subject"], "row": item["row"]}
            values = {":past": {"S": "2000-01-01T00:00:00.000000Z"}}
            client.update_item(
                TableName=table, Key=key, UpdateExpression="SET due_at = :past", ExpressionAttributeValues=values
            )


def statuses(bundle: InProcessBundle) -> set[str]:
    """The statuses of all promises but the later looks at what a buyer's orders come to."""
    items = (item for item in b.items(bundle, "OrderBookTable") if item["row"]["S"] != TOTALS_ROW)
    return {item["status"]["S"] for item in items if "status" in item}


def changes_delivery(changes: list[dict[str, Any]]) -> Delivery:
    """A batch of HubSpot's webhook events."""
    return Delivery("hubspot", "main", "events", as_json(changes), "")


def contact_change(contact_id: str) -> dict[str, Any]:
    """One changed property of a contact, as HubSpot tells it."""
    return {
        "eventId": 1,
        "subscriptionId": 77,
        "portalId": 4242,
        "appId": 9001,
        "occurredAt": 1795262400000,
        "subscriptionType": "contact.propertyChange",
        "attemptNumber": 0,
        "objectId": int(contact_id),
        "propertyName": "lifecyclestage",
        "propertyValue": "customer",
        "changeSource": "CRM_UI",
        "sourceId": "userId:12",
    }


def add_fault(sandbox: Any, fault: dict[str, Any]) -> None:
    """Script a misbehaviour of a sandbox."""
    sandbox.faults.append(Fault(**fault))


def as_json(body: Any) -> bytes:
    """A body's bytes."""
    return json.dumps(body).encode()
