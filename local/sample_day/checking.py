"""Compares what the sandboxes hold with what the day should have left there."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from local.places import REQUEST_LOG
from local.sample_day.asking import Explained, Undone
from local.sample_day.expectations import SET_ASIDE, ExpectedEvent, ExpectedOrder, expected_events, expected_orders
from local.sample_day.forgetting import Forgetting
from local.sample_day.playing import Answered
from local.sample_day.story import Story

SHOWN = 5


@dataclass(frozen=True)
class Outcome:
    """What the stack holds after the day, and what came of the privacy requests that followed.

    ``people`` are what ``explain`` says of everybody.
    """

    klaviyo: Mapping[str, Any]
    hubspot: Mapping[str, Any]
    status: Mapping[str, Any]
    answers: Sequence[Answered]
    changes: Sequence[Mapping[str, Any]]
    people: Mapping[str, Explained]
    undone: Undone
    forgetting: Forgetting


@dataclass(frozen=True)
class Check:
    """One thing that must hold, and what is wrong where it does not."""

    what: str
    wrong: Sequence[str]


def checks(story: Story, outcome: Outcome) -> Iterator[Check]:
    """Everything that must hold at the end of the day."""
    yield Check("every delivery got the answer it should", _answers(outcome.answers))
    yield Check("Klaviyo holds every event once, to the cent", _events(story, outcome.klaviyo))
    yield Check("HubSpot holds every order once, to the cent, at its buyer", _orders(story, outcome.hubspot))
    yield Check("what HubSpot's staff changed is in Klaviyo", _changes(outcome))
    yield Check("history and late deliveries started no flow", _flows(outcome.klaviyo))
    yield Check("what was set aside has the right reasons", _set_aside(outcome.status))
    yield Check("nobody was subscribed or unsubscribed", _consent_calls())
    yield Check("nothing waits for a person in a dead-letter queue or parked", _left_over(outcome.status))


def _answers(answers: Sequence[Answered]) -> list[str]:
    return [
        f"{one.delivery.source} {one.delivery.topic} ({one.delivery.note}): {one.status} {one.reason}"
        for one in answers
        if one.status != one.delivery.expected_status
    ]


def _events(story: Story, klaviyo: Mapping[str, Any]) -> list[str]:
    expected = Counter(expected_events(story))
    found = Counter(_found_event(event) for event in klaviyo["events"])
    return [f"missing: {event}" for event in expected - found] + [f"unexpected: {event}" for event in found - expected]


def _found_event(event: Mapping[str, Any]) -> ExpectedEvent:
    value = event.get("value")
    return ExpectedEvent(
        event["metric"],
        event["unique_id"],
        event.get("email") or event.get("phone_number") or "",
        None if value is None else Decimal(str(value)).quantize(Decimal("0.01")),
        event.get("value_currency"),
        bool(event.get("backfill")),
    )


def _orders(story: Story, hubspot: Mapping[str, Any]) -> list[str]:
    expected = Counter(expected_orders(story))
    emails = {contact["id"]: contact["properties"].get("email") for contact in hubspot["contacts"]}
    buyers = {
        str(tie["from"]): emails.get(str(tie["to"]))
        for tie in hubspot["associations"]
        if (tie["from_type"], tie["to_type"]) == ("orders", "contacts")
    }
    found = Counter(_found_order(order, buyers.get(order["id"])) for order in hubspot["orders"])
    return [f"missing: {order}" for order in expected - found] + [f"unexpected: {order}" for order in found - expected]


def _found_order(order: Mapping[str, Any], contact: str | None) -> ExpectedOrder:
    properties = order["properties"]
    total = properties.get("hs_total_price")
    return ExpectedOrder(
        properties["sync_order_key"],
        Decimal(total) if total else None,
        Decimal(properties["sync_original_amount"]),
        properties["sync_original_currency"],
        Decimal(properties["sync_refunded_amount"]),
        contact,
    )


def _changes(outcome: Outcome) -> list[str]:
    profiles = {profile["email"]: profile for profile in outcome.klaviyo["profiles"]}
    *known, stranger = outcome.changes
    wrong = []
    for change in known:
        stage = profiles.get(change["email"], {}).get("properties", {}).get("hubspot_lifecycle_stage")
        if stage != change["properties"]["lifecyclestage"]:
            wrong.append(f"a changed lifecycle stage arrived as {stage}")
    return wrong + (["a stranger became a Klaviyo profile"] if stranger["email"] in profiles else [])


def _flows(klaviyo: Mapping[str, Any]) -> list[str]:
    live = sum(1 for event in klaviyo["events"] if not event.get("backfill"))
    triggered = klaviyo["flow_triggers"]
    return [] if triggered == live else [f"{triggered} flow triggers for {live} live events"]


def _set_aside(status: Mapping[str, Any]) -> list[str]:
    found = Counter(status["quarantined"])
    return [] if found == SET_ASIDE else [f"expected {dict(SET_ASIDE)}, found {dict(found)}"]


def _consent_calls() -> list[str]:
    calls = (json.loads(line) for line in REQUEST_LOG.read_text().splitlines())
    return [call["path"] for call in calls if "subscription" in call["path"] or "suppression" in call["path"]]


def _left_over(status: Mapping[str, Any]) -> list[str]:
    dead = [f"{name}: {queue['dead_letters']}" for name, queue in status["queues"].items() if queue["dead_letters"]]
    return dead + [f"parked: {reason} ({number})" for reason, number in status["parked_promises"].items()]
