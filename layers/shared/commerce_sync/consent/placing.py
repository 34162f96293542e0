"""Under which purpose and sender a statement belongs, by the deployer's configuration."""

from dataclasses import dataclass
from typing import Final

from commerce_sync.contracts.consent import ALL, ConsentRules, ConsentStatement
from commerce_sync.contracts.consent_policy import ConsentPolicy

ACCOUNT: Final = "account"
"""The subscription that stands for all of an account's marketing."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A purpose and a sender, either may be all. ``unplaced`` is why a statement that is no opt-in has no place."""

    purpose: str
    sender: str
    unplaced: str = ""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Why there is no place. ``is_ignored``: the configuration says that it is none of our business."""

    reason: str
    is_ignored: bool = False


def place_of(
    statement: ConsentStatement, source: str, store: str, policy: ConsentPolicy, rules: ConsentRules
) -> Placed | Unplaced:
    """Where a statement belongs.

    A purpose, subscription or sender that nobody configured refuses an opt-in. Anything else belongs everywhere then:
    nobody knows what it is about.
    """
    configured = policy.source_of(source, store)
    default = (configured.purpose if configured else None) or policy.default_purpose
    purpose = _purpose(statement, source, default, policy)
    sender = statement.sender or (configured.sender if configured else None) or policy.default_sender
    is_grant = statement.action == "grant"
    if isinstance(purpose, Unplaced):
        return purpose if is_grant or purpose.is_ignored else Placed(ALL, ALL, purpose.reason)
    if sender not in policy.senders and (is_grant or sender != ALL):
        return Unplaced("unknown_sender") if is_grant else Placed(ALL, ALL, "unknown_sender")
    if is_grant and not _serves(purpose, statement, policy):
        return Unplaced("purpose_not_on_channel")
    is_stop = statement.channel == "sms" and statement.action == "withdraw" and statement.strength == "hard_out"
    if is_stop and rules.stop_covers_all_senders:
        return Placed(ALL, ALL)
    return Placed(purpose, sender)


def _purpose(statement: ConsentStatement, source: str, default: str, policy: ConsentPolicy) -> str | Unplaced:
    if statement.subscription is not None:
        return _of_subscription(statement, source, statement.subscription, default, policy)
    if statement.purpose is None:
        return default
    is_known = any(one.id == statement.purpose for one in policy.purposes)
    is_all = statement.purpose == ALL and statement.action != "grant"
    return statement.purpose if is_known or is_all else Unplaced("unknown_purpose")


def _of_subscription(
    statement: ConsentStatement, source: str, subscription: str, default: str, policy: ConsentPolicy
) -> str | Unplaced:
    """A vendor's own list or type. Who leaves the whole account leaves every purpose; who joins it joins its own."""
    if subscription == ACCOUNT:
        of_account = next((one.id for one in policy.purposes if one.klaviyo == ACCOUNT), default)
        return of_account if statement.action == "grant" else ALL
    is_klaviyo = source == "klaviyo"
    if subscription in (policy.ignored_klaviyo if is_klaviyo else policy.ignored_hubspot):
        return Unplaced("subscription_ignored", is_ignored=True)
    meant = (
        one.id
        for one in policy.purposes
        if (subscription == one.klaviyo if is_klaviyo else subscription in one.hubspot)
    )
    return next(meant, Unplaced("unknown_subscription"))


def _serves(purpose: str, statement: ConsentStatement, policy: ConsentPolicy) -> bool:
    return any(one.id == purpose and statement.channel in one.channels for one in policy.purposes)
