"""Rule R10: what corrections void. They stay in the ledger; they count no more."""

from collections.abc import Collection, Iterable
from typing import Any

from commerce_sync.contracts.consent import ConsentRecord, ConsentRules


def without_voided(records: Collection[ConsentRecord], rules: ConsentRules) -> list[ConsentRecord]:
    """The records that still count.

    A correction needs the approval of enough different people, and voids only what a system did: never a person's own
    act, nor what staff wrote down for one, and no correction. What echoes nothing but voided records goes with them,
    and what echoes nothing but those.
    """
    corrections = [record for record in records if record.action == "correction"]
    if not corrections:
        return list(records)
    named = {
        str(one)
        for correction in corrections
        if is_approved(correction, rules)
        for one in texts(correction.evidence.get("voids"))
    }
    may_go = [record for record in records if may_be_voided(record)]
    voided = {record.record_id for record in may_go if record.record_id in named}
    while more := {record.record_id for record in may_go if _echoes_only(record, voided)} - voided:
        voided |= more
    return [record for record in records if not (record.record_id in voided and may_be_voided(record))]


def may_be_voided(record: ConsentRecord) -> bool:
    """Whether a correction may void it."""
    return record.actor == "system" and record.action in {"grant", "withdraw", "hold"}


def is_approved(record: ConsentRecord, rules: ConsentRules) -> bool:
    """Whether enough different people approved a correction."""
    people = {str(one).strip().casefold() for one in texts(record.evidence.get("approved_by"))} - {""}
    return len(people) >= rules.approvals


def texts(value: Any) -> Iterable[Any]:
    """The entries of evidence that is a list; a lone text is one."""
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, list | tuple | set | frozenset) else ()


def _echoes_only(record: ConsentRecord, voided: Collection[str]) -> bool:
    originals = {str(one) for one in texts(record.evidence.get("echo_of"))}
    return bool(originals) and originals <= set(voided)
