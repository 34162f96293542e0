"""YES by text is a verified opt-in only where a confirmation was asked for (compliance facts, section 7).

Whether one was pending is read from the set of records, so it does not matter which of the two arrived first.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from commerce_sync.contracts.consent import ConsentRecord

Awaits = Callable[[Sequence[ConsentRecord], datetime], bool]
"""Whether records mean, at a moment, that a confirmation is awaited."""


def without_unasked(records: Sequence[ConsentRecord], awaits: Awaits) -> list[ConsentRecord]:
    """The records without the answers that nobody had asked for when they were given: those say nothing."""
    answers = [one for one in records if is_answer(one)]
    if not answers:
        return list(records)
    others = [one for one in records if not is_answer(one)]
    return [
        *others,
        *(one for one in answers if awaits([other for other in others if _at(other) <= _at(one)], _at(one))),
    ]


def is_answer(record: ConsentRecord) -> bool:
    """Whether it is a YES by text."""
    return record.action == "grant" and record.method == "keyword" and record.evidence.get("keyword_class") == "yes"


def _at(record: ConsentRecord) -> datetime:
    return record.occurred_at or record.received_at
