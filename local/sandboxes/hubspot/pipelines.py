"""The pipelines of orders, deals and tickets, with their stages' internal ids."""

from typing import Any

PIPELINES: dict[str, dict[str, Any]] = {
    "orders": {
        "id": "14a2e10e-5471-408a-906e-c51f3b04369e",
        "label": "Order Pipeline",
        "stages": {
            "4b27b500-f031-4927-9811-68a0b525cbae": ("Open", {"state": "OPEN"}),
            "937ea84d-0a4f-4dcf-9028-3f9c2aafbf03": ("Processed", {"state": "OPEN"}),
            "aa99e8d0-c1d5-4071-b915-d240bbb1aed9": ("Shipped", {"state": "CLOSED"}),
            "3c85a297-e9ce-400b-b42e-9f16853d69d6": ("Cancelled", {"state": "CLOSED"}),
        },
    },
    "deals": {
        "id": "default",
        "label": "Sales Pipeline",
        "stages": {
            "appointmentscheduled": ("Appointment scheduled", {"isClosed": "false", "probability": "0.2"}),
            "contractsent": ("Contract sent", {"isClosed": "false", "probability": "0.9"}),
            "closedwon": ("Closed won", {"isClosed": "true", "probability": "1.0"}),
            "closedlost": ("Closed lost", {"isClosed": "true", "probability": "0.0"}),
        },
    },
    "tickets": {
        "id": "0",
        "label": "Support Pipeline",
        "stages": {
            "1": ("New", {"ticketState": "OPEN", "isClosed": "false"}),
            "2": ("Waiting on contact", {"ticketState": "OPEN", "isClosed": "false"}),
            "4": ("Closed", {"ticketState": "CLOSED", "isClosed": "true"}),
        },
    },
}


def pipeline_ids(object_type: str) -> list[str]:
    """The pipelines of an object type."""
    return [PIPELINES[object_type]["id"]]


def stage_ids(object_type: str) -> list[str]:
    """The stages of an object type."""
    return list(PIPELINES[object_type]["stages"])


def pipelines_payload(object_type: str) -> list[dict[str, Any]]:
    """As the pipelines API shows them; other types have none."""
    pipeline = PIPELINES.get(object_type)
    if pipeline is None:
        return []
    stages = [
        {"id": stage, "label": label, "displayOrder": order, "archived": False, "metadata": metadata}
        for order, (stage, (label, metadata)) in enumerate(pipeline["stages"].items())
    ]
    shown = {"id": pipeline["id"], "label": pipeline["label"], "displayOrder": 0, "archived": False}
    return [{**shown, "stages": stages}]
