"""The rules once more, slowly, from the facts' text alone: what the shipped fold must answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from commerce_sync.contracts.consent import ConsentRecord as Record

FIVE_MINUTES = timedelta(minutes=5)
CONFIRMED_BY_SMS = ("checkout", "shared", "paid_lead", "co_registration")


def counted(said: Record) -> tuple[datetime, object]:  # R1: when, and by whose clock; our own never equals another
    wild = (
        said.occurred_trust == "untrusted" or (said.occurred_at or said.received_at) > said.received_at + FIVE_MINUTES
    )
    return (said.received_at, object()) if wild or not said.occurred_at else (said.occurred_at, said.source)


def later(one: Record, other: Record) -> bool:  # R2: exactly on one clock, by more than the skew across clocks
    (first, its_clock), (second, other_clock) = counted(one), counted(other)
    return first - second > (timedelta(0) if its_clock == other_clock else FIVE_MINUTES)


def valid(records: Sequence[Record]) -> list[Record]:  # R10: two people, never a person's own act
    agreed = [r for r in records if r.action == "correction" and len(set(r.evidence.get("approved_by", ()))) > 1]
    gone = {str(name) for r in agreed for name in r.evidence.get("voids", ())}
    return [r for r in records if r.record_id not in gone or r.actor != "system" or r.action == "correction"]


def unproven(said: Record) -> bool:  # section 10: what must be confirmed before it counts
    methods, countries = (CONFIRMED_BY_SMS, ()) if said.channel == "sms" else (CONFIRMED_BY_SMS[2:], ("DE", "AT"))
    return said.strength != "verified_in" and (said.method in methods or said.country in countries)


def expected(records: Sequence[Record], sender: str) -> str:
    stop = ("sms", "withdraw", "hard_out")  # R5
    mine = [r for r in valid(records) if r.sender in (sender, "*") or (r.channel, r.action, r.strength) == stop]
    outs = [r for r in mine if r.action == "withdraw" or (r.action == "review" and r.strength.endswith("_out"))]
    given = [r for r in mine if r.action == "grant" and r.strength in ("verified_in", "strong_in")]
    asked = [r for r in given if r.occurred_at and r.occurred_trust != "untrusted"]

    def forgiven(out: Record, by: list[Record]) -> bool:
        return any(later(r, out) and (out.strength != "hard_out" or r.strength == "verified_in") for r in by)

    if not all(forgiven(out, asked) for out in outs):
        return "out"
    reviewed = [name for r in mine if r.action == "review" for name in r.evidence["decides"]]
    if any(r.action == "hold" and r.record_id not in reviewed for r in mine):
        return "hold"
    proven = [r for r in asked if not unproven(r)]
    if proven and all(forgiven(out, proven) for out in outs):
        return "in"
    return "pending" if asked else "weak" if {r.action for r in mine} & {"grant"} else "none"
