"""Klaviyo as a destination: it sends, so what it shows decides who is written to.

An opt-in is told as history, always: with its own time as evidence, starting no flow and asking nobody to confirm what
was proved elsewhere. A hold is a manual suppression of the email address, never an unsubscribe. Klaviyo suppresses no
phone numbers: a held one gets a profile property, which SMS segments must leave out. Only what needs a confirmation is
told live, to the list that asks for one.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from commerce_sync.consent.verdicts import Verdict, outcome_of, worse
from commerce_sync.contracts.consent import Channel
from commerce_sync.contracts.consent_policy import ConsentPolicy, Purpose
from commerce_sync.contracts.consent_shown import Asked, Outcome, Place, Showing, Shown, all_of
from commerce_sync.errors import PermanentError, RetriableError

ACCOUNT = "account"
SUBSCRIBED, UNSUBSCRIBED = "SUBSCRIBED", "UNSUBSCRIBED"
WITHDRAWN = frozenset({"UNSUBSCRIBE", "SPAM_COMPLAINT", "SPAM_REPORT"})
HELD = "USER_SUPPRESSED"
SOURCE = "consent ledger"
Addresses = TypeVar("Addresses", bound=Collection[str])


class Subscription(Protocol):
    """What a profile shows of one channel."""

    @property
    def consent(self) -> str: ...  # noqa: D102
    @property
    def last_updated(self) -> datetime | None: ...  # noqa: D102
    @property
    def consented_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def suppressions(self) -> Sequence[tuple[str, datetime | None]]: ...  # noqa: D102
    @property
    def list_suppressions(self) -> Sequence[tuple[str, str, datetime | None]]: ...  # noqa: D102
    @property
    def is_held(self) -> bool: ...  # noqa: D102


class Client(Protocol):
    """Klaviyo's consent calls."""

    def subscriptions(self, addresses: Iterable[str], channel: Channel) -> Mapping[str, Subscription]: ...  # noqa: D102
    def unsubscribe(self, channel: Channel, addresses: Sequence[str]) -> Sequence[Verdict]: ...  # noqa: D102
    def unsubscribe_from_list(self, list_id: str, emails: Sequence[str]) -> Sequence[Verdict]: ...  # noqa: D102
    def suppress(self, emails: Sequence[str]) -> Sequence[Verdict]: ...  # noqa: D102
    def unsuppress(self, emails: Sequence[str]) -> Sequence[Verdict]: ...  # noqa: D102
    def hold_phones(self, phones: Sequence[str], *, held: bool) -> Sequence[Verdict]: ...  # noqa: D102
    def subscribe(  # noqa: D102
        self,
        channel: Channel,
        entries: Sequence[tuple[str, datetime | None]],
        *,
        historical: bool,
        list_id: str | None,
        source: str,
    ) -> Sequence[Verdict]: ...


