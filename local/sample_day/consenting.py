"""Plays what is about consent: the baseline first, then what people say, then what the ledger says of them."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.places import REQUEST_LOG
from local.sample_day.asking import WHO, Explained, operate
from local.sample_day.consent_bodies import consent_deliveries
from local.sample_day.consent_story import LISTENERS, PIA, known_before, now
from local.sample_day.playing import Answered, post_all
from local.stack import Stack, get_json, invoke, post_json

Say = Callable[[str], None]
PATIENCE = 60.0
WRITES = ("profile-subscription-bulk", "profile-suppression-bulk", "unsubscribe-all", "MarketingConsentUpdate")


@dataclass(frozen=True)
class Loaded:
    """What ``baseline`` reported, and the calls about consent that were made until then: none."""

    baseline: Explained
    calls: Sequence[str]


@dataclass(frozen=True)
class Consented:
    """What came of it. ``loaded`` is what ``baseline`` reported, ``explained`` what ``explain`` says by address."""

    loaded: Loaded
    modes: Explained
    answers: Sequence[Answered]
    explained: Mapping[str, Explained]
    review: Explained
    verified: Explained
    shop: Mapping[str, Any]


def writing_calls() -> list[dict[str, Any]]:
    """Every call so far that changes what a vendor shows of consent."""
    calls = map(json.loads, REQUEST_LOG.read_text().splitlines())
    return [call for call in calls if any(part in json.dumps([call["path"], call["body"]]) for part in WRITES)]


def load_the_baseline(stack: Stack, say: Say) -> Loaded:
    """What the systems knew before, loaded before anything is told to anybody."""
    for vendor, settings in known_before(now()).items():
        for one in settings:
            post_json(f"{stack['sandboxes'][vendor]}/_sandbox/settings", one)
    say("loading what Klaviyo, HubSpot and the stores know of consent (operations baseline); nobody is told anything")
    operate(stack, "baseline", start=True)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        told = operate(stack, "baseline")
        if told.get("report"):
            return Loaded(told, [call["path"] for call in writing_calls()])
        time.sleep(0.5)
    raise RuntimeError("the baseline did not end: make up, then operations baseline")


def people_speak(stack: Stack, say: Say, settle: Callable[[], None], loaded: Loaded) -> Consented:
    """Opt-outs, an opt-in, texts, an unsubscribe that only polling finds."""
    modes = operate(stack, "mode")
    say("an operator lets Klaviyo be told what HubSpot alone knew (operations mode)")
    operate(stack, "mode", destination="klaviyo", mode="live", by=WHO, why="the baseline was looked through")
    invoke(stack, "change_polling", {"source": "klaviyo"})
    said = consent_deliveries(now())
    say(f"{len(LISTENERS)} people say whether they may be written to: at the store, by text, at a page, in Klaviyo")
    answers = post_all(stack, said, lambda _: None)
    acts = [{"act": "unsubscribe", "email": PIA.address}]
    post_json(f"{stack['sandboxes']['klaviyo']}/_sandbox/settings", {"person_consents": acts})
    settle()
    for source in ("klaviyo", "hubspot"):
        invoke(stack, "change_polling", {"source": source})
    settle()
    say("asking the ledger about each of them, sealing it, and verifying it (explain, review, verify_ledger)")
    invoke(stack, "ledger_audit", {"command": "seal"})
    return Consented(
        loaded=loaded,
        modes=modes,
        answers=answers,
        explained={one.address: operate(stack, "explain", identifier=one.address) for one in LISTENERS},
        review=operate(stack, "review"),
        verified=operate(stack, "verify_ledger"),
        shop=get_json(f"{stack['sandboxes']['shopify']}/_sandbox/state"),
    )
