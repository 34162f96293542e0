"""Tells who may be written to after the day, and why, in the ledger's own words."""

from collections.abc import Iterator

from local.sample_day.consent_checks import state_of
from local.sample_day.consent_story import LISTENERS
from local.sample_day.consenting import Consented


def who_may_be_written_to(consented: Consented) -> list[str]:
    """A line each, with the sentence that decides; and what waits for a person."""
    return ["", "WHO MAY BE WRITTEN TO, and the sentence that decides", *_people(consented), *_waiting(consented)]


def _people(consented: Consented) -> Iterator[str]:
    for one in LISTENERS:
        explained = consented.explained[one.address]
        yield f"  {one.name} ({one.kind}) {one.story}"
        yield f"      {state_of(explained, one).get('sentence', 'nothing is known')}"
        told = [
            f"{row['destination']} {row['status']}"
            for part in explained.get("consent", [])
            for row in part["destinations"]
            if row["status"] != "skipped"
        ]
        yield f"      told: {', '.join(told) or 'nobody'}"


def _waiting(consented: Consented) -> Iterator[str]:
    waiting = consented.review["waiting"]
    told = ", ".join(f"{number} {kind}" for kind, number in waiting.items() if number)
    yield f"  Waiting for a person (operations review): {told or 'nobody'}"
