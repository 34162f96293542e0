"""From an address's chain to what each destination shall show of it."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from commerce_sync.consent.acts import act_of
from commerce_sync.consent.folding import fold
from commerce_sync.consent.voiding import is_approved
from commerce_sync.contracts.consent import ALL, Channel, ConsentRecord, ConsentRules, ConsentState, Standing
from commerce_sync.contracts.consent_book import Chain, Waits
from commerce_sync.contracts.consent_policy import ConsentPolicy
from commerce_sync.contracts.consent_shown import Place, Wanted

ERASURE = "erasure"
"""The method of the record that an erasure request leaves."""
ASKED_WITHIN = timedelta(days=1)
"""Who ticked a box longer ago is asked nothing: a message about it would come out of the blue."""
A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Reading:
    """Reads chains by the rules and the policy. ``sender`` is the brand that the destinations write for."""

    policy: ConsentPolicy
    rules: ConsentRules

    def states(self, channel: Channel, records: Sequence[ConsentRecord], at: datetime) -> dict[str, ConsentState]:
        """The state of each purpose of a channel, for the sender that the destinations write for."""
        return {purpose: self.state(records, purpose, at) for purpose in self._purposes(channel)}

    def state(self, records: Iterable[ConsentRecord], purpose: str, at: datetime) -> ConsentState:
        """The state of one purpose: its own records, and those of every purpose."""
        theirs = [one for one in records if one.purpose in {purpose, ALL}]
        return fold(theirs, sender=self.policy.default_sender, at=at, rules=self.rules)

    def wanted(self, place: Place, channel: Channel, records: Sequence[ConsentRecord], at: datetime) -> Wanted:
        """What a place shall show after these records."""
        known = self.states(channel, records, at)
        states = {purpose: state for purpose, state in known.items() if not place.purposes or purpose in place.purposes}
        foreign = {one.record_id for one in records if one.source in place.subscribed_by_others}
        standings = {purpose: _standing_at(place, one, foreign) for purpose, one in states.items()}
        grants = [one.since for one in states.values() if one.state == "in" and one.since]
        deciding = {record for state in states.values() for record in state.record_ids}
        newest = max(states.values(), key=lambda one: (one.since is not None, one.since or at), default=None)
        revoked = tuple(sorted(purpose for purpose, state in states.items() if state.is_revoked))
        return Wanted(
            standings=standings,
            fingerprint=fingerprint(standings.items(), revoked),
            granted_at=max(grants, default=None),
            opted_in_at=_latest(one.opted_in_at for one in states.values()),
            opted_out_at=_latest(one.opted_out_at for one in states.values()),
            source=(newest.source or "") if newest else "",
            record_ids=tuple(sorted(deciding)),
            rule_version=self.rules.version,
            was_held=any(one.action == "hold" for one in records),
            corrected_at=_latest(
                one.received_at for one in records if one.action == "correction" and is_approved(one, self.rules)
            ),
            holds=place.takes_holds,
            asks=tuple(sorted(one for one, state in states.items() if place.confirms and _is_to_be_asked(state, at))),
            revoked=revoked,
            ends_at=self._end(records, deciding) if grants else None,
            is_erasure=any(one.method == ERASURE and one.record_id in deciding for one in records),
        )

    def _end(self, records: Iterable[ConsentRecord], deciding: Set[str]) -> datetime | None:
        """When the first of the opt-ins that decide has ended (R7)."""
        ends = (
            act.moment.at + life + A_MOMENT
            for one in records
            if one.record_id in deciding and one.action == "grant"
            for act in [act_of(one, self.rules)]
            if (life := self.rules.expiry.get(one.expires_rule)) is not None
        )
        return min(ends, default=None)

    def waits(self, chain: Chain, records: Sequence[ConsentRecord], at: datetime) -> tuple[Waits | None, datetime]:
        """Why the address waits for a person, and since when; ``at`` where it does not."""
        states = self.states(chain.address[0], records, at).values()
        held = [one for one in states if one.state == "hold"]
        pending = [one for one in states if one.state == "pending" or one.awaits_confirmation]
        if held:
            ids = {record for state in held for record in state.record_ids}
            disagree = any(one.record_id in ids and one.method == "baseline_conflict" for one in records)
            return ("conflict" if disagree else "hold"), min(one.since or at for one in held)
        if pending:
            return "pending", min(one.since or at for one in pending)
        return None, at

    def summary(self, channel: Channel, records: Sequence[ConsentRecord], at: datetime) -> str:
        """The states as one short text, for the trace of a record."""
        states = self.states(channel, records, at)
        return " ".join(f"{purpose}={state.state}" for purpose, state in sorted(states.items()))

    def _purposes(self, channel: Channel) -> list[str]:
        return [one.id for one in self.policy.purposes_of(channel)]


def fingerprint(standings: Iterable[tuple[str, Standing]], revoked: Sequence[str] = ()) -> str:
    """Equal for equal standings, of which some are revoked."""
    said = repr(sorted(standings)) + (repr(list(revoked)) if revoked else "")
    return sha256(said.encode()).hexdigest()[:16]


def _is_to_be_asked(state: ConsentState, at: datetime) -> bool:
    """Whether a person is to be asked to confirm: about a fresh act of theirs, never about history or an import."""
    return state.state == "pending" and state.since is not None and at - state.since <= ASKED_WITHIN


def _standing_at(place: Place, state: ConsentState, foreign: Set[str]) -> Standing:
    """A standing as a place can show it: what gives no permission and takes none away says nothing there.

    ``foreign`` are records of sources whose own app subscribes people there.
    """
    if place.shows_standings:
        return state.state
    if state.state in {"in", "pending"} and set(state.record_ids) <= foreign:
        return "none"
    told = {"in", "out"} | ({"hold"} if place.takes_holds else set()) | ({"pending"} if place.confirms else set())
    return state.state if state.state in told else "none"


def _latest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((one for one in moments if one), default=None)
