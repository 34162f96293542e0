"""The rule: what a set of consent records means. Pure, and of the set alone: order and repeats change nothing.

Source: the truth table and rules R1-R11 of the compliance facts (47 CFR 64.1200(a)(10), CASL, GDPR article 7 behind
them); numbers in ``rules.toml``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from commerce_sync.consent.answers import without_unasked
from commerce_sync.consent.rules import shipped_rules
from commerce_sync.consent.times import Moment, is_in_future, moment_of_end, moment_of_grant
from commerce_sync.consent.voiding import texts, without_voided
from commerce_sync.contracts.consent import ALL, ConsentRecord, ConsentRules, ConsentState, Standing

Kind = Literal["hard", "pref", "verified", "strong", "weak", "hold", "review", "nothing"]
OUT: frozenset[Kind] = frozenset({"hard", "pref"})


@dataclass(frozen=True, slots=True)
class _Act:
    """A record that counts, as what, and when."""

    record: ConsentRecord
    kind: Kind
    moment: Moment


def fold(
    records: Iterable[ConsentRecord], *, sender: str, at: datetime, rules: ConsentRules | None = None
) -> ConsentState:
    """What the records of one address, channel and purpose mean for a sender at a moment (aware).

    Records of purpose ``*`` belong to every purpose; those of other senders are left out by rule R5. ``rules`` is the
    shipped default unless given. A state other than ``none`` names the records that decided.

    :raises ValueError: the records are of several addresses, channels or purposes: one person's act would count for
        another.
    """
    rules = rules or shipped_rules()
    all_records = list(records)
    _require_one_address(all_records)
    all_records = without_unasked(
        all_records, lambda known, then: fold(known, sender=sender, at=then, rules=rules).awaits_confirmation
    )
    counting = [one for one in without_voided(all_records, rules) if _covers(one, sender, rules)]
    acts = [_act(one, rules) for one in counting if not _has_ended(one, at, rules)]
    flags = tuple(sorted({f"clamped:{one.record_id}" for one in counting if is_in_future(one, rules)}))
    return _Folding(acts, sender, at, rules, flags).state()


@dataclass(frozen=True, slots=True)
class _Folding:
    """One fold, from the most restrictive answer to the least."""

    acts: Sequence[_Act]
    sender: str
    at: datetime
    rules: ConsentRules
    flags: tuple[str, ...]

    def state(self) -> ConsentState:
        outs, grants = self._of("hard", "pref"), self._of("verified", "strong")
        standing = [one for one in outs if not any(clears(grant, one, self.rules) for grant in grants)]
        if standing:
            waits = all(one.kind == "hard" and self._would_clear(grants, one) for one in standing)
            return self._answer("out", "opted_out", standing, awaits_confirmation=waits)
        if holds := self._open_holds():
            return self._answer("hold", "waits_for_review", holds)
        # An opt-in that a later opt-out overrode says nothing any more, though a still later one cleared that opt-out.
        present = [one for one in grants if all(one.moment.at > out.moment.at for out in outs)]
        confirmed = [one for one in present if one.kind == "verified" or not self._needs_confirmation(one.record)]
        if confirmed:
            return self._answer("in", "opted_in", confirmed)
        if present:
            return self._answer("pending", "needs_confirmation", present, awaits_confirmation=True)
        if weak := self._of("weak"):
            return self._answer("weak", "weak_evidence_only", weak)
        return self._answer("none", "nothing_known", ())

    def _of(self, *kinds: Kind) -> list[_Act]:
        return [one for one in self.acts if one.kind in kinds]

    def _would_clear(self, grants: Iterable[_Act], out: _Act) -> bool:
        """Whether an unverified opt-in is late enough: confirmed, it would clear this."""
        return any(grant.moment.is_later_than(out.moment, self.rules) for grant in grants)

    def _open_holds(self) -> list[_Act]:
        """Holds that no review ended: one that names them, or one that names none and is later."""
        reviews = self._of("review")
        return [hold for hold in self._of("hold") if not any(_ends(review, hold) for review in reviews)]

    def _needs_confirmation(self, record: ConsentRecord) -> bool:
        return any(
            rule.channel == record.channel and (record.method in rule.methods or record.country in rule.countries)
            for rule in self.rules.double_opt_in
        )

    def _answer(
        self, state: Standing, reason: str, acts: Sequence[_Act], *, awaits_confirmation: bool = False
    ) -> ConsentState:
        newest = max(acts, key=lambda one: (one.moment.at, one.record.record_id), default=None)
        return ConsentState(
            state=state,
            sender=self.sender,
            at=self.at,
            reason=reason,
            record_ids=tuple(sorted({one.record.record_id for one in acts})),
            rule_version=self.rules.version,
            awaits_confirmation=awaits_confirmation,
            since=newest.moment.at if newest else None,
            opted_in_at=max((one.moment.at for one in self._of("verified", "strong")), default=None),
            opted_out_at=max((one.moment.at for one in self._of("hard", "pref")), default=None),
            source=newest.record.source if newest else None,
            flags=self.flags,
        )


def clears(grant: _Act, out: _Act, rules: ConsentRules) -> bool:
    """Rule R2: a strong first-party opt-in that is later; where the opt-out is hard, a verified one."""
    return (grant.kind == "verified" or out.kind == "pref") and grant.moment.is_later_than(out.moment, rules)


def _act(record: ConsentRecord, rules: ConsentRules) -> _Act:
    """A record as what it counts. What contradicts itself is held for a person, but a withdrawal is one."""
    out: Kind = "hard" if record.strength == "hard_out" else "pref"
    if record.action == "withdraw" or (record.action == "review" and record.strength in {"hard_out", "pref_out"}):
        return _Act(record, out, moment_of_end(record, rules))
    if record.action == "grant":
        return _grant(record, rules)
    kind: Kind = {"hold": "hold", "review": "review"}.get(record.action, "nothing")  # type: ignore[assignment]
    return _Act(record, kind, moment_of_end(record, rules))


def _grant(record: ConsentRecord, rules: ConsentRules) -> _Act:
    moment = moment_of_grant(record, rules)
    if record.strength in {"hard_out", "pref_out", "info"}:
        return _Act(record, "hold", moment_of_end(record, rules))
    if moment is None or record.strength == "weak_in":
        return _Act(record, "weak", moment_of_end(record, rules))
    return _Act(record, "verified" if record.strength == "verified_in" else "strong", moment)


def _ends(review: _Act, hold: _Act) -> bool:
    decides = [str(one) for one in texts(review.record.evidence.get("decides"))]
    return hold.record.record_id in decides if decides else review.moment.at > hold.moment.at


def _covers(record: ConsentRecord, sender: str, rules: ConsentRules) -> bool:
    """Rule R5: a record concerns its own sender, or all; STOP by phone concerns all whatever it says."""
    is_stop = record.channel == "sms" and record.action == "withdraw" and record.strength == "hard_out"
    return record.sender in {sender, ALL} or (is_stop and rules.stop_covers_all_senders)


def _has_ended(record: ConsentRecord, at: datetime, rules: ConsentRules) -> bool:
    """Rule R7: the end of a grant is computed when it is read, from its act's time."""
    life = rules.expiry.get(record.expires_rule) if record.action == "grant" else None
    return life is not None and at - (record.occurred_at or record.received_at) > life


def _require_one_address(records: Iterable[ConsentRecord]) -> None:
    """No record of another address, channel or purpose may count."""
    records = list(records)
    purposes = {one.purpose for one in records} - {ALL}
    addresses = {(one.tenant, one.channel, one.address_key) for one in records}
    if len(addresses) > 1 or len(purposes) > 1:
        raise ValueError("records of several addresses, channels or purposes were folded together")
