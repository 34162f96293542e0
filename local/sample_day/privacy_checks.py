"""Compares what is left after somebody asked to be forgotten with what may be left."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from local.sample_day.cast import CURIOUS, FORGOTTEN
from local.sample_day.expectations import expected_events, expected_orders
from local.sample_day.expected_people import address_of
from local.sample_day.forgetting import Forgetting
from local.sample_day.outcome import Check
from local.sample_day.story import Story
from local.sample_day.vendor_checks import events_wrong, orders_wrong

EMAIL = re.compile(r"[\w.]+@example\.com")
OK = 200


def privacy_checks(story: Story, forgetting: Forgetting) -> Iterator[Check]:
    """Everything that must hold about the two requests."""
    yield Check("both privacy requests came to their end: one done, one ready", _ended(forgetting))
    yield Check("who asked to be forgotten is known to nobody, and nothing old brings them back", _gone(forgetting))
    yield Check("what they paid still stands; nobody else lost, or was told twice, anything", _rest(story, forgetting))
    yield Check("who asked what is known gets their own data, and nobody else's", _export(story, forgetting))


def email_of_forgotten() -> str:
    """Their address, as the vendors write it."""
    return address_of(FORGOTTEN).partition("#")[2]


def _ended(forgetting: Forgetting) -> list[str]:
    answers = [f"answered {one.status}: {one.delivery.topic}" for one in forgetting.answers if one.status != OK]
    states = sorted((one["kind"], one["state"]) for one in forgetting.requests if one["source"] == "shopify")
    wrong = [] if states == [("access", "ready"), ("erase", "done")] else [f"the store's requests: {states}"]
    left = [one for one in forgetting.requests if one["state"] not in {"done", "ready"}]
    return answers + wrong + [f"{one['source']} {one['kind']} is {one['state']}: {one.get('reason')}" for one in left]


def _gone(forgetting: Forgetting) -> list[str]:
    wrong = [f"was not known before: {one}" for one, answer in forgetting.before.items() if not answer["profiles"]]
    for when, answers in (("when it was done", forgetting.then), ("in the end", forgetting.after)):
        known = [one for one, answer in answers.items() if answer["profiles"] or answer["orders"]]
        unmarked = [one for one, answer in answers.items() if not answer["erased_at"]]
        wrong += [f"known {when}: {one}" for one in known] + [f"not marked {when}: {one}" for one in unmarked]
    checked = [step for one in forgetting.requests for step in one["steps"]]
    wrong += [
        f"taken for somebody who came back: {step['step']}" for step in checked if step["counts"].get("came_back")
    ]
    vendors = {"Klaviyo": forgetting.klaviyo, "HubSpot": forgetting.hubspot}
    return wrong + [f"{name} holds their address" for name, state in vendors.items() if _says(state)]


def _says(state: Any) -> bool:
    return email_of_forgotten() in json.dumps(state).lower()


def _rest(story: Story, forgetting: Forgetting) -> list[str]:
    """The vendors as the story left them: without this buyer's events, and their orders without a buyer."""
    email = email_of_forgotten()
    events = [event for event in expected_events(story) if event.address != email]
    orders = [replace(one, contact=None) if one.contact == email else one for one in expected_orders(story)]
    return [*events_wrong(events, forgetting.klaviyo), *orders_wrong(orders, forgetting.hubspot)]


def _export(story: Story, forgetting: Forgetting) -> list[str]:
    export = forgetting.export
    missing = {order.key for order in story.bought_by(CURIOUS)} - {one["subject"] for one in export["orders"]}
    others = set(EMAIL.findall(json.dumps(export).lower())) - {address_of(CURIOUS).partition("#")[2]}
    empty = [name for name in ("identifiers", "deliveries", "hubspot", "klaviyo") if not export[name]]
    untold = [f"tells nothing of {one}" for one in (*sorted(missing), *empty)]
    return untold + [f"tells of {one}" for one in sorted(others)]
