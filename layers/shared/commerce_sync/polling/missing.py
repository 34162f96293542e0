"""Which versions of an order that a store shows reached us without a poll. Pure, from the order book as it stands.

A version is an order's modified time, and a digest where its body says all: the pair by which the order book takes the
newest. Of a store that shows rows without their lines only the time is known. Two changes of one second look alike
then, so a row of the same second is sent on while it is young; whoever hears it twice hears nothing new.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from commerce_sync.contracts import BookedOrder

YOUNG: Final = timedelta(hours=3)
"""Longer than a webhook is waited for and a window overlaps the last: a row is young the first time it is read."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A version of an order as a list shows it. ``proves`` says whether it is one that the order book takes."""

    at: datetime
    digest: str | None
    proves: bool


def is_booked(booked: BookedOrder | None, shown: Shown) -> bool:
    """Whether the order book has this version or a newer one. An order of somebody who was forgotten is not missed."""
    if booked is None:
        return False
    if booked.erased:
        return True
    state = booked.placed.order if booked.placed else None
    if state is None:
        return False
    if state.version == shown.at:
        return shown.digest in {None, state.digest}
    return state.version > shown.at


def is_to_be_sent(booked: BookedOrder | None, shown: Shown, now: datetime) -> bool:
    """Whether it goes on the queue: what the book has not, and what it has only perhaps."""
    return not is_booked(booked, shown) or (_looks_the_same(booked, shown) and now - shown.at < YOUNG)


def is_missed(booked: BookedOrder | None, shown: Shown, now: datetime, patience: timedelta) -> bool:
    """Whether only the poll tells it, so long after it happened."""
    return shown.proves and not is_booked(booked, shown) and now - shown.at >= patience


def _looks_the_same(booked: BookedOrder | None, shown: Shown) -> bool:
    """Whether only its second says that the book has it."""
    if shown.digest is not None or booked is None or booked.erased or booked.placed is None:
        return False
    return booked.placed.order is not None and booked.placed.order.version == shown.at
