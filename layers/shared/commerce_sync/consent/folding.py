"""The rule: what a set of consent records means. Pure, and of the set alone: order and repeats change nothing.

Source: the truth table and rules R1-R11 of the compliance facts (47 CFR 64.1200(a)(10), CASL, GDPR article 7 behind
them); numbers in ``rules.toml``.
"""

from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from typing import Final

from commerce_sync.consent.acts import Act, act_of, covers, has_ended, is_review, needs_confirmation
from commerce_sync.consent.answers import without_unasked
from commerce_sync.consent.rules import shipped_rules
from commerce_sync.consent.times import is_in_future
from commerce_sync.consent.voiding import texts, without_voided
from commerce_sync.contracts.consent import ALL, ConsentRecord, ConsentRules, ConsentState, Standing


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
        all_records, lambda known, then: fold(known, sender=sender, at=then, rules=rules).awaits_confirmation, rules
    )
    covering = [act_of(one, rules) for one in all_records if covers(one, sender, rules)]
    valid = {one.record_id for one in without_voided(all_records, rules)}
    acts = [act for act in covering if act.record.record_id in valid]
    future = {act.record.record_id for act in acts if act.moment.clock is None and is_in_future(act.record, rules)}
    flags = tuple(f"clamped:{one}" for one in sorted(future))
    standing = [act for act in acts if not has_ended(act, at, rules)]
    has_lapsed = any(act.kind in _OPT_INS for act in covering) and not any(act.kind in _OPT_INS for act in standing)
    return _Folding(standing, sender, at, rules, flags, has_lapsed=has_lapsed).state()


def clears(grant: Act, out: Act, rules: ConsentRules) -> bool:
    """Rule R2: a strong first-party opt-in that is later; where the opt-out is hard, a verified one."""
    return _is_strong_enough(grant, out) and grant.moment.is_later_than(out.moment, rules)


_OPT_INS: Final = frozenset({"verified", "strong"})


class _Folding:
    """One fold, from the most restrictive answer to the least."""

    def __init__(  # what is folded, for whom, when and how
        self,
        acts: Sequence[Act],
        sender: str,
        at: datetime,
        rules: ConsentRules,
        flags: tuple[str, ...],
        *,
        has_lapsed: bool,
    ) -> None:
        self.sender, self.at, self.rules, self.flags, self.has_lapsed = sender, at, rules, flags, has_lapsed
        self.acts = acts
        self.outs = [one for one in acts if one.kind in {"hard", "pref"}]
        self.grants = [one for one in acts if one.kind in _OPT_INS]

    def state(self) -> ConsentState:
        """The answer."""
        outs, grants = self.outs, self.grants
        if standing := self._standing(grants):
            waits = all(self._waits(grants, one) for one in standing)
            return self._answer("out", "opted_out", standing, awaits_confirmation=waits)
        if holds := self._open_holds():
            return self._answer("hold", "waits_for_review", holds)
        # An opt-in that an opt-out overrode does not confirm the later one that cleared it.
        confirmed = [one for one in grants if one.kind == "verified" or not needs_confirmation(one.record, self.rules)]
        if confirmed and not self._standing(confirmed):
            return self._answer("in", "opted_in", _after_all(outs, confirmed))
        if grants:
            return self._answer("pending", "needs_confirmation", _after_all(outs, grants), awaits_confirmation=True)
        if weak := [one for one in self.acts if one.kind == "weak"]:
            return self._answer("weak", "weak_evidence_only", weak)
        return self._answer("none", "nothing_known", ())

    def _standing(self, grants: Sequence[Act]) -> list[Act]:
        """Opt-outs that none of these opt-ins clears."""
        left = [one for one in self.outs if not any(clears(grant, one, self.rules) for grant in grants)]
        uncleared = {one.record.record_id for one in left}
        return [one for one in left if not _falls_with_its_originals(one, uncleared, grants)]

    def _waits(self, grants: Iterable[Act], out: Act) -> bool:
        """Whether an opt-in is late enough, and needs but its confirmation to clear this: or what this only echoes."""
        originals = _originals(out)
        if originals:
            echoed = [one for one in self.outs if one.record.record_id in originals]
            return bool(echoed) and all(self._waits(grants, one) for one in echoed if not _originals(one))
        return any(grant.moment.is_later_than(out.moment, self.rules) for grant in grants)

    def _open_holds(self) -> list[Act]:
        """Holds that no review ended, to OUT or back: one that names them, or one that names none and is later."""
        holds = [one for one in self.acts if one.kind == "hold"]
        reviews = [one for one in self.acts if is_review(one.record)] if holds else []
        return [hold for hold in holds if not any(_ends(review, hold) for review in reviews)]

    def _answer(
        self, state: Standing, reason: str, acts: Sequence[Act], *, awaits_confirmation: bool = False
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
            opted_in_at=_latest(self.grants),
            opted_out_at=_latest(self.outs),
            source=newest.record.source if newest else None,
            is_revoked=state in {"none", "weak", "pending"} and (bool(self.outs) or self.has_lapsed),
            flags=self.flags,
        )


def _originals(out: Act) -> set[str]:
    """What an opt-out only echoes; empty where it stands for itself."""
    return {str(one) for one in texts(out.record.evidence.get("echo_of"))} if out.record.actor == "system" else set()


def _latest(acts: Iterable[Act]) -> datetime | None:
    return max([one.moment.at for one in acts], default=None)


def _after_all(outs: Iterable[Act], grants: Iterable[Act]) -> list[Act]:
    """Opt-ins that stand: the others were overridden, and say nothing any more."""
    newest = _latest(outs)
    return [one for one in grants if newest is None or one.moment.at > newest]


def _is_strong_enough(grant: Act, out: Act) -> bool:
    return grant.kind == "verified" or out.kind == "pref"


def _falls_with_its_originals(out: Act, uncleared: Set[str], grants: Iterable[Act]) -> bool:
    """Whether an opt-out is but the echo of others, all of them cleared, and an opt-in is later than it as well.

    Its clock is a destination's, and its time that of our own telling: it says nothing that its originals do not.
    """
    originals = _originals(out)
    if not originals or originals & uncleared:
        return False
    return any(_is_strong_enough(one, out) and one.moment.at > out.moment.at for one in grants)


def _ends(review: Act, hold: Act) -> bool:
    decides = [str(one) for one in texts(review.record.evidence.get("decides"))]
    return hold.record.record_id in decides if decides else review.moment.at > hold.moment.at


def _require_one_address(records: Sequence[ConsentRecord]) -> None:
    """No record of another address, channel or purpose may count."""
    purposes = {one.purpose for one in records} - {ALL}
    if len(purposes) > 1 or len({(one.tenant, one.channel, one.address_key) for one in records}) > 1:
        raise ValueError("records of several addresses, channels or purposes were folded together")
