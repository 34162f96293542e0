"""Rule R1: which time a record counts at, and which clock it was read from."""

from datetime import datetime
from typing import NamedTuple

from commerce_sync.contracts.consent import ConsentRecord, ConsentRules


class Moment(NamedTuple):
    """A time that counts. ``clock`` is the source that read it, or None where it is our own receipt."""

    at: datetime
    clock: str | None

    def is_later_than(self, other: "Moment", rules: ConsentRules) -> bool:
        """Whether this is later: exactly on one clock, by more than the skew across clocks (R2). A tie is not."""
        same_clock = self.clock is not None and self.clock == other.clock
        return self.at > other.at if same_clock else self.at - other.at > rules.skew


def moment_of_end(record: ConsentRecord, rules: ConsentRules) -> Moment:
    """When an opt-out or a hold counts: the latest plausible time. Missing, untrusted or future: our receipt."""
    at = record.occurred_at
    if at is None or record.occurred_trust == "untrusted" or at - record.received_at > rules.future_tolerance:
        return Moment(record.received_at, None)
    return Moment(at, record.source)


def moment_of_grant(record: ConsentRecord, rules: ConsentRules) -> Moment | None:
    """When an opt-in counts: its own time, our receipt where that lies too far in the future.

    None where it is missing or not trusted: such an opt-in is weak, and clears nothing.
    """
    if record.occurred_at is None or record.occurred_trust == "untrusted":
        return None
    return moment_of_end(record, rules)


def is_in_future(record: ConsentRecord, rules: ConsentRules) -> bool:
    """Whether its time lies further after its receipt than clocks differ."""
    return record.occurred_at is not None and record.occurred_at - record.received_at > rules.future_tolerance
