"""Plays the day on a running stack, checks what came of it, tells it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from local.quiet import wait_until_quiet
from local.sample_day.asking import explain, merge_by_mistake, merge_in_hubspot, operate
from local.sample_day.checking import checks
from local.sample_day.consenting import load_the_baseline, people_speak
from local.sample_day.deliveries import deliveries_of, hubspot_changes, hubspot_contacts
from local.sample_day.elsewhere import play_elsewhere
from local.sample_day.expected_people import expected_people
from local.sample_day.forgetting import ask_and_come_again
from local.sample_day.outcome import Outcome
from local.sample_day.playing import Answered, post_all
from local.sample_day.shops import tell as tell_story
from local.sample_day.story import Story
from local.sample_day.summary import tell, verdicts
from local.stack import Stack, get_json, invoke, post_json

Say = Callable[[str], None]
PATIENCE = 150.0
STEP = 60
SILENCE = 5.0
"""So many seconds nothing need be said while the same things move."""
A_PROFESSIONAL_ACCOUNT = {"ten_second_limit": 190}
"""What HubSpot allows a Professional account; with a free one's 100 calls the day waits ten seconds for HubSpot."""
A_BUSY_MOMENT = {
    "method": "POST",
    "path_prefix": "/api/events",
    "times": 1,
    "status": 429,
    "headers": {"Retry-After": "1"},
}


def play_the_day(stack: Stack, say: Say) -> int:
    """Play it; returns 0 where everything is as it should be, 1 where something is not."""
    story = tell_story(datetime.now(UTC))
    settling = Settling(stack, say)
    loaded = load_the_baseline(stack, say)
    answers = _shops_send(stack, story, say)
    say("waiting until the queues are empty and nothing is due (a due row waits: for a retry, or for its order)")
    settling.settle()
    changes = _staff_work(stack, story, say, settling)
    consented = people_speak(stack, say, settling.settle, loaded)
    say("an operator merges two customers by mistake and undoes it (operations merge, unmerge)")
    undone = merge_by_mistake(stack)
    say("asking operations who is who, person by person (operations explain)")
    people = explain(stack, sorted(min(group) for group in expected_people(story)))
    klaviyo, hubspot = (get_json(f"{stack['vendors'][name]}/_sandbox/state") for name in ("klaviyo", "hubspot"))
    invoke(stack, "event_validation", {})
    status = operate(stack, "status")
    forgetting = ask_and_come_again(stack, story, say, settling.settle)
    later = play_elsewhere(stack, say, settling.settle, lambda: operate(stack, "status"))
    outcome = Outcome(klaviyo, hubspot, status, answers, changes, people, undone, consented, forgetting, later)
    results = list(checks(story, outcome))
    print("\n".join([*tell(story, outcome), *verdicts(results)]))
    good = not settling.left and not any(check.wrong for check in results)
    say("stopping: nothing is left running. .local/requests.jsonl has every call to a vendor; make up keeps a stack")
    say("the day is as it should be" if good else f"something is wrong; still moving: {settling.left or 'nothing'}")
    return 0 if good else 1


class Settling:
    """Waits until nothing moves, and says meanwhile what does. ``left`` is what never came to rest."""

    def __init__(self, stack: Stack, say: Say) -> None:
        self.left: dict[str, int] = {}
        self._stack = stack
        self._say = say
        self._said = ("", 0.0)

    def settle(self) -> None:
        """Wait."""
        self.left |= wait_until_quiet(self._stack, PATIENCE, self._progress)

    def _progress(self, left: dict[str, int]) -> None:
        text = ", ".join(f"{number} {name}" for name, number in left.items())
        said, at = self._said
        if text and (text != said or time.monotonic() - at > SILENCE):
            self._said = (text, time.monotonic())
            self._say(f"  moving: {text}")


def _shops_send(stack: Stack, story: Story, say: Say) -> list[Answered]:
    deliveries = deliveries_of(story)
    post_json(f"{stack['vendors']['klaviyo']}/_sandbox/faults", A_BUSY_MOMENT)
    post_json(f"{stack['vendors']['hubspot']}/_sandbox/settings", A_PROFESSIONAL_ACCOUNT)
    say(f"posting {len(deliveries)} webhooks, most of them signed: two Shopify stores, an own order system, HubSpot")

    def progress(done: int) -> None:
        if done % STEP == 0 or done == len(deliveries):
            say(f"  {done} answered")

    return post_all(stack, deliveries, progress)


def _staff_work(stack: Stack, story: Story, say: Say, settling: Settling) -> list[dict[str, object]]:
    """What people do in HubSpot: change contacts, make two of one person, merge these."""
    changes, made = hubspot_changes(story), hubspot_contacts()
    say(f"the staff change {len(changes)} contacts in HubSpot, and make {len(made)} of one and the same person")
    for edit in (*changes, *made):
        post_json(f"{stack['vendors']['hubspot']}/_sandbox/settings", {"edit_contact": edit})
    settling.settle()
    say(f"the staff merge the {len(made)} contacts in HubSpot")
    merge_in_hubspot(stack)
    settling.settle()
    return changes
