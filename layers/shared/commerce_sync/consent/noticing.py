"""An opt-out that a destination shows and that the ledger did not know: as a record like any other."""

from datetime import datetime

from commerce_sync.consent.identifying import record_id_of
from commerce_sync.contracts.consent import Address, ConsentRecord
from commerce_sync.contracts.consent_ledger import of_one_address


def noticed(place: str, address: Address, purpose: str, at: datetime | None, now: datetime) -> ConsentRecord:
    """The record of it, dated as the destination dates it. Noticing it again makes the same record.

    By phone it may have been STOP, so it is hard.
    """
    channel, _ = address
    shown_at = (at or now).isoformat()
    return ConsentRecord(
        record_id=of_one_address(record_id_of("main", place, "shown", channel, purpose, shown_at)),
        address_key="-",
        channel=channel,
        purpose=purpose,
        sender="*",
        action="withdraw",
        strength="hard_out" if channel == "sms" else "pref_out",
        occurred_at=at,
        received_at=now,
        source=place,
        method="profile_state",
        source_event_id=f"shown:{shown_at}",
        evidence={"found": "at the destination, before an opt-in was told there"},
    )
