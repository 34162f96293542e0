"""How long an opt-out takes from receipt to Klaviyo's acceptance, alone and while a backfill of 10,000 profiles runs.

Run as ``python -m local.bench.opt_out_latency`` it brings a stack of its own up, measures, and takes it down. Reading
back and polling are no part of it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from typing import Any

from commerce_sync.contracts.consent import ConsentMessage, ConsentStatement

from local.emulator import aws
from local.places import REQUEST_LOG
from local.quiet import what_is_left
from local.sample_day.deliveries import Delivery
from local.sample_day.playing import post
from local.stack import Stack, bring_up, post_json, take_down

PROFILES, TOGETHER, OPT_OUTS = 10_000, 10, 40
PAUSE = 1.0
PATIENCE = 120.0
MOST_SECONDS = 60
CALL = "profile-subscription-bulk-delete-jobs"
YEARS_AGO = timedelta(days=900)
SYSTEMS = ("bigcommerce:outlet", "hubspot", "klaviyo", "shopify:us", "shopify:eu")
"""What the stack is connected with."""


def measure_opt_out_latency() -> dict[str, Any]:
    """The figures, from a process of its own with a stack of its own."""
    with tempfile.TemporaryDirectory() as folder:
        answer = subprocess.run(
            [sys.executable, "-m", "local.bench.opt_out_latency"],
            env={**os.environ, "LOCAL_STACK_FOLDER": folder},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    figures: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return figures


def main() -> int:
    """Measure, and print the figures as the last line."""
    stack = bring_up(lambda text: print(text, file=sys.stderr, flush=True))
    try:
        print(json.dumps(_measured(stack)))
    finally:
        take_down()
    return 0


def _measured(stack: Stack) -> dict[str, Any]:
    _complete_the_baseline(stack)
    people = [f"leaver{number}@example.com" for number in range(2 * OPT_OUTS)]
    known = [{"act": "subscribe", "email": one, "silent": True} for one in people]
    post_json(f"{stack['sandboxes']['klaviyo']}/_sandbox/settings", {"person_consents": known})
    alone = _opted_out(stack, people[:OPT_OUTS])
    _backfill(stack)
    busy = _opted_out(stack, people[OPT_OUTS:])
    left = what_is_left(stack).get("opt_ins", 0)
    return {
        "profiles_of_the_backfill": PROFILES,
        "opt_outs": OPT_OUTS,
        "alone_p50_seconds": round(median(alone), 3),
        "busy_p50_seconds": round(median(busy), 3),
        "busy_p99_seconds": round(quantiles(busy, n=100)[98], 3),
        "backfill_messages_left_after_the_last": left,
        "limits": {"busy_p99_seconds": MOST_SECONDS},
    }


def _opted_out(stack: Stack, people: Sequence[str]) -> list[float]:
    """Seconds from our answer to the preference page until Klaviyo accepted, for each of some people.

    :raises RuntimeError: an opt-out did not arrive.
    """
    received = {}
    for one in people:
        answer = post(stack, _leaves(one))
        if answer.status != 200:  # noqa: PLR2004 # OK
            raise RuntimeError(f"an opt-out was answered {answer.status}")
        received[one] = datetime.now(UTC)
        time.sleep(PAUSE)
    deadline = time.monotonic() + PATIENCE
    while len(accepted := _accepted(people)) < len(people):
        if time.monotonic() > deadline:
            raise RuntimeError(f"{len(people) - len(accepted)} opt-outs did not reach Klaviyo")
        time.sleep(0.5)
    return [max((accepted[one] - received[one]).total_seconds(), 0.0) for one in people]


def _accepted(people: Iterable[str]) -> dict[str, datetime]:
    """When Klaviyo took each opt-out first."""
    found: dict[str, datetime] = {}
    for call in map(json.loads, REQUEST_LOG.read_text().splitlines()):
        if CALL in call["path"] and call["status"] == 202:  # noqa: PLR2004 # accepted
            body = json.dumps(call["body"])
            found |= {
                one: datetime.fromisoformat(call["time"]) for one in people if f'"{one}"' in body and one not in found
            }
    return found


def _leaves(email: str) -> Delivery:
    body = {
        "id": f"leave-{email}",
        "email": email,
        "channel": "email",
        "choice": "unsubscribe",
        "occurred_at": datetime.now(UTC).replace(microsecond=0).isoformat(),
        "form": "footer",
    }
    return Delivery("preferences", "main", "", json.dumps(body).encode(), str(body["id"]))


def _backfill(stack: Stack) -> None:
    """Old opt-ins of 10,000 people, in one go on the queue of opt-ins."""
    at = datetime.now(UTC) - YEARS_AGO
    bodies = [_page(start, at) for start in range(0, PROFILES, TOGETHER)]
    client, url = aws(stack["aws_endpoint_url"], "sqs"), stack["queues"]["opt_ins"]
    for start in range(0, len(bodies), TOGETHER):
        entries = [
            {"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies[start : start + TOGETHER])
        ]
        client.send_message_batch(QueueUrl=url, Entries=entries)


def _page(start: int, at: datetime) -> str:
    statements = tuple(
        ConsentStatement(
            statement_id=f"backfill-{number}",
            channel="email",
            address=f"reader{number}@example.com",
            action="grant",
            strength="strong_in",
            occurred_at=at,
            method="import",
        )
        for number in range(start, start + TOGETHER)
    )
    return ConsentMessage(
        schema_version=ConsentMessage.VERSION,
        envelope_id=f"backfill-{start}",
        source="preferences",
        store="main",
        received_at=datetime.now(UTC),
        statements=statements,
    ).to_json()


def _complete_the_baseline(stack: Stack) -> None:
    body = json.dumps({"completed_at": datetime.now(UTC).isoformat(), "covered": SYSTEMS})
    item = {"name": {"S": "baseline"}, "body": {"S": body}, "revision": {"N": "1"}}
    aws(stack["aws_endpoint_url"], "dynamodb").put_item(TableName=stack["tables"]["control_table"], Item=item)


if __name__ == "__main__":
    sys.exit(main())
