"""One record as what it counts for: which kind of act, when, and whom it concerns."""

from datetime import datetime
from typing import Literal, NamedTuple

from commerce_sync.consent.times import Moment, moment_of_end, moment_of_grant
from commerce_sync.contracts.consent import ALL, ConsentRecord, ConsentRules

Kind = Literal["hard", "pref", "verified", "strong", "weak", "hold", "review", "nothing"]
OPT_OUTS = frozenset({"hard_out", "pref_out"})


class Act(NamedTuple):
    """A record that counts, as what, and when."""

    record: ConsentRecord
    kind: Kind
    moment: Moment


def act_of(record: ConsentRecord, rules: ConsentRules) -> Act:
    """A record as what it counts for.

    A withdrawal is one whatever its strength says; anything else that contradicts itself, or ends by a rule that nobody
    wrote down, is held for a person (R4). A review by no person decides nothing.
    """
    action, strength = record.action, record.strength
    if action == "grant":
        return _grant(record, rules)
    moment = moment_of_end(record, rules)
    if action == "withdraw" or (action == "review" and strength in OPT_OUTS):
        return Act(record, "hard" if strength == "hard_out" else "pref", moment)
    if action == "hold" or (action == "info" and strength in OPT_OUTS):
        return Act(record, "hold", moment)
    return Act(record, "review" if is_review(record) else "nothing", moment)


def is_review(record: ConsentRecord) -> bool:
    """Whether a person decided holds with it."""
    return record.action == "review" and record.actor != "system"


def covers(record: ConsentRecord, sender: str, rules: ConsentRules) -> bool:
    """Rule R5: a record concerns its own sender, or all; STOP by phone concerns all whatever it says.

    Asked about all brands at once (``*``), whatever is no grant concerns them: all may write only where each may. What
    a person decided back for one brand opens no other.
    """
    if record.sender in {sender, ALL}:
        return True
    is_stop = record.channel == "sms" and record.action == "withdraw" and record.strength == "hard_out"
    opens = record.action == "grant" or (record.action == "review" and record.strength not in OPT_OUTS)
    return (is_stop and rules.stop_covers_all_senders) or (sender == ALL and not opens)


def has_ended(act: Act, at: datetime, rules: ConsentRules) -> bool:
    """Rule R7: the end of a grant is computed when it is read, from the time it counts at."""
    rule = act.record.expires_rule
    life = rules.expiry.get(rule) if rule and act.record.action == "grant" else None
    return life is not None and at - act.moment.at > life


def needs_confirmation(record: ConsentRecord, rules: ConsentRules) -> bool:
    """Whether an unverified opt-in must be confirmed, by how or where it was collected."""
    return any(
        rule.channel == record.channel
        and (record.method in rule.methods or (record.country or "").upper() in rule.countries)
        for rule in rules.double_opt_in
    )


def _grant(record: ConsentRecord, rules: ConsentRules) -> Act:
    moment = moment_of_grant(record, rules)
    ends_somehow = record.expires_rule and record.expires_rule not in rules.expiry
    if ends_somehow or record.strength not in {"verified_in", "strong_in", "weak_in"}:
        return Act(record, "hold", moment_of_end(record, rules))
    if moment is None or record.strength == "weak_in":
        return Act(record, "weak", moment_of_end(record, rules))
    return Act(record, "verified" if record.strength == "verified_in" else "strong", moment)
