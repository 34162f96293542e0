"""Sample events of the functions about consent, for ``make samples``."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from commerce_sync.contracts.consent import ConsentMessage, ConsentStatement

from local.consent_samples_polling import sqs_event
from local.places import REGION

Write = Callable[[str, Any], None]
KEYS = {"address_key": {"S": "1#sample"}, "entry": {"S": "SEQ#000000000001"}}
IMAGE = {**KEYS, "record_id": {"S": "a" * 64}, "prev_hash": {"S": ""}, "entry_hash": {"S": "b" * 64}}


def write_ledger_samples(write: Write) -> None:
    """What ledger_watch sees in the stream, and what the schedules ask of ledger_audit."""
    write("ledger_watch/insert", _stream("INSERT", new=IMAGE))
    write("ledger_watch/modify", _stream("MODIFY", new={**IMAGE, "entry_hash": {"S": "c" * 64}}, old=IMAGE))
    write("ledger_watch/remove", _stream("REMOVE", old=IMAGE))
    for command in ("seal", "verify"):
        write(f"ledger_audit/{command}", {"command": command})


def write_propagation_samples(write: Write) -> None:
    """What consent_propagation is told: an opt-out at a store."""
    at = datetime(2026, 11, 21, 18, tzinfo=UTC)
    statement = ConsentStatement(
        statement_id="shopify:us:1:email:unsubscribed",
        channel="email",
        address="ada.archer.0@example.com",
        action="withdraw",
        strength="pref_out",
        occurred_at=at,
        method="status",
    )
    message = ConsentMessage(
        schema_version=ConsentMessage.VERSION,
        envelope_id="e" * 40,
        source="shopify",
        store="us",
        received_at=at,
        statements=(statement,),
    )
    write("consent_propagation/opt_out", sqs_event(message.to_json()))


def _stream(change: str, new: dict[str, Any] | None = None, old: dict[str, Any] | None = None) -> dict[str, Any]:
    images = {name: image for name, image in (("NewImage", new), ("OldImage", old)) if image}
    return {
        "Records": [
            {
                "eventID": "00000000000000000000000000000001",
                "eventName": change,
                "eventVersion": "1.1",
                "eventSource": "aws:dynamodb",
                "awsRegion": REGION,
                "dynamodb": {
                    "ApproximateCreationDateTime": 1795262400,
                    "Keys": KEYS,
                    **images,
                    "SequenceNumber": "100000000000000000001",
                    "SizeBytes": 300,
                    "StreamViewType": "NEW_AND_OLD_IMAGES",
                },
                "eventSourceARN": f"arn:aws:dynamodb:{REGION}:123456789012:table/ledger/stream/2026-11-21T18:00:00.000",
            }
        ]
    }
