"""Why an address stands as it stands, in one sentence: the record that decides, and why the opposite one does not.

A sentence names times, systems and rules, and never a person: it may be shown to whoever may see that there is a state.
"""

from collections.abc import Sequence

from commerce_sync.consent.acts import Act, act_of, covers, has_ended, is_review
from commerce_sync.consent.deeds import deed, moment_text, occasion
from commerce_sync.consent.voiding import without_voided
from commerce_sync.contracts.consent import Channel, ConsentRecord, ConsentRules, ConsentState

WEAK_USE: dict[Channel, str] = {
    "email": "it allows email only where the law takes implied consent",
    "sms": "no text message is ever sent on it",
}
OUTS = frozenset({"hard", "pref"})
KINDS = {
    "hard": "an opt-out that only a verified opt-in clears",
    "pref": "an opt-out",
    "verified": "a verified opt-in",
    "strong": "an opt-in",
    "weak": "weak evidence, which clears nothing",
    "hold": "a hold",
    "review": "a person's decision",
    "nothing": "a note",
}


def sentence(state: ConsentState, records: Sequence[ConsentRecord], rules: ConsentRules) -> str:
    """The sentence that decides. ``records`` are those that ``state`` was folded from."""
    counting = [act_of(one, rules) for one in without_voided(records, rules) if covers(one, state.sender, rules)]
    acts = [one for one in counting if not has_ended(one, state.at, rules)]
    return f"{state.state.upper()}: {_Telling(state, acts, len(records), rules).told()}."


def counts_as(records: Sequence[ConsentRecord], rules: ConsentRules) -> dict[str, str]:
    """What each record counts for, by its id."""
    counting = {one.record_id for one in without_voided(records, rules)}
    return {
        one.record_id: KINDS[act_of(one, rules).kind] if one.record_id in counting else "nothing: a correction voids it"
        for one in records
    }


class _Telling:
    """One state in words."""

    def __init__(self, state: ConsentState, acts: Sequence[Act], known: int, rules: ConsentRules) -> None:
        self.state, self.acts, self.known, self.rules = state, acts, known, rules
        self.out = _newest([one for one in acts if one.kind in OUTS])
        self.deciding = self._original(_newest([one for one in acts if one.record.record_id in state.record_ids]))

    def _original(self, decides: Act | None) -> Act | None:
        """What somebody did, where what decides only repeats it: a system that shows what we had told it."""
        if decides is None or decides.kind not in OUTS or not decides.record.evidence.get("echo_of"):
            return decides
        done = _newest([one for one in self.acts if one.kind in OUTS and not one.record.evidence.get("echo_of")])
        grants = [one for one in self.acts if one.kind in {"verified", "strong"}]
        is_ended = done is None or any(one.moment.at > done.moment.at for one in grants)
        return decides if is_ended else done

    def told(self) -> str:
        decides = self.deciding
        if decides is None:
            return self._nothing()
        return {
            "out": self._out,
            "hold": self._hold,
            "in": self._in,
            "pending": self._pending,
            "weak": self._weak,
        }[self.state.state](decides)

    def _nothing(self) -> str:
        if not self.known:
            return "nothing is known, and no information is no permission"
        return "what is known was noted only, has ended, was voided by a correction or is another brand's"

    def _out(self, out: Act) -> str:
        grants = [one for one in self.acts if one.kind in {"verified", "strong"}]
        grant = _newest(grants) or _newest([one for one in self.acts if one.kind == "weak"])
        return f"{occasion(out)}{'; ' + self._why_not(grant, out) if grant else ''}"

    def _why_not(self, grant: Act, out: Act) -> str:
        """Why an opt-in does not clear an opt-out (R2, R3)."""
        of = f"the opt-in of {moment_text(grant.moment.at)}"
        if grant.kind == "weak" and (grant.record.occurred_at is None or grant.record.occurred_trust == "untrusted"):
            heard = moment_text(grant.record.received_at)
            return f"an opt-in that reached us on {heard} has no time of its own, and clears nothing"
        if grant.kind == "weak":
            return f"{of} is weak evidence ({deed(grant)}), and clears nothing"
        if grant.moment.at < out.moment.at:
            return f"{of} is older"
        if grant.moment.at == out.moment.at:
            return "the opt-in of the same moment is a tie, and a tie is OUT"
        if not grant.moment.is_later_than(out.moment, self.rules):
            minutes = self.rules.skew.total_seconds() / 60
            return f"{of} is later by {minutes:g} minutes or less, on another clock: a tie, and a tie is OUT"
        return f"{of} is later, but nobody confirmed it, and only a confirmed one ends this opt-out"

    def _hold(self, hold: Act) -> str:
        record = hold.record
        if record.method == "baseline_conflict":
            what = f"systems contradict each other ({occasion(hold)})"
        elif record.evidence.get("keyword_class"):
            what = f"{occasion(hold)}, and it may or may not be an opt-out"
        else:
            what = f"{occasion(hold)}, and what was said is not known to us or contradicts itself"
        return f"{what}; nobody may write until a person decides: operations review"

    def _in(self, grant: Act) -> str:
        reviewed = _newest([one for one in self.acts if one.kind == "hold"])
        parts = [occasion(grant)]
        if self.out is not None:
            parts.append(f"the opt-out of {moment_text(self.out.moment.at)} is older")
        if reviewed is not None and any(is_review(one.record) for one in self.acts):
            parts.append(f"a person decided the hold of {moment_text(reviewed.moment.at)}")
        return "; ".join(parts)

    def _pending(self, grant: Act) -> str:
        older = f"; the opt-out of {moment_text(self.out.moment.at)} is older" if self.out else ""
        return f"{occasion(grant)}; an opt-in made so or there must be confirmed first, and nothing is sent{older}"

    def _weak(self, grant: Act) -> str:
        return f"{occasion(grant)}; that is weak evidence: {WEAK_USE[grant.record.channel]}"


def _newest(acts: Sequence[Act]) -> Act | None:
    return max(acts, key=lambda one: (one.moment.at, one.record.record_id), default=None)
