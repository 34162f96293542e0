"""The rules once more, slowly, from the facts' text alone: what the shipped fold must answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from commerce_sync.contracts.consent import ConsentRecord as Record

NOTHING, SKEW = timedelta(0), timedelta(minutes=5)
UNPROVEN = {"sms": ("checkout", "shared", "paid_lead", "co_registration"), "email": ("paid_lead", "co_registration")}


def counted(said: Record) -> tuple[datetime, object]:
    """R1: when, and by whose clock; our own never equals another."""
    at = said.occurred_at
    is_wild = at is None or said.occurred_trust == "untrusted" or at > said.received_at + SKEW
    return (said.received_at, object()) if at is None or is_wild else (at, said.source)


def forgiven(out: Record, by: Sequence[Record]) -> bool:
    """R2: by a later opt-in, exactly on one clock and by more than the skew across; a hard one by a verified one."""
    then, clock = counted(out)
    worthy = [counted(one) for one in by if out.strength != "hard_out" or one.strength == "verified_in"]
    return any(at - then > (NOTHING if its_clock == clock else SKEW) for at, its_clock in worthy)


def needs_proof(said: Record) -> bool:
    """Section 10: what must be confirmed before it counts."""
    by_place = said.channel == "email" and said.country in ("DE", "AT")
    return said.strength != "verified_in" and (by_place or said.method in UNPROVEN[said.channel])


def expected(records: Sequence[Record], sender: str) -> str:
    """R10, R5, then R2, holds, R1 and R3."""
    agreed = [r.evidence for r in records if r.action == "correction" and len(set(r.evidence["approved_by"])) > 1]
    valid = [r for r in records if r.actor != "system" or all(r.record_id not in one["voids"] for one in agreed)]
    phone_stop = ("sms", "withdraw", "hard_out")
    mine = [r for r in valid if r.sender in (sender, "*") or (r.channel, r.action, r.strength) == phone_stop]
    outs = [r for r in mine if r.action == "withdraw" or (r.action == "review" and r.strength.endswith("_out"))]
    dated = [r for r in mine if r.action == "grant" and r.occurred_at and r.occurred_trust != "untrusted"]
    asks = [r for r in dated if r.strength in ("verified_in", "strong_in")]
    if not all(forgiven(out, asks) for out in outs):
        return "out"
    seen = {name for r in mine if r.action == "review" for name in r.evidence["decides"]}
    if any(r.action == "hold" and r.record_id not in seen for r in mine):
        return "hold"
    proven = [r for r in asks if not needs_proof(r)]
    if proven and all(forgiven(out, proven) for out in outs):
        return "in"
    return "pending" if asks else "weak" if any(r.action == "grant" for r in mine) else "none"
