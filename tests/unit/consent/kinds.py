"""Records by a few words: who said what, when, for which brand. All about one address."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import combinations_with_replacement
from typing import Any

from commerce_sync.contracts.consent import Action, Channel, ConsentRecord, Strength

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=30)
"""When the fold is asked."""
STRENGTHS: tuple[Strength, ...] = ("hard_out", "pref_out", "verified_in", "strong_in", "weak_in", "info")
OUTS: tuple[Strength, ...] = ("hard_out", "pref_out")
STRONG: tuple[Strength, ...] = ("verified_in", "strong_in")
SENDERS = ("a", "b", "*")
MINUTES = (0, 5, 60, None)
"""Nought and five are a tie across clocks and an order on one; a time that is missing was received after forty."""
RECEIVED_LATE = 40
CLOCKS: Mapping[Strength, str] = {"pref_out": "shop", "strong_in": "shop"}
"""Every other strength was read from the handset's clock."""
ACTIONS: Mapping[Strength, Action] = {"hard_out": "withdraw", "pref_out": "withdraw", "info": "info"}


def said(strength: Strength, minute: int | None = 0, *, received: int | None = None, **more: Any) -> ConsentRecord:
    """A record of a strength, with the action that goes with it, so many minutes after noon."""
    heard = received if received is not None else RECEIVED_LATE if minute is None else minute
    fields = {
        "record_id": f"{strength}-{minute}-{more.get('sender', '*')}",
        "address_key": "an address",
        "channel": "email",
        "purpose": "marketing",
        "sender": "*",
        "action": ACTIONS.get(strength, "grant"),
        "source": CLOCKS.get(strength, "handset"),
        "occurred_at": None if minute is None else NOON + timedelta(minutes=minute),
        "received_at": NOON + timedelta(minutes=heard),
        **more,
    }
    return ConsentRecord(strength=strength, **fields)


@cache
def kinds(channel: Channel) -> tuple[ConsentRecord, ...]:
    """Six strengths at three times and at none, for two brands and for all: 72."""
    return tuple(
        said(strength, minute, sender=sender, channel=channel)
        for strength in STRENGTHS
        for minute in MINUTES
        for sender in SENDERS
    )


def multisets(of: Sequence[Any], longest: int) -> Iterator[tuple[Any, ...]]:
    """Every multiset up to a size, smaller ones first."""
    for size in range(longest + 1):
        yield from combinations_with_replacement(of, size)


def without_one(some: tuple[int, ...]) -> Iterable[tuple[int, tuple[int, ...]]]:
    """Each member with the multiset that is left without it."""
    return ((some[place], some[:place] + some[place + 1 :]) for place in range(len(some)))
