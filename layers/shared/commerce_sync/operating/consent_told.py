"""Records and rows as an operator is shown them: without what names a person, unless that is asked for."""

from datetime import datetime
from typing import Any

from commerce_sync.contracts.consent import CLEAR, ConsentRecord
from commerce_sync.contracts.consent_book import ConsentPromise

FIELDS = (
    *("record_id", "action", "strength", "purpose", "sender", "source", "method", "actor", "country"),
    *("occurred_at", "occurred_trust", "received_at", "expires_rule", "decision_before", "decision_after"),
)
HIDDEN = "***"


def record_told(record: ConsentRecord, *, plainly: bool) -> dict[str, Any]:
    """A record. Of its evidence only what names nobody can be read; that there is more is shown."""
    values = record.model_dump(mode="json", exclude_none=True)
    told = {name: values[name] for name in FIELDS if values.get(name) not in (None, "")}
    evidence = {name: one if plainly or name in CLEAR else HIDDEN for name, one in values["evidence"].items()}
    events = {name: values[name] if plainly else HIDDEN for name in ("source_event_id", "delivery_id") if values[name]}
    return {**told, **events, **({"evidence": evidence} if evidence else {})}


def row_told(row: ConsentPromise) -> dict[str, Any]:
    """A destination of an address: what became of telling it, and what was read back."""
    last = row.told[-1] if row.told else None
    was_told = row.status in {"verifying", "settled"} and last is not None and last.wanted == row.wanted
    told: dict[str, Any] = {
        "destination": row.row,
        "status": row.status,
        "takes_back": row.urgent,
        "told_at": last.at.isoformat() if last and was_told else None,
        "told": last.direction if last and was_told else None,
        "verified": row.checks,
        "attempts": row.attempts,
        "due_at": text_of(row.due_at),
        "waits_because": row.reason,
        "seq": row.seq,
    }
    return {**{name: value for name, value in told.items() if value is not None}, "says": _says(row, told=was_told)}


def text_of(at: datetime | None) -> str | None:
    """A time as text."""
    return at.isoformat() if at else None


def _says(row: ConsentPromise, *, told: bool) -> str:
    """The row's status in words."""
    if row.status == "verifying":
        return f"told; read back {row.checks} times as it shall be, and to be read back again"
    if row.status == "settled":
        return f"told, and read back {row.checks} times as it shall be" if told else "shows it without being told"
    return {
        "pending": "to be told: it waits for its time, its next try or the end of the settle window",
        "observed": "written down, not told: its mode or the baseline does not allow it",
        "braked": "held up by the brake on bulk changes: operations brake",
        "parked": "refused for good or tried too often: mend the reason, then operations release",
        "skipped": "there is nothing to tell",
    }[row.status]
