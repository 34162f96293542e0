"""Two buyers turn to their store: one asks to be forgotten, one asks what is known. Then the past knocks again."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from local.emulator import aws
from local.sample_day.asking import Explained, explain, operate
from local.sample_day.cast import FORGOTTEN
from local.sample_day.deliveries import forgotten_orders, privacy_webhooks
from local.sample_day.expected_people import address_of, record_of
from local.sample_day.playing import Answered, post
from local.sample_day.story import Story
from local.stack import Stack, get_json

SHOP = "shopify:us"
A_DAY = timedelta(days=1)
NOTHING: Mapping[str, Any] = dict.fromkeys(("orders", "identifiers", "deliveries", "hubspot", "klaviyo"), ())


@dataclass(frozen=True)
class Forgetting:
    """What came of both requests.

    ``before``, ``then`` and ``after`` are what ``explain`` says of who asked to be forgotten, by identifier: before
    they ask, when the request is done, and when the past has knocked again. ``requests`` are as ``privacy`` tells
    them, ``export`` what the other buyer would be sent. ``klaviyo``, ``hubspot`` and ``status`` are what there is at
    the very end.
    """

    before: Mapping[str, Explained]
    then: Mapping[str, Explained]
    after: Mapping[str, Explained]
    requests: tuple[Mapping[str, Any], ...]
    export: Mapping[str, Any]
    answers: tuple[Answered, ...]
    replayed: int
    klaviyo: Mapping[str, Any]
    hubspot: Mapping[str, Any]
    status: Mapping[str, Any]


def ask_and_come_again(
    stack: Stack, story: Story, say: Callable[[str], None], settle: Callable[[], None]
) -> Forgetting:
    """Both requests to their ends; then the store sends the old order again, and an operator replays the day."""
    theirs = _identifiers(stack)
    before = explain(stack, theirs)
    say("one buyer asks the store to be forgotten, another asks what is known of them")
    answers = [post(stack, delivery) for delivery in privacy_webhooks(story)]
    settle()
    then = explain(stack, theirs)
    say("the store sends the forgotten buyer's order once more, and an operator replays the store's whole day")
    answers += [post(stack, delivery) for delivery in forgotten_orders(story)]
    replayed = _replay(stack)
    settle()
    requests = tuple(operate(stack, "privacy")["requests"])
    return Forgetting(
        before=before,
        then=then,
        after=explain(stack, theirs),
        requests=requests,
        export=_export(stack, requests),
        answers=tuple(answers),
        replayed=replayed,
        klaviyo=get_json(f"{stack['vendors']['klaviyo']}/_sandbox/state"),
        hubspot=get_json(f"{stack['vendors']['hubspot']}/_sandbox/state"),
        status=operate(stack, "status"),
    )


def _identifiers(stack: Stack) -> list[str]:
    """The buyer's address, the store's record and HubSpot's contact."""
    email = address_of(FORGOTTEN).partition("#")[2]
    contacts = get_json(f"{stack['sandboxes']['hubspot']}/_sandbox/state")["contacts"]
    crm = next(store["store"] for store in stack["stores"] if store["source"] == "hubspot")
    known = [f"hubspot:{crm}#{one['id']}" for one in contacts if one["properties"].get("email") == email]
    return [address_of(FORGOTTEN), record_of(SHOP, FORGOTTEN), *known]


def _export(stack: Stack, requests: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """What lies in the archive for the one who asked; nothing where nothing does."""
    keys = [one["result"] for one in requests if one.get("result")]
    bucket = stack["buckets"]["archive"]
    read = (aws(stack["aws_endpoint_url"], "s3").get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys)
    return next(map(json.loads, read), NOTHING)


def _replay(stack: Stack) -> int:
    source, _, store = SHOP.partition(":")
    now = datetime.now(UTC)
    window = {"since": (now - A_DAY).isoformat(), "until": (now + A_DAY).isoformat()}
    answer = operate(stack, "replay", source=source, store=store, dry_run=False, **window)
    return int(answer["replayed"])
