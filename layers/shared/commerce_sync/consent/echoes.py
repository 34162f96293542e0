"""What comes back from a destination because we told it: never news, and never a stronger word than ours.

A *mirror* is an opt-in that a destination reports about the time that we told it one, or with the very time that we
gave: it is weak, because it proves nothing that we did not say ourselves. Were it strong, an opt-out that reached us
late would be cleared by our own echo. An *echo* is an opt-out reported about the time that we told one: it stays an
opt-out (a person may have said it too), but one that a system made: a correction of what it echoes takes it along.

So what a person may have done is called an echo only where it hardly can be anything else. A state that is shown is as
old as our telling; an act (an unsubscribe, a STOP) must come at once after it, one telling has one such echo, and a
complaint about an email is none, because we tell no complaints.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from commerce_sync.contracts.consent import ConsentRecord
from commerce_sync.contracts.consent_book import Chain, Told
from commerce_sync.contracts.consent_shown import Wanted

BEFORE = timedelta(minutes=1)
AFTER = timedelta(minutes=10)
"""Clocks differ, and vendors take their time."""
SOON = timedelta(minutes=2)
"""How long after a telling an act may still be its echo."""
ACTS = frozenset({"keyword", "preference_page", "form", "free_text", "staff"})
"""Methods by which a person acts; by any other a source shows how it is."""
ACCOUNTS = frozenset({"klaviyo", "hubspot"})
ECHOING = ACCOUNTS | {"shopify", "bigcommerce", "woocommerce"}
"""What we tell comes back from these as if somebody had said it."""


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
    if record.action == "withdraw" and _is_echo(row.told, record, at, chain):
        originals = [
            one.record_id for one in chain.records if one.action == "withdraw" and "echo_of" not in one.evidence
        ]
        return record.model_copy(
            update={"actor": "system", "evidence": {**record.evidence, "echo_of": originals}} if originals else {}
        )
    if record.action == "hold" and any(one.direction == "hold" and is_about(one, at) for one in row.told):
        return record.model_copy(update={"action": "info", "strength": "info", "actor": "system"})
    return record


def is_about(told: Told, at: datetime, after: timedelta = AFTER) -> bool:
    """Whether a moment lies where the effect of a telling shows."""
    return told.at - BEFORE <= at <= told.at + after


def _is_echo(tellings: Iterable[Told], record: ConsentRecord, at: datetime, chain: Chain) -> bool:
    outs = [one for one in tellings if one.direction == "out"]
    if record.method not in ACTS:
        return any(is_about(one, at) for one in outs)
    if record.channel == "email" and record.strength == "hard_out":
        return False
    heard = [
        one.occurred_at or one.received_at
        for one in chain.records
        if one.method in ACTS and "echo_of" in one.evidence and place_of(one.source) == place_of(record.source)
    ]
    return any(is_about(one, at, SOON) and not any(is_about(one, other, SOON) for other in heard) for one in outs)


def is_our_opt_out(told: Iterable[Told], out_at: datetime, wanted: Wanted) -> bool:
    """Whether an opt-out that a destination shows is what we told it ourselves, and no longer holds.

    It is older than the opt-in to be told now, or was told by mistake, and two people corrected that since; or it
    closes what is to be asked about now.
    """
    ours = [one for one in told if one.direction == "out" and is_about(one, out_at)]
    closes_meanwhile = any(one.wanted == wanted.fingerprint for one in ours)
    answered_at = wanted.granted_at or (wanted.opted_in_at if wanted.asks else None)
    is_older = answered_at is not None and out_at < answered_at
    corrected = wanted.corrected_at is not None and any(one.at < wanted.corrected_at for one in ours)
    return bool(ours) and (is_older or corrected or closes_meanwhile)


def _is_mirror(told: Iterable[Told], record: ConsentRecord, at: datetime) -> bool:
    return any(one.direction == "in" and (is_about(one, at) or one.granted_at == record.occurred_at) for one in told)
