"""Sample rows of advanced properties about invented people, for ``events/``."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from local.consent_samples import Write
from local.sample_day.people import Someone

WriteDelivery = Callable[[str, str, str, str, Any], None]
"""Writes a delivery: its name, source, store, topic and body."""


def observed_rows(person: Someone, at: datetime) -> dict[str, list[dict[str, Any]]]:
    """What two owners send, one of them a row that is wrong too."""
    observed_at = at.isoformat()

    def row(name: str, value: Any, **who: Any) -> dict[str, Any]:
        return {**(who or {"email": person.email}), "property": name, "value": value, "observed_at": observed_at}

    customer = {"customer_id": 820982911946154508, "store": "shopify:us"}
    warehouse = [
        row("loyalty_tier", "gold"),
        row("predicted_replenishment_date", "2026-12-24"),
        row("margin_band", "high", **customer),
    ]
    helpdesk = [
        row("support_risk_score", 0.35),
        row("support_suppression", value=True),
        row("support_risk_score", "rather high"),
    ]
    return {"warehouse": warehouse, "helpdesk": helpdesk}


def write_property_samples(write: Write, write_delivery: WriteDelivery, person: Someone, at: datetime) -> None:
    """Both owners' rows, and a file that an operator imports."""
    for owner, rows in observed_rows(person, at).items():
        write_delivery(f"properties_{owner}", "properties", owner, "", rows)
    table = f"email,property,value,observed_at\n{person.email},loyalty_tier,gold,{at.isoformat()}\n"
    arguments = {"owner": "warehouse", "csv": table, "dry_run": True}
    write("operations/import_properties", {"command": "import_properties", "arguments": arguments})
