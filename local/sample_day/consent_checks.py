"""Compares what the ledger and the vendors say of consent with what the story says, and every call that was made."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from local.places import REQUEST_LOG
from local.sample_day.consent_story import ASKED_FOR_IT, HUGO, LISTENERS, Listener
from local.sample_day.consenting import Consented
from local.sample_day.outcome import Check

GRANTS = "profile-subscription-bulk-create-jobs"


def consent_checks(consented: Consented, klaviyo: Mapping[str, Any], hubspot: Mapping[str, Any]) -> Iterator[Check]:
    """Everything about consent that must hold."""
    yield Check("the ledger says of everybody what they said themselves", list(_states(consented)))
    yield Check("Klaviyo may write to whom the ledger says, and to nobody else", list(_klaviyo(klaviyo)))
    yield Check("HubSpot shows every opt-out by email", list(_hubspot(hubspot)))
    yield Check("the store shows the opt-outs of its customers", list(_shop(consented.shop)))
    yield Check("nobody was subscribed anywhere but who asked for it", list(_subscribed(_calls())))
    yield Check("the baseline found the conflict and told nobody", list(_baseline(consented)))
    yield Check("the ledger verifies, sealed", [] if consented.verified.get("sound") else [str(consented.verified)])


def state_of(explained: Mapping[str, Any], address: Listener) -> Mapping[str, Any]:
    """What ``explain`` says of one address for marketing."""
    mine = (one for one in explained.get("consent", []) if one["channel"] == address.kind)
    states = (state for one in mine for state in one["states"] if state["purpose"] == "marketing")
    return next(states, {})


def _states(consented: Consented) -> Iterator[str]:
    for one in LISTENERS:
        state = state_of(consented.explained[one.address], one).get("state")
        if state != one.state:
            yield f"{one.name}: expected {one.state}, the ledger says {state}"


def _klaviyo(klaviyo: Mapping[str, Any]) -> Iterator[str]:
    name = {"email": "email", "sms": "phone_number"}
    for one in LISTENERS:
        profiles = [profile for profile in klaviyo["profiles"] if profile[name[one.kind]] == one.address]
        shown = profiles[0]["subscriptions"][one.kind]["marketing"]["consent"] if profiles else "unknown"
        expected = {"in": "SUBSCRIBED", "out": "UNSUBSCRIBED", "hold": "SUBSCRIBED"}[one.state]
        if shown != expected:
            yield f"{one.name}: expected {expected}, Klaviyo shows {shown}"
        if one.state == "hold" and not (profiles and profiles[0]["properties"].get("sync_sms_hold")):
            yield f"{one.name}: is not held"


def _hubspot(hubspot: Mapping[str, Any]) -> Iterator[str]:
    opted_out = hubspot["subscriptions"]["opted_out"]
    for one in LISTENERS:
        if one.kind == "email" and (one.address in opted_out) != (one.state == "out"):
            yield f"{one.name}: expected {one.state}, HubSpot shows {'out' if one.address in opted_out else 'not out'}"


def _shop(shop: Mapping[str, Any]) -> Iterator[str]:
    for customer in shop["customers"]:
        state = customer["email_marketing_consent"]["state"]
        if state != "unsubscribed":
            yield f"customer {customer['id']} shows {state}"


def _subscribed(calls: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Every address that any call subscribes."""
    for call in calls:
        body = json.dumps(call["body"])
        is_grant = GRANTS in call["path"] or '"SUBSCRIBED"' in body
        others = [one.name for one in LISTENERS if one.address in body + call["path"]]
        if is_grant and not any(address in body + call["path"] for address in ASKED_FOR_IT):
            yield f"{call['vendor']} {call['path']} subscribes {', '.join(others) or 'somebody else'}"


def _baseline(consented: Consented) -> Iterator[str]:
    report = consented.loaded.baseline["report"]
    yield from (f"told: {path}" for path in consented.loaded.calls)
    if len(report["lists"]["conflicts"]) != 1:
        yield f"{HUGO.name} opted out in HubSpot and not in Klaviyo; the report names {report['lists']['conflicts']}"
    waiting = consented.modes["destinations"]
    if "klaviyo" not in json.dumps(waiting):
        yield "the modes do not say what they would let through"


def _calls() -> Sequence[Mapping[str, Any]]:
    return [json.loads(line) for line in REQUEST_LOG.read_text().splitlines()]
