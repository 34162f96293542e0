"""HubSpot hears of an opt-out by email even where it has no contact; of whom it erased it hears nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from commerce_sync.config.consent import consent_policy
from commerce_sync.consent.at_hubspot import HubSpotDestination
from commerce_sync.consent.rules import shipped_rules
from commerce_sync.consent.showing import Reading
from commerce_sync.contracts.consent import Address, ConsentRecord
from commerce_sync.contracts.consent_shown import Asked, Outcome, Place
from commerce_sync.vendors.verdicts import Verdict

from tests.fakes.consent_world import START, record

GONE: Address = ("email", "gone@example.com")
HUBSPOT = Place("hubspot", shows_standings=True)


@dataclass
class Preferences:
    """Notes who is unsubscribed; nobody shows anything."""

    unsubscribed: list[str] = field(default_factory=list)

    def statuses(self, _email: str) -> Sequence[object]:  # noqa: D102
        return ()

    def wide_status(self, _email: str) -> None:  # noqa: D102
        return None

    def unsubscribe_all(self, email: str) -> str:  # noqa: D102
        self.unsubscribed.append(email)
        return ""


@dataclass
class Contacts:
    """Our properties, of these contacts only."""

    known: frozenset[str]

    def write_by_email(self, values: Mapping[str, Mapping[str, str]]) -> list[Verdict]:  # noqa: D102
        return [Verdict(email, skipped=email not in self.known) for email in values]


def _closed(known: Sequence[str], *records: ConsentRecord) -> tuple[list[str], Outcome]:
    preferences = Preferences()
    destination = HubSpotDestination(
        preferences=preferences,  # type: ignore[arg-type]
        properties=Contacts(frozenset(known)),  # type: ignore[arg-type]
        policy=consent_policy(),
        place=HUBSPOT,
        subscription_ids=dict,
        contacts_of=lambda _phone: (),
        standings_of=lambda _ids: {},
        described=lambda _channel, _standing, _wanted: {},
    )
    wanted = Reading(consent_policy(), shipped_rules()).wanted(HUBSPOT, "email", records, START)
    (outcome,) = destination.close("email", [Asked(GONE[1], wanted)]).values()
    return preferences.unsubscribed, outcome


ERASED = record("erased", "hard_out", START, GONE, method="erasure", source="erasure")


@pytest.mark.parametrize("known", [[], [GONE[1]]])
def test_an_opt_out_is_noted_of_whom_there_is_no_contact(known: Sequence[str]) -> None:
    """So that a contact made later is out as well."""
    assert _closed(known, record("out", "pref_out", START, GONE)) == ([GONE[1]], Outcome(told=True))


def test_an_erasure_is_told_while_the_contact_is_there_and_never_after() -> None:
    """Unsubscribed until it is deleted, and no new trace once it is."""
    assert _closed([GONE[1]], ERASED) == ([GONE[1]], Outcome(told=True))
    assert _closed([], ERASED) == ([], Outcome(nobody=True))
