"""Whom an operator made one person, or several: what is observed of them is told anew, to all of their addresses.

Another look at somebody changes nothing where nothing differs.
"""

from datetime import UTC, datetime
from typing import Protocol

from commerce_sync.aws.observed import ObservedTable
from commerce_sync.aws.order_book_table import OrderBookTable
from commerce_sync.composing.identity import IdentitySettings, keys_of
from commerce_sync.contracts.identity_book import Change
from commerce_sync.identity.policy import EMAIL
from commerce_sync.profiles.looks import OBSERVED, look_at


class LookSettings(IdentitySettings, Protocol):
    """Where identity and looks stand."""

    @property
    def order_book_table(self) -> str: ...  # noqa: D102


def look_again(settings: LookSettings, change: Change) -> None:
    """Make everybody due whom a change is about, if anything is observed of one of them.

    An address of which nothing itself was said may have been told what was said of the others.
    """
    sides = (*change.before, *change.after)
    identifiers = list(dict.fromkeys(one for side in sides for one in side.identifiers))
    observed = ObservedTable(settings.identity_table, keys_of(settings))
    if not any(observed.sayings(identifiers)):
        return
    book = OrderBookTable(settings.order_book_table)
    for address in (one for one in identifiers if one[0] == EMAIL):
        book.defer(look_at(f"{OBSERVED}{observed.name(address)}", datetime.now(UTC)))
