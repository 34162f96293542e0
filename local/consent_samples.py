"""Sample events of the functions about consent, for ``make samples``."""

from collections.abc import Callable
from typing import Any

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
