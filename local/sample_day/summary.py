"""Tells the day to a person who has never seen the bundle."""

import json
from collections import Counter
from collections.abc import Sequence

from local.places import REQUEST_LOG
from local.sample_day.consent_summary import who_may_be_written_to
from local.sample_day.elsewhere_summary import what_others_told
from local.sample_day.events_summary import how_events_stand
from local.sample_day.outcome import Check, Outcome
from local.sample_day.people_summary import who_is_who
from local.sample_day.privacy_summary import who_asked
from local.sample_day.story import Story
from local.sample_day.wording import money, table

SHOWN = 5
REASONS = {
    "missing_field": "an order without a total",
    "test_order": "test orders",
    "unknown_currency": "an order in a currency that does not exist",
    "topic_not_used": "a topic that nothing here needs",
    "not_json": "a body that is not JSON",
    "duplicate_key": "a body that says one thing twice",
    "not_a_number": "a total that is not a number",
    "not_utf8": "a body that is not text",
}
REFUSALS = {
    "signature_mismatch": "signed by somebody else",
    "signature_missing": "not signed",
    "timestamp_outside_window": "signed too long ago",
    "unknown_store": "for a store that is not ours",
    "body_too_large": "too large",
}
REFUSED_CALLS = {
    429: "answered 429 (too many at once), and made again",
    404: "answered 404: HubSpot was asked for the forgotten buyer's contact, which is gone",
}


def tell(story: Story, outcome: Outcome) -> list[str]:
    """The day, line by line."""
    return [
        *_came_in(outcome),
        *_went_out(outcome),
        *_set_aside(outcome),
        *how_events_stand(outcome.status["events"]),
        *_refused(outcome),
        *who_may_be_written_to(outcome.consented),
        *who_is_who(story, outcome),
        *who_asked(story, outcome),
        *what_others_told(outcome.elsewhere),
        *_calls(),
    ]


def verdicts(results: Sequence[Check]) -> list[str]:
    """What was checked, and what is wrong."""
    lines = ["", "WAS IT RIGHT?"]
    for check in results:
        lines.append(f"  {'yes' if not check.wrong else 'NO '}  {check.what}")
        lines += [f"         {problem}" for problem in check.wrong[:SHOWN]]
        if len(check.wrong) > SHOWN:
            lines.append(f"         ... and {len(check.wrong) - SHOWN} more")
    return lines


def _came_in(outcome: Outcome) -> list[str]:
    accepted = [one.delivery for one in outcome.answers if one.status == 200]  # noqa: PLR2004 # OK
    stores = Counter(f"{one.source} {one.store}" for one in accepted)
    repeats = sum(1 for one in accepted if one.note in {"delivered twice", "retried"})
    lines = ["", f"WHAT CAME IN: {len(accepted)} webhooks with a good signature, {repeats} of them repeats"]
    return lines + table(stores)


def _went_out(outcome: Outcome) -> list[str]:
    events = outcome.klaviyo["events"]
    metrics = Counter(event["metric"] for event in events)
    revenue: Counter[str] = Counter()
    for event in events:
        if event["metric"] == "Placed Order":
            revenue[event["value_currency"]] += round(event["value"] * 100)
    worth = ", ".join(money(cents, currency) for currency, cents in sorted(revenue.items()))
    hubspot = outcome.hubspot
    return [
        "",
        f"WHAT KLAVIYO NOW KNOWS: {len(events)} events of {len(outcome.klaviyo['profiles'])} profiles",
        *table(metrics),
        f"  Placed Order is worth {worth}",
        "",
        f"WHAT HUBSPOT NOW KNOWS: {len(hubspot['orders'])} orders, {len(hubspot['contacts'])} contacts",
        f"  {len(hubspot['orders']) - metrics['Placed Order']} order from the till named nobody: nothing for Klaviyo",
    ]


def _calls() -> list[str]:
    made = [json.loads(call) for call in REQUEST_LOG.read_text().splitlines()]
    calls = Counter(f"{one['vendor']} {one['method']} {_shape(one['path'])}" for one in made)
    failed = Counter(one["status"] for one in made if one["status"] >= 400)  # noqa: PLR2004 # refused
    told = Counter({REFUSED_CALLS.get(status, f"answered {status}"): number for status, number in failed.items()})
    lines = [f"WHAT IT TOOK: {sum(calls.values())} calls to vendors", *table(calls)]
    return ["", *lines, "  Of these", *table(told)]


def _shape(path: str) -> str:
    return "/".join(map(_part, path.split("/")))


def _part(part: str) -> str:
    if "@" in part:
        return "{address}"
    return "{id}" if any(char.isdigit() for char in part) and "-" not in part else part


def _set_aside(outcome: Outcome) -> list[str]:
    quarantined = Counter(outcome.status["quarantined"])
    lines = ["", f"WHAT WAS SET ASIDE, with its reason, and can be replayed: {sum(quarantined.values())}"]
    return lines + table(Counter({f"{code}: {_reason(code)}": number for code, number in quarantined.items()}))


def _reason(code: str) -> str:
    return REASONS.get(code, code)


def _refused(outcome: Outcome) -> list[str]:
    refused = [one for one in outcome.answers if one.status != 200]  # noqa: PLR2004 # OK
    reasons = Counter(f"{one.status} {REFUSALS.get(one.reason, one.reason)}" for one in refused)
    return ["", f"WHAT WAS REFUSED AT THE DOOR: {len(refused)}", *table(reasons)]
