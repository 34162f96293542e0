"""From what a source said to a ledger record: purpose, sender and notice by configuration, texts by their keywords.

Pure, and of the statement alone: a second delivery makes the same record. What cannot be placed is never an opt-in: an
opt-in is refused with a reason, and anything else is held for a person under every purpose and sender (R4).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import phonenumbers

from commerce_sync.consent.identifying import record_id_of
from commerce_sync.consent.notices import known_notice
from commerce_sync.consent.placing import Placed, Unplaced, place_of
from commerce_sync.consent.reading_texts import read_text
from commerce_sync.contracts.consent import Action, ConsentRecord, ConsentRules, ConsentStatement, Strength, is_unread
from commerce_sync.contracts.consent_policy import ConsentPolicy, Notice

NOT_YET_KEYED: Final = "-"
"""Stands for the address key until the ledger, which knows the pepper, replaces it."""
OPT_INS: Final[frozenset[Strength]] = frozenset({"verified_in", "strong_in", "weak_in"})
OPT_OUTS: Final[frozenset[Strength]] = frozenset({"hard_out", "pref_out"})
NEVER_STRONG: Final = frozenset({"import", "staff"})
"""By these an opt-in is weak, whatever its source claims (R3)."""
CLASSED_THERE: Final = frozenset({"klaviyo"})
"""Systems whose opt-ins count as what they are there: no notice of ours was shown for them."""
LENGTH_OF_COUNTRY: Final = 2


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a statement became no record. ``is_settled``: nothing is left to be done about it."""

    reason: str
    is_settled: bool = False


def record_of(
    statement: ConsentStatement,
    *,
    source: str,
    store: str,
    received_at: datetime,
    policy: ConsentPolicy,
    rules: ConsentRules,
    tenant: str,
) -> ConsentRecord | Refusal:
    """The record of a statement whose address is in its normal form, or why there is none.

    The record's ``source`` is the source with its store: one clock. ``address_key`` is for the ledger to fill in.
    """
    if not statement.address:
        return Refusal("address_not_usable")
    said = read_text(statement) if is_unread(statement) else statement
    if said is None:
        return Refusal("text_says_nothing", is_settled=True)
    placed = place_of(said, source, store, policy, rules)
    if isinstance(placed, Unplaced):
        return Refusal(placed.reason, is_settled=placed.is_ignored)
    notice = known_notice(said, policy) if said.action == "grant" else None
    action, strength = _act(said, placed, needs_notice=notice is None and source not in CLASSED_THERE)
    return ConsentRecord(
        record_id=record_id_of(tenant, source, store, said.statement_id, said.channel, placed.purpose, placed.sender),
        address_key=NOT_YET_KEYED,
        channel=said.channel,
        purpose=placed.purpose,
        sender=placed.sender,
        action=action,
        strength=strength,
        occurred_at=said.occurred_at,
        received_at=received_at,
        source=f"{source}:{store}",
        evidence=_evidence(said, placed, notice),
        actor=said.actor,
        occurred_trust=said.occurred_trust,
        method=said.method,
        country=_country(said),
        expires_rule=said.expires_rule,
        tenant=tenant,
        source_event_id=said.statement_id,
        rule_version=rules.version,
    )


def _act(said: ConsentStatement, placed: Placed, *, needs_notice: bool) -> tuple[Action, Strength]:
    """What was done and how strongly, at most as strong as its evidence. What has no place is held for a person."""
    if placed.unplaced and said.action != "info":
        return "hold", "info"
    if said.action == "withdraw":
        return "withdraw", said.strength if said.strength in OPT_OUTS else "pref_out"
    if said.action != "grant":
        return said.action, said.strength
    if said.strength not in OPT_INS:
        return "hold", "info"
    if said.method in NEVER_STRONG or (said.strength == "strong_in" and needs_notice):
        return "grant", "weak_in"
    return "grant", said.strength


def _evidence(said: ConsentStatement, placed: Placed, notice: Notice | None) -> dict[str, Any]:
    """What was said, as it was said, and the notice that was shown."""
    named = {"form": said.form, "subscription": said.subscription, "unplaced": placed.unplaced or None}
    found = {name: value for name, value in named.items() if value}
    if placed.unplaced:
        found |= {"said": f"{said.action} {said.strength}", **({"purpose": said.purpose} if said.purpose else {})}
    shown = {"notice_id": notice.id, "notice_sha256": notice.sha256, "language": notice.language} if notice else {}
    claimed = {"notice_claimed": said.notice_sha256} if said.notice_sha256 and notice is None else {}
    return {**said.evidence, **found, **claimed, **shown}


def _country(said: ConsentStatement) -> str | None:
    """The jurisdiction: as the source says, else by a phone number's own country code."""
    if said.country and len(said.country) == LENGTH_OF_COUNTRY and said.country.isalpha():
        return said.country.upper()
    if said.channel != "sms":
        return None
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(said.address, None))
    except phonenumbers.NumberParseException:
        return None
