"""HubSpot as a destination: email statuses with their legal basis, and our own contact properties for both channels.

Its dated API lets anybody be subscribed again, so it is no safety net. A status belongs to an address, contact or not;
the properties stand on contacts, and an address without one has none. HubSpot knows no SMS consent: there the
properties are all there is. A hold is only shown, since HubSpot sends nothing by itself here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from commerce_sync.consent.each import read_each
from commerce_sync.consent.verdicts import Verdict, outcome_of, worse
from commerce_sync.contracts.consent import Channel, Standing
from commerce_sync.contracts.consent_policy import ConsentPolicy
from commerce_sync.contracts.consent_shown import Asked, Outcome, Place, Showing, Shown, Wanted
from commerce_sync.errors import NotAllowedError, PermanentError, RefusedByVendorError, RetriableError

SUBSCRIBED, UNSUBSCRIBED = "SUBSCRIBED", "UNSUBSCRIBED"
ID_SHOWN = 12


class Status(Protocol):
    """One kind of email of one address."""

    @property
    def subscription_id(self) -> str: ...  # noqa: D102
    @property
    def status(self) -> str: ...  # noqa: D102
    @property
    def at(self) -> datetime | None: ...  # noqa: D102


class Preferences(Protocol):
    """HubSpot's email statuses."""

    def statuses(self, email: str) -> Sequence[Status]: ...  # noqa: D102
    def wide_status(self, email: str) -> Status | None: ...  # noqa: D102
    def unsubscribe(self, email: str, subscription_id: str) -> str: ...  # noqa: D102
    def unsubscribe_all(self, email: str) -> str: ...  # noqa: D102
    def subscribe(self, email: str, subscription_id: str, legal_basis: str, explanation: str) -> str: ...  # noqa: D102


class Properties(Protocol):
    """Our contact properties."""

    def write_by_email(self, values: Mapping[str, Mapping[str, str]]) -> Sequence[Verdict]: ...  # noqa: D102
    def write(self, values: Mapping[str, Mapping[str, str]]) -> Sequence[Verdict]: ...  # noqa: D102


