"""Klaviyo as a destination with lists beside the account: what one list meets holds up nobody who is not in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from commerce_sync.consent.at_klaviyo import KlaviyoDestination
from commerce_sync.consent.rules import shipped_rules
from commerce_sync.consent.showing import Reading
from commerce_sync.contracts.consent import Address, Channel
from commerce_sync.contracts.consent_policy import ConsentPolicy, Purpose
from commerce_sync.contracts.consent_shown import Asked, Outcome, Place
from commerce_sync.errors import CommerceSyncError, PausedError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.verdicts import Verdict

from tests.fakes.consent_world import START, record

LIST = "NEWS01"
POLICY = ConsentPolicy(
    default_purpose="marketing",
    default_sender="main",
    senders=("main",),
    purposes=(
        Purpose(id="news", channels=("email",), hubspot=("2",), klaviyo=LIST),
        Purpose(id="marketing", channels=("email", "sms"), hubspot=("1",), klaviyo="account"),
    ),
)
READING = Reading(POLICY, shipped_rules())
PLACE = Place("klaviyo", takes_holds=True)
GONE = RefusedByVendorError("klaviyo", 404, "not_found")
ERRORS = (GONE, RetriableError("klaviyo 503"), PausedError("klaviyo 429", retry_after=10.0))


@dataclass
class Client:
    """Klaviyo's calls, in order; those about the list fail."""

    error: CommerceSyncError
    calls: list[tuple[str, list[str]]] = field(default_factory=list)

    def _take(self, name: str, addresses: Sequence[str], where: str | None = None) -> list[Verdict]:
        self.calls.append((name, list(addresses)))
        if where == LIST:
            raise self.error
        return [Verdict(one) for one in addresses]

    def unsubscribe(self, _channel: str, addresses: Sequence[str]) -> list[Verdict]:
        """Everywhere."""
        return self._take("unsubscribe", addresses)

    def unsubscribe_from_list(self, list_id: str, emails: Sequence[str]) -> list[Verdict]:
        """From one list."""
        return self._take("unsubscribe from list", emails, list_id)

    def suppress(self, emails: Sequence[str]) -> list[Verdict]:
        """Hold."""
        return self._take("suppress", emails)

    def unsuppress(self, emails: Sequence[str]) -> list[Verdict]:
        """Hold no more."""
        return self._take("unsuppress", emails)

    def subscribe(self, _channel: str, entries: Sequence[tuple[str, datetime | None]], **how: Any) -> list[Verdict]:
        """Grant."""
        return self._take("subscribe", [address for address, _ in entries], how["list_id"])


def asked(name: str, *said: tuple[str, str, str]) -> Asked:
    """An address that said these things: action, strength, purpose."""
    address: Address = ("email", f"{name}@example.com")
    records = [
        record(f"{name}-{number}", strength, START - timedelta(days=1), address, action=action, purpose=purpose)
        for number, (action, strength, purpose) in enumerate(said)
    ]
    return Asked(address[1], READING.wanted(PLACE, "email", records, START))


def outcomes(tell: Callable[[Channel, Sequence[Asked]], Mapping[str, Outcome]], *some: Asked) -> dict[str, str]:
    """What became of each, in a word."""
    return {
        address.partition("@")[0]: "refused" if one.refused else "again" if one.retriable else "told"
        for address, one in tell("email", some).items()
    }


@pytest.mark.parametrize("error", ERRORS, ids=str)
def test_a_list_that_fails_holds_up_no_opt_out_but_its_own(error: CommerceSyncError) -> None:
    """Opt-outs of everything are told, and first; so are holds."""
    client = Client(error)
    destination = KlaviyoDestination(client, POLICY, PLACE)  # type: ignore[arg-type] # only what is called
    became = outcomes(
        destination.close,
        asked("of-the-list", ("withdraw", "pref_out", "news")),
        asked("of-all", ("withdraw", "hard_out", "*")),
        asked("held", ("hold", "info", "marketing")),
    )
    expected = "refused" if error is GONE else "again"
    assert became == {"of-the-list": expected, "of-all": "told", "held": "told"}
    assert client.calls == [
        ("unsubscribe", ["of-all@example.com"]),
        ("suppress", ["held@example.com"]),
        ("unsubscribe from list", ["of-the-list@example.com"]),
    ]


def test_who_cannot_be_told_to_be_out_of_everything_is_out_of_the_list_at_least() -> None:
    """And is tried again."""

    class Down(Client):
        def unsubscribe(self, _channel: str, addresses: Sequence[str]) -> list[Verdict]:
            return [Verdict(one, retriable=RetriableError("klaviyo 503")) for one in addresses]

        def unsubscribe_from_list(self, list_id: str, emails: Sequence[str]) -> list[Verdict]:
            self.calls.append((list_id, list(emails)))
            return [Verdict(one) for one in emails]

    client = Down(GONE)
    destination = KlaviyoDestination(client, POLICY, PLACE)  # type: ignore[arg-type] # only what is called
    assert outcomes(destination.close, asked("ana", ("withdraw", "hard_out", "*"))) == {"ana": "again"}
    assert client.calls == [(LIST, ["ana@example.com"])]


@pytest.mark.parametrize("error", ERRORS, ids=str)
def test_a_list_that_fails_holds_up_no_opt_in_but_its_own(error: CommerceSyncError) -> None:
    """The account's is told."""
    client = Client(error)
    destination = KlaviyoDestination(client, POLICY, PLACE)  # type: ignore[arg-type] # only what is called
    became = outcomes(
        destination.open,
        asked("of-the-list", ("grant", "verified_in", "news")),
        asked("of-the-account", ("grant", "verified_in", "marketing")),
    )
    assert became == {"of-the-list": "refused" if error is GONE else "again", "of-the-account": "told"}
    assert client.calls[0] == ("subscribe", ["of-the-account@example.com"])