@dataclass(frozen=True)
class KlaviyoDestination:
    """Fits :class:`commerce_sync.consent.keeping_needs.Destination`."""

    client: Client
    policy: ConsentPolicy
    place: Place

    def shown(self, channel: Channel, addresses: Sequence[str]) -> Mapping[str, Shown]:
        """What each address's profile shows; an address without a profile shows nothing."""
        found = self.client.subscriptions(addresses, channel)
        return {
            address: self._shown(channel, found[address]) if address in found else Shown(exists=False)
            for address in addresses
        }

    def close(self, channel: Channel, asked: Sequence[Asked]) -> Mapping[str, Outcome]:
        """Opt-outs, of everything first, then of single lists; and holds. What one call meets holds up no other.

        Who is out of everything is asked about no list: a list that is gone would leave what was told unverified.
        """
        outcomes: dict[str, Outcome] = {}
        everywhere: set[str] = set()
        for purpose in self._purposes(channel):
            outs = [one.address for one in asked if purpose.id in one.wanted.outs]
            holds = [one.address for one in asked if purpose.id in one.wanted.of("hold")]
            left = [address for address in outs if address not in everywhere]
            _tell(outcomes, left, partial(self._withdraw, channel, purpose.klaviyo))
            if purpose.klaviyo == ACCOUNT:
                everywhere |= {address for address in outs if outcomes[address].told}
            _tell(outcomes, holds, self.client.suppress if channel == "email" else self._hold)
        return outcomes

    def open(self, channel: Channel, asked: Sequence[Asked]) -> Mapping[str, Outcome]:
        """The end of holds, opt-ins, and the question whether somebody means it. What fails holds up nothing else."""
        outcomes = all_of(asked, Outcome(told=True))
        freed = [one.address for one in asked if one.wanted.was_held and not one.wanted.closes]
        _tell(outcomes, freed, self.client.unsuppress if channel == "email" else self._release)
        for purpose in self._purposes(channel):
            granted = {one.address: one.wanted.granted_at for one in asked if purpose.id in one.wanted.of("in")}
            list_id = None if purpose.klaviyo == ACCOUNT else purpose.klaviyo
            _tell(outcomes, granted, partial(self._grant, channel, list_id, historical=True))
            doubted = {one.address: None for one in asked if purpose.id in one.wanted.asks}
            if self.policy.double_opt_in_list:
                ask = partial(self._grant, channel, self.policy.double_opt_in_list, historical=False)
                _tell(outcomes, doubted, ask)
        return outcomes

    def _purposes(self, channel: Channel) -> Sequence[Purpose]:
        """A channel's purposes, that of the whole account first."""
        return sorted(self.policy.purposes_of(channel), key=lambda one: one.klaviyo != ACCOUNT)

    def _withdraw(self, channel: Channel, where: str, addresses: Sequence[str]) -> Sequence[Verdict]:
        if where == ACCOUNT:
            return self.client.unsubscribe(channel, addresses)
        return self.client.unsubscribe_from_list(where, addresses)

    def _hold(self, phones: Sequence[str]) -> Sequence[Verdict]:
        return self.client.hold_phones(phones, held=True)

    def _release(self, phones: Sequence[str]) -> Sequence[Verdict]:
        return self.client.hold_phones(phones, held=False)

    def _grant(
        self, channel: Channel, list_id: str | None, granted: Mapping[str, datetime | None], *, historical: bool
    ) -> Sequence[Verdict]:
        entries = list(granted.items())
        return self.client.subscribe(channel, entries, historical=historical, list_id=list_id, source=SOURCE)

    def _shown(self, channel: Channel, subscription: Subscription) -> Shown:
        purposes: dict[str, Showing] = {}
        out_at: dict[str, datetime] = {}
        for purpose in self.policy.purposes_of(channel):
            showing, at = _showing(subscription, purpose.klaviyo)
            purposes[purpose.id] = showing
            if at is not None:
                out_at[purpose.id] = at
        return Shown(exists=True, purposes=purposes, out_at=out_at)


def _showing(subscription: Subscription, where: str) -> tuple[Showing, datetime | None]:
    """What is shown of the account's consent, or of one list's, and since when it is withdrawn."""
    outs = [at for reason, at in subscription.suppressions if reason in WITHDRAWN]
    outs += [at for list_id, _, at in subscription.list_suppressions if list_id == where]
    if subscription.consent == UNSUBSCRIBED:
        outs.append(subscription.last_updated or subscription.consented_at)
    if outs:
        return "out", max((at for at in outs if at), default=None)
    if subscription.is_held or any(reason == HELD for reason, _ in subscription.suppressions):
        return "hold", None
    return ("in" if subscription.consent == SUBSCRIBED else "none"), None


def _tell(outcomes: dict[str, Outcome], asked: Addresses, tell: Callable[[Addresses], Sequence[Verdict]]) -> None:
    """Tell some addresses, if any; an error, of a list that is gone for one, is theirs and nobody else's."""
    if not asked:
        return
    try:
        told = [(verdict.address, outcome_of(verdict)) for verdict in tell(asked)]
    except RetriableError as error:
        told = [(address, Outcome(retriable=error)) for address in asked]
    except PermanentError as error:
        told = [(address, Outcome(refused=error)) for address in asked]
    for address, outcome in told:
        known = outcomes.get(address)
        outcomes[address] = outcome if known is None else worse(known, outcome)
