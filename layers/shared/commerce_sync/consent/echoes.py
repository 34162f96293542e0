"""What comes back from a destination because we told it: never news, and never a stronger word than ours.

A *mirror* is an opt-in that a destination reports about the time that we told it one, or with the very time that we
gave: it is weak, because it proves nothing that we did not say ourselves. Were it strong, an opt-out that reached us
late would be cleared by our own echo. An *echo* is an opt-out reported about the time that we told one: it stays an
opt-out (a person may have said it too), but one that a system made: a correction of what it echoes takes it along.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from commerce_sync.contracts.consent import ConsentRecord
from commerce_sync.contracts.consent_book import Chain, Told
from commerce_sync.contracts.consent_shown import Wanted

BEFORE = timedelta(minutes=1)
AFTER = timedelta(minutes=10)
"""Clocks differ, and vendors take their time."""
ACCOUNTS = frozenset({"klaviyo", "hubspot"})


def place_of(source: str) -> str:
    """The destination that a record's source is: accounts by their name, stores with theirs (``shopify:us``)."""
    name = source.partition(":")[0]
    return name if name in ACCOUNTS else source


def as_heard(record: ConsentRecord, chain: Chain) -> ConsentRecord:
    """The record as it may count, by what its source was told before."""
    row = chain.promises.get(place_of(record.source))
    at = record.occurred_at or record.received_at
    if row is None:
        return record
    if record.action == "grant" and record.strength != "weak_in" and _is_mirror(row.told, record, at):
        return record.model_copy(
            update={"strength": "weak_in", "actor": "system", "evidence": {**record.evidence, "mirror": "told"}}
        )
    if record.action == "withdraw" and any(one.direction == "out" and is_about(one, at) for one in row.told):
        originals = [
            one.record_id for one in chain.records if one.action == "withdraw" and "echo_of" not in one.evidence
        ]
        return record.model_copy(
            update={"actor": "system", "evidence": {**record.evidence, "echo_of": originals}} if originals else {}
        )
    if record.action == "hold" and any(one.direction == "hold" and is_about(one, at) for one in row.told):
        return record.model_copy(update={"action": "info", "strength": "info", "actor": "system"})
    return record


def is_about(told: Told, at: datetime) -> bool:
    """Whether a moment lies where the effect of a telling shows."""
    return told.at - BEFORE <= at <= told.at + AFTER


def is_our_opt_out(told: Iterable[Told], out_at: datetime, wanted: Wanted) -> bool:
    """Whether an opt-out that a destination shows is what we told it ourselves, and no longer holds.

    It is older than the opt-in to be told now, or was told by mistake, and two people corrected that since.
    """
    ours = [one for one in told if one.direction == "out" and is_about(one, out_at)]
    is_older = wanted.granted_at is not None and out_at < wanted.granted_at
    corrected = wanted.corrected_at is not None and any(one.at < wanted.corrected_at for one in ours)
    return bool(ours) and (is_older or corrected)


def _is_mirror(told: Iterable[Told], record: ConsentRecord, at: datetime) -> bool:
    return any(one.direction == "in" and (is_about(one, at) or one.granted_at == record.occurred_at) for one in told)
