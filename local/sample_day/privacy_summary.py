"""Tells what became of who asked to be forgotten, and of who asked what is known."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from local.sample_day.cast import FORGOTTEN
from local.sample_day.forgetting import Forgetting
from local.sample_day.outcome import Outcome
from local.sample_day.privacy_checks import email_of_forgotten
from local.sample_day.story import Story
from local.sample_day.wording import line, several

CRM: Final = "hubspot"
Request = Mapping[str, Any]
DONE: Final[Mapping[tuple[str, str], str]] = {
    ("find", "identifiers"): "identifiers found: their address, and their records in the store, HubSpot and Klaviyo",
    ("mark", "marked"): "of these marked as erased, before anything else: what is older, and late, brings nobody back",
    ("archive", "versions"): "archived deliveries about them deleted",
    ("quarantine", "entries"): "of the deliveries that had been set aside deleted",
    ("orders", "orders"): "of their orders made anonymous: the amounts stay, the buyer goes",
    ("orders", "promises"): "messages about them dropped that were still to be sent",
    ("confirmed", "addresses"): "deleted here: what Klaviyo was last told of them",
    ("hubspot", "contacts"): "deleted in HubSpot for good, by its privacy deletion: their contact",
    ("klaviyo", "deletions_asked"): "deletions asked of Klaviyo: by its own id, and by the address",
    ("traces", "traces"): "notes deleted of where all this was to be found, last of all",
}
"""What a step did, by what it counted."""
WHY: Final[Mapping[str, str]] = {
    "amounts": "they are what was sold, and the books need them",
    "point-in-time": "nothing can be taken out of them, and they run out",
    "dead letters": "they run out too",
}
"""Why something stays, by how the request says it, where that does not say why."""
AFTER: Final = "a second later (15 minutes where it is deployed)"
TOLD: Final[Mapping[str, str]] = {
    "identifiers": "identifiers: address and records",
    "orders": "orders and carts, with what Klaviyo was told of them",
    "deliveries": "deliveries, as they came in",
    "hubspot": "of HubSpot's contacts, whole",
    "klaviyo": "of Klaviyo's profiles, whole",
}
"""What an export holds, by its parts."""


def who_asked(story: Story, outcome: Outcome) -> list[str]:
    """The section of that name."""
    forgetting = outcome.forgetting
    asked = [one for one in forgetting.requests if one["source"] != CRM]
    lines = ["", f"WHO ASKED TO BE FORGOTTEN OR TOLD: {several(len(asked), 'buyer')}, when all the above was done"]
    for request in asked:
        if request["kind"] == "erase":
            lines += [*_erasure(request, forgetting), *_past(story, forgetting)]
    for request in asked:
        if request["kind"] == "access":
            lines += _access(request, forgetting)
    return lines


def _erasure(request: Request, forgetting: Forgetting) -> Iterator[str]:
    took = _seconds(request["received_at"], request.get("finished_at"))
    yield f"  One asked the store to be forgotten (webhook customers/redact): {request['state']}, {took}"
    for step in request["steps"]:
        yield from (
            line(number, DONE[step["step"], name])
            for name, number in step["counts"].items()
            if number and (step["step"], name) in DONE
        )
    checks = [step for step in request["steps"] if step["step"].startswith("check_")]
    left = sum(number for step in checks for name, number in step["counts"].items() if name != "came_back")
    yield line(len(checks), f"places looked through once more, {AFTER}: {left or 'nothing'} found there")
    if echoes := sum(one["source"] == CRM for one in forgetting.requests):
        yield line(echoes, "request more, by HubSpot's own webhook about that deletion: nothing was left to do")
    yield "  What stays, and why"
    yield from (f"         {what}{_because(what)}" for what in request["stays"])


def _past(story: Story, forgetting: Forgetting) -> Iterator[str]:
    email = email_of_forgotten()
    late = sum(one.delivery.topic == "orders/create" for one in forgetting.answers)
    profiles = sum((one["email"] or "").lower() == email for one in forgetting.klaviyo["profiles"])
    contacts = sum(one["properties"].get("email") == email for one in forgetting.hubspot["contacts"])
    known = sum(len(answer["profiles"]) for answer in forgetting.after.values())
    yield "  Then the past came again"
    yield line(late, "of their old orders sent once more by the store")
    yield line(forgetting.replayed, "deliveries of the day sent through once more by an operator (operations replay)")
    yield "  What is known of them after that"
    yield line(profiles, "profiles in Klaviyo")
    yield line(contacts, "contacts in HubSpot")
    yield line(known, "profiles here (operations explain)")
    yield _paid(story, forgetting)


def _paid(story: Story, forgetting: Forgetting) -> str:
    keys = {order.key for order in story.bought_by(FORGOTTEN)}
    orders = [one["properties"] for one in forgetting.hubspot["orders"]]
    theirs = [one for one in orders if one["sync_order_key"] in keys]
    worth = ", ".join(f"{one['sync_original_amount']} {one['sync_original_currency']}" for one in theirs)
    return line(len(theirs), f"of their orders still in HubSpot, without a contact, worth {worth} as before")


def _because(what: str) -> str:
    return next((f": {why}" for start, why in WHY.items() if what.startswith(start)), "")


def _access(request: Request, forgetting: Forgetting) -> Iterator[str]:
    export = forgetting.export
    yield f"  One asked the store what is known of them (webhook customers/data_request): {request['state']}"
    yield "         an export lies in the archive, for somebody to send within 14 days; then it is deleted. In it"
    yield from (line(len(export[name]), text) for name, text in TOLD.items())


def _seconds(start: str, end: str | None) -> str:
    if end is None:
        return "and not finished"
    return f"in {(datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds():.0f} s"
