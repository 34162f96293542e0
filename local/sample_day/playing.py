"""Posts the day's deliveries, signed as each says, a few at a time as stores do."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests

from local.sample_day.deliveries import Delivery
from local.sample_day.signing import signed_headers
from local.stack import Stack

SENDERS = 4
AN_HOUR = 3600.0
PATIENCE = 60.0
SENDINGS = 3
"""A machine that is busy elsewhere may let the emulator keep a sender waiting. A second delivery is harmless."""


@dataclass(frozen=True)
class Answered:
    """A delivery and the answer that it got."""

    delivery: Delivery
    status: int
    reason: str


def post_all(stack: Stack, deliveries: Sequence[Delivery], progress: Callable[[int], None]) -> list[Answered]:
    """Post everything; ``progress`` hears how many have been answered."""
    answers = []
    with ThreadPoolExecutor(SENDERS) as pool:
        for answer in pool.map(lambda delivery: post(stack, delivery), deliveries):
            answers.append(answer)
            progress(len(answers))
    return answers


def post(stack: Stack, delivery: Delivery) -> Answered:
    """Post one delivery; one that gets no answer again, as every sender does.

    :raises requests.RequestException: it got none, however often it was sent.
    """
    url = f"{stack['intake_url']}/webhooks/{delivery.source}/{delivery.store}"
    headers = {"Content-Type": "application/json", **delivery.headers, **dict(_proof(stack, delivery, url))}
    for sending in range(1, SENDINGS + 1):
        try:
            answer = requests.post(url, data=delivery.body, headers=headers, timeout=PATIENCE)
            break
        except (requests.ConnectionError, requests.Timeout):
            if sending == SENDINGS:
                raise
    return Answered(delivery, answer.status_code, answer.text)


def _proof(stack: Stack, delivery: Delivery, url: str) -> Iterator[tuple[str, str]]:
    secrets = stack["secrets"][delivery.source]
    current, previous = secrets.get(delivery.store, ["unknown", "unknown"])
    how = delivery.signature
    if how == "unsigned":
        return
    if how == "another store's":
        current = secrets["eu"][0]
    secret = previous if how == "previous secret" else current
    body = delivery.body + b" " if how == "forged" else delivery.body
    at = None if how != "an hour ago" else _an_hour_ago()
    yield from signed_headers(delivery.source, secret, url, body, delivery.delivery_id, at=at).items()


def _an_hour_ago() -> float:
    return time.time() - AN_HOUR
