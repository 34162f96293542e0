"""The report of an audit: figures, and groups one by one, by vendor ids and keyed hashes only; and a plan made of it.

A large account has groups by the ten thousand, so they are told as a stream: nobody has to hold them all.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from typing import Any

from commerce_sync.contracts.duplicates import PlannedMerge
from commerce_sync.duplicates.entries import Entry
from commerce_sync.duplicates.grouping import Findings, Group
from commerce_sync.duplicates.survivors import in_order, refusals, why_first

FORMULA = "(records - people) / people, in percent"
MOST_LISTED = 50
"""Records that are named of a group that is nobody's plan."""
ORDER = ("same_email", "same_phone", "shared_phone", "phones_disagree", "role_address", "shared_too_widely")


def listed(findings: Findings) -> Iterator[dict[str, Any]]:
    """Every group, those that are one person first: the same for the same records."""
    for group in sorted(findings.groups, key=lambda group: ORDER.index(group.reason)):
        yield _group(group)


def figures(run_id: str, system: str, findings: Findings) -> dict[str, Any]:
    """What there is in numbers."""
    counts = Counter[str](group.reason for group in findings.groups)
    return {
        "run_id": run_id,
        "date": datetime.strptime(run_id, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).isoformat(),
        "system": system,
        "records": findings.records,
        "people": findings.people,
        "inflation_percent": str(findings.inflation),
        "formula": FORMULA,
        "groups_by_reason": {reason: counts[reason] for reason in ORDER if counts[reason]},
        "duplicate_records": findings.records - findings.people,
        "merges": sum(
            len(group.entries) - 1 - len(refusals(group)) for group in findings.groups if group.is_one_person
        ),
    }


def plan(groups: Iterable[Mapping[str, Any]], maximum: int, group: str | None = None) -> list[PlannedMerge]:
    """At most ``maximum`` merges, in the order of the groups, of one group or of all."""
    planned = (
        PlannedMerge(group=one["group"], survivor=one["survivor"], other=other)
        for one in groups
        if group in (None, one["group"])
        for other in one.get("merges", [])
    )
    return list(islice(planned, maximum))


def _group(group: Group) -> dict[str, Any]:
    records = [entry.record for entry in group.entries]
    named = sha256("\x1f".join([group.reason, *group.marks, *records]).encode()).hexdigest()[:12]
    told = {"group": named, "reason": group.reason, "shared": list(group.marks), "size": len(records)}
    if not group.is_one_person:
        return {**told, "records": [_record(entry) for entry in group.entries[:MOST_LISTED]]}
    survivor, second, *_ = ordered = in_order(group)
    refused = refusals(group)
    return {
        **told,
        "records": [_record(entry) for entry in ordered],
        "survivor": survivor.record,
        "why": why_first(survivor, second),
        "merges": [entry.record for entry in ordered[1:] if entry.record not in refused],
        "refused": dict(refused),
    }


def _record(entry: Entry) -> dict[str, Any]:
    created = None if entry.created is None else datetime.fromtimestamp(entry.created / 1000, UTC).isoformat()
    told = {"id": entry.record, "created": created, "last_seen": entry.last_seen, "has_email": entry.has_email}
    return {**told, "opt_outs": entry.opt_outs}
