"""Compares what the sandboxes hold with what the day should have left there."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local.sample_day.consent_checks import consent_checks
from local.sample_day.elsewhere_checks import elsewhere_checks
from local.sample_day.expectations import SET_ASIDE, expected_events, expected_orders
from local.sample_day.outcome import Check, Outcome
from local.sample_day.people_checks import people_checks
from local.sample_day.playing import Answered
from local.sample_day.privacy_checks import privacy_checks
from local.sample_day.story import Story
from local.sample_day.vendor_checks import events_wrong, orders_wrong


def checks(story: Story, outcome: Outcome) -> Iterator[Check]:
    """Everything that must hold at the end of the day."""
    yield Check("every delivery got the answer it should", _answers([*outcome.answers, *outcome.consented.answers]))
    yield Check("Klaviyo holds every event once, to the cent", events_wrong(expected_events(story), outcome.klaviyo))
    yield Check(
        "HubSpot holds every order once, to the cent, at its buyer",
        orders_wrong(expected_orders(story), outcome.hubspot),
    )
    yield Check("what HubSpot's staff changed is in Klaviyo", _changes(outcome))
    yield Check("history and late deliveries started no flow", _flows(outcome.klaviyo))
    yield Check("what was set aside has the right reasons", _set_aside(outcome.status))
    yield from people_checks(story, outcome)
    yield from privacy_checks(story, outcome.forgetting)
    yield from consent_checks(outcome.consented, outcome.klaviyo, outcome.hubspot)
    yield from elsewhere_checks(outcome.elsewhere, outcome.forgetting.status)
    states = (outcome.status, outcome.forgetting.status, outcome.elsewhere.status)
    waiting = [one for status in states for one in _left_over(status)]
    yield Check("nothing waits for a person in a dead-letter queue or parked", waiting)


def _answers(answers: Sequence[Answered]) -> list[str]:
    return [
        f"{one.delivery.source} {one.delivery.topic} ({one.delivery.note}): {one.status} {one.reason}"
        for one in answers
        if one.status != one.delivery.expected_status
    ]


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


def _left_over(status: Mapping[str, Any]) -> list[str]:
    dead = [f"{name}: {queue['dead_letters']}" for name, queue in status["queues"].items() if queue["dead_letters"]]
    return dead + [f"parked: {reason} ({number})" for reason, number in status["parked_promises"].items()]
