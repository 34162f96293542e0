"""What a customer of a Shopify store says of consent, by its state on each channel.

``subscribed`` claims what the checkout's box may claim: the notice that was known on its day decides how much that is.
Without a time, collected elsewhere, or at a level that does not say that a person opted in, it is weak.
``not_subscribed`` is the default and says nothing; ``pending``, ``invalid`` and ``redacted`` are noted. A state that
nobody knows is held for a person.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, Protocol

from commerce_sync.consent.identifying import moment_part, statement_id_of
from commerce_sync.contracts.consent import Action, Actor, Channel, ConsentStatement, Strength
from commerce_sync.contracts.shopify_opt_ins import was_opted_in

SAYS_NOTHING: Final = frozenset({"", "NOT_SUBSCRIBED"})
_STATES: Final[Mapping[str, tuple[Action, Strength, Actor]]] = MappingProxyType(
    {
        "SUBSCRIBED": ("grant", "strong_in", "subject"),
        "UNSUBSCRIBED": ("withdraw", "pref_out", "subject"),
        "PENDING": ("info", "info", "system"),
        "INVALID": ("info", "info", "system"),
        "REDACTED": ("info", "info", "system"),
    }
)


class Shown(Protocol):
    """What a customer shows of one address."""

    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def opt_in_level(self) -> str: ...  # noqa: D102
    @property
    def updated_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def collected_from(self) -> str: ...  # noqa: D102


def of_customer(store: str, customer_id: str, channel: Channel, address: str, shown: Shown) -> list[ConsentStatement]:
    """What a customer of a store says of its address on one channel: one statement, or none.

    An undated opt-out has no time.
    """
    state = shown.state.strip().upper()
    if state in SAYS_NOTHING:
        return []
    action, strength, actor = _STATES.get(state, ("hold", "info", "system"))
    is_elsewhere = channel == "sms" and shown.collected_from.strip().upper() != "SHOPIFY"
    is_proven = shown.updated_at is not None and not is_elsewhere and was_opted_in(shown.opt_in_level)
    if action == "grant" and not is_proven:
        strength, actor = "weak_in", "system"
    told = {"state": state, "opt_in_level": shown.opt_in_level, "collected_from": shown.collected_from}
    moment = moment_part(shown.updated_at)
    return [
        ConsentStatement(
            statement_id=statement_id_of("customer", customer_id.rpartition("/")[2], channel, state.lower(), moment),
            channel=channel,
            address=address,
            action=action,
            strength=strength,
            occurred_at=shown.updated_at,
            actor=actor,
            method="checkout" if strength == "strong_in" else "profile_state",
            form=f"shopify:{store}:checkout",
            evidence={name: value for name, value in told.items() if value},
        )
    ]
