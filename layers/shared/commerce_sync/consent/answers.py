"""YES by text is a verified opt-in only where a confirmation was asked for (compliance facts, section 7).

Whether one was pending is read from the set of records, so it does not matter which of the two arrived first.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from commerce_sync.consent.times import moment_of_end
from commerce_sync.contracts.consent import ConsentRecord, ConsentRules

Awaits = Callable[[Sequence[ConsentRecord], datetime], bool]
"""Whether records mean, at a moment, that a confirmation is awaited."""


def without_unasked(records: Sequence[ConsentRecord], awaits: Awaits, rules: ConsentRules) -> list[ConsentRecord]:
    """The records without the answers that nobody had asked for when they were given: those say nothing.

    A time that lies too far in the future is our receipt here as well (R1): no answer waits for its question.
    """
    answers = [one for one in records if is_answer(one)]
    if not answers:
        return list(records)
    others = [(one, moment_of_end(one, rules).at) for one in records if not is_answer(one)]
    dated = [(one, moment_of_end(one, rules).at) for one in answers]
    asked = [one for one, at in dated if awaits([other for other, then in others if then <= at], at)]
    return [*(other for other, _ in others), *asked]


def is_answer(record: ConsentRecord) -> bool:
    """Whether it is a YES by text."""
    return record.action == "grant" and record.method == "keyword" and record.evidence.get("keyword_class") == "yes"
