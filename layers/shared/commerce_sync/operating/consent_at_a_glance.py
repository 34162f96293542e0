"""What ``status`` says of consent."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from commerce_sync.contracts.consent_book import RowStatus, Waits
from commerce_sync.operating.consent_needs import Documents, Rows, Waiters
from commerce_sync.operating.consent_releasing import Gate

WAITS: tuple[Waits, ...] = ("hold", "conflict", "pending")
ROWS: Mapping[str, RowStatus] = {"open": "pending", "observed": "observed", "braked": "braked", "parked": "parked"}
UNUSABLE = "unusable#"


def consent_at_a_glance(
    waiters: Waiters, rows: Rows, documents: Documents, gate: Gate, missing: Callable[[], str | None]
) -> dict[str, Any]:
    """Modes, the stop, the baseline, who waits, the outbox by status, sealed records.

    And the opt-outs that polling found and that name nobody, by source.
    """
    checkpoints, _ = documents.read("checkpoints")
    return {
        "modes": gate.modes(),
        "stopped_since": gate.stopped().get("stopped_at"),
        "baseline": missing() or "complete",
        "waiting": {why: waiters.count(why) for why in WAITS},
        "outbox": {name: rows.count(status) for name, status in ROWS.items()},
        "parked": Counter(row.reason or "" for row in rows.waiting("parked")),
        "sealed_records": checkpoints.get("total", 0),
        "unusable": {name.removeprefix(UNUSABLE): document for name, document in documents.named(UNUSABLE)},
    }
