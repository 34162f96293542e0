"""Plays the day on a running stack, checks what came of it, tells it."""

from collections.abc import Callable
from datetime import UTC, datetime

from local.quiet import wait_until_quiet
from local.sample_day.checking import Outcome, checks
from local.sample_day.deliveries import deliveries_of, hubspot_changes
from local.sample_day.playing import post_all
from local.sample_day.shops import tell as tell_story
from local.sample_day.summary import tell, verdicts
from local.stack import Stack, get_json, invoke, post_json

PATIENCE = 150.0
STEP = 60
A_BUSY_MOMENT = {
    "method": "POST",
    "path_prefix": "/api/events",
    "times": 1,
    "status": 429,
    "headers": {"Retry-After": "1"},
}


def play_the_day(stack: Stack, say: Callable[[str], None]) -> int:
    """Play it; returns 0 where everything is as it should be, 1 where something is not."""
    story = tell_story(datetime.now(UTC))
    deliveries = deliveries_of(story)
    post_json(f"{stack['vendors']['klaviyo']}/_sandbox/faults", A_BUSY_MOMENT)
    say(f"posting {len(deliveries)} webhooks, most of them signed: two Shopify stores, an own order system, HubSpot")
    answers = post_all(
        stack,
        deliveries,
        lambda done: say(f"  {done} answered") if done % STEP == 0 or done == len(deliveries) else None,
    )
    say("waiting until the queues are empty and nothing is due (a due row waits: for a retry, or for its order)")
    _settle(stack, say)
    changes = hubspot_changes(story)
    say(f"the staff change {len(changes)} contacts in HubSpot")
    for change in changes:
        post_json(f"{stack['vendors']['hubspot']}/_sandbox/settings", {"edit_contact": change})
    left = _settle(stack, say)
    outcome = Outcome(
        klaviyo=get_json(f"{stack['vendors']['klaviyo']}/_sandbox/state"),
        hubspot=get_json(f"{stack['vendors']['hubspot']}/_sandbox/state"),
        status=invoke(stack, "operations", {"command": "status"})["result"],
        answers=answers,
        changes=changes,
    )
    results = list(checks(story, outcome))
    print("\n".join([*tell(outcome), *verdicts(results)]))
    good = not left and not any(check.wrong for check in results)
    say("stopping: nothing is left running. .local/requests.jsonl has every call to a vendor; make up keeps a stack")
    say("the day is as it should be" if good else f"something is wrong; still moving: {left or 'nothing'}")
    return 0 if good else 1


def _settle(stack: Stack, say: Callable[[str], None]) -> dict[str, int]:
    said: list[str] = []

    def progress(left: dict[str, int]) -> None:
        text = ", ".join(f"{number} {name}" for name, number in left.items())
        if text and text not in said[-1:]:
            said.append(text)
            say(f"  moving: {text}")

    return wait_until_quiet(stack, PATIENCE, progress)
