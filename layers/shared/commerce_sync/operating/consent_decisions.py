"""A person's decision as records: which holds it ends and how, or what was said about an opt-in that is pending."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from commerce_sync.contracts.consent import ALL, ConsentRecord, ConsentState

DECISIONS = ("out", "release")
SOURCE = "operations"


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided what about an address, when, and why."""

    address_key: str
    what: str
    by: str
    why: str
    at: datetime

    @property
    def is_out(self) -> bool:
        """Whether nobody may write from now on."""
        return self.what == "out"


def decided(
    decision: Decision,
    records: Sequence[ConsentRecord],
    states: Mapping[str, ConsentState],
    record_id: Callable[..., str],
) -> list[ConsentRecord]:
    """The records of a decision: one for the holds of each purpose and brand; where there are none, one for each
    purpose whose opt-in is pending. Nothing where nothing waits. The same decision again makes the same records.
    """
    held = {one for state in states.values() if state.state == "hold" for one in state.record_ids}
    groups: dict[tuple[str, str], list[str]] = {}
    for record in records:
        if record.record_id in held:
            groups.setdefault((record.purpose, record.sender), []).append(record.record_id)
    if groups:
        kind = {"action": "review", "strength": "pref_out" if decision.is_out else "info"}
        return [
            _record(decision, records[0], record_id, ids, purpose=purpose, sender=sender, **kind)
            for (purpose, sender), ids in groups.items()
        ]
    kind = {"action": "withdraw", "strength": "pref_out"} if decision.is_out else {"action": "info", "strength": "info"}
    return [
        _record(decision, records[0], record_id, state.record_ids, purpose=purpose, sender=ALL, **kind)
        for purpose, state in states.items()
        if state.state == "pending" or state.awaits_confirmation
    ]


def _record(
    decision: Decision, like: ConsentRecord, record_id: Callable[..., str], about: Sequence[str], **kind: str
) -> ConsentRecord:
    """A record about others. ``like`` is one of the same address."""
    name = (SOURCE, "review", decision.address_key, decision.what, kind["purpose"], kind["sender"], *sorted(about))
    return ConsentRecord.model_validate(
        {
            "record_id": record_id(like.tenant, *name),
            "address_key": decision.address_key,
            "channel": like.channel,
            "occurred_at": decision.at,
            "received_at": decision.at,
            "source": SOURCE,
            "actor": "staff",
            "method": "staff",
            "tenant": like.tenant,
            "evidence": {"decides": list(about), "by": decision.by, "why": decision.why},
            **kind,
        }
    )