@dataclass(frozen=True)
class HubSpotDestination:
    """Fits :class:`commerce_sync.consent.keeping_needs.Destination`.

    ``subscription_ids`` gives the ids of each purpose's kinds of email. ``contacts_of`` gives the contacts of a phone
    number, ``standings_of`` what contacts show of SMS, ``described`` the properties that say a standing.
    """

    preferences: Preferences
    properties: Properties
    policy: ConsentPolicy
    place: Place
    subscription_ids: Callable[[], Mapping[str, Sequence[str]]]
    contacts_of: Callable[[str], Sequence[str]]
    standings_of: Callable[[Sequence[str]], Mapping[str, str]]
    described: Callable[[Channel, Standing, Wanted], Mapping[str, str]]

    def shown(self, channel: Channel, addresses: Sequence[str]) -> Mapping[str, Shown]:
        """Statuses for email, our properties for SMS."""
        shown = self._shown_email if channel == "email" else self._shown_sms
        return read_each(addresses, shown)

    def close(self, channel: Channel, asked: Sequence[Asked]) -> Mapping[str, Outcome]:
        """Opt-outs of some kinds or of all, and what is described.

        By email HubSpot notes an opt-out of somebody it has no contact of, so that one made later is out as well. Whom
        it erased it must not hear of again.
        """
        outcomes = self._described(channel, asked)
        if channel == "email":
            for one in asked:
                if one.wanted.is_erasure and outcomes[one.address].nobody:
                    continue
                if one.wanted.outs:
                    told = _tried(lambda one=one: self._withdraw(one))  # type: ignore[misc] # bound at once
                    outcomes[one.address] = worse(told, outcomes[one.address])
        return outcomes

    def open(self, channel: Channel, asked: Sequence[Asked]) -> Mapping[str, Outcome]:
        """Opt-ins with their legal basis, and what is described."""
        outcomes = self._described(channel, asked)
        if channel == "email":
            for one in asked:
                if one.wanted.of("in"):
                    told = _tried(lambda one=one: self._grant(one))  # type: ignore[misc] # bound at once
                    outcomes[one.address] = worse(told, outcomes[one.address])
        return outcomes

    def _withdraw(self, asked: Asked) -> None:
        outs = set(asked.wanted.outs)
        if outs >= {one.id for one in self.policy.purposes_of("email")}:
            self.preferences.unsubscribe_all(asked.address)
            return
        ids = self.subscription_ids()
        for subscription_id in (one for purpose in sorted(outs) for one in ids.get(purpose, ())):
            self.preferences.unsubscribe(asked.address, subscription_id)

    def _grant(self, asked: Asked) -> None:
        ids = self.subscription_ids()
        at = asked.wanted.granted_at
        proof = ", ".join(one[:ID_SHOWN] for one in asked.wanted.record_ids)
        explanation = f"Opted in {at:%Y-%m-%d} by {asked.wanted.source}; consent ledger {proof}" if at else proof
        for subscription_id in (one for purpose in asked.wanted.of("in") for one in ids.get(purpose, ())):
            self.preferences.subscribe(asked.address, subscription_id, self.policy.legal_basis, explanation)

    def _described(self, channel: Channel, asked: Sequence[Asked]) -> dict[str, Outcome]:
        """Write our properties where there is a contact; by email a status may be told all the same."""
        if channel == "email":
            values = {one.address: self._values(channel, one.wanted) for one in asked}
            return {
                one.address: Outcome(nobody=True) if one.skipped else outcome_of(one)
                for one in self.properties.write_by_email(values)
            }
        contacts = {one.address: self.contacts_of(one.address) for one in asked}
        wanted = {one.address: one.wanted for one in asked}
        written = self.properties.write(
            {contact: self._values(channel, wanted[address]) for address, ids in contacts.items() for contact in ids}
        )
        by_contact = {verdict.address: outcome_of(verdict) for verdict in written}
        return {address: _all_told([by_contact[one] for one in ids]) for address, ids in contacts.items()}

    def _values(self, channel: Channel, wanted: Wanted) -> Mapping[str, str]:
        purpose = self.policy.default_purpose
        standing = "out" if purpose in wanted.revoked else wanted.standings.get(purpose, "none")
        return self.described(channel, standing, wanted)

    def _shown_email(self, email: str) -> Shown:
        known = {one.subscription_id: one for one in self.preferences.statuses(email)}
        wide = self.preferences.wide_status(email)
        purposes: dict[str, Showing] = {}
        out_at: dict[str, datetime] = {}
        for purpose, ids in self.subscription_ids().items():
            theirs = [known[one] for one in ids if one in known]
            outs = [one for one in (*theirs, *([wide] if wide else [])) if one.status == UNSUBSCRIBED]
            is_in = bool(theirs) and all(one.status == SUBSCRIBED for one in theirs)
            purposes[purpose] = "out" if outs else "in" if is_in else "none"
            if at := max((one.at for one in outs if one.at), default=None):
                out_at[purpose] = at
        return Shown(exists=bool(known), purposes=purposes, out_at=out_at)

    def _shown_sms(self, phone: str) -> Shown:
        standings = set(self.standings_of(self.contacts_of(phone)).values())
        showing: Showing = next((one for one in ("out", "hold", "in") if one in standings), "none")
        return Shown(exists=bool(standings), purposes={one.id: showing for one in self.policy.purposes_of("sms")})


def _tried(tell: Callable[[], None]) -> Outcome:
    """One address's calls. That HubSpot's plan or our scopes forbid them is for a person to mend."""
    try:
        tell()
    except NotAllowedError as error:
        return Outcome(refused=PermanentError(f"{error}: only our properties say it"))
    except RefusedByVendorError as error:
        return Outcome(refused=error)
    except RetriableError as error:
        return Outcome(retriable=error)
    return Outcome(told=True)


def _all_told(outcomes: Sequence[Outcome]) -> Outcome:
    """Nobody where there is no contact; else the worst of all."""
    if not outcomes:
        return Outcome(nobody=True)
    first, *others = outcomes
    for one in others:
        first = worse(first, one)
    return first
