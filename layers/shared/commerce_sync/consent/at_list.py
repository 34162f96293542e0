"""A newsletter's list as a destination: to be on it is to be written to, and to opt out is to be taken off it.

Who is on no list is not told of: nobody is put on one because of what they did elsewhere. But whom we took off by a
mistake that was corrected since is put back, and who left by the shop's own form and opted in later is renewed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from commerce_sync.consent.each import read_each
from commerce_sync.contracts.consent import Channel
from commerce_sync.contracts.consent_shown import Asked, Outcome, Place, Shown
from commerce_sync.errors import PermanentError, RetriableError

NOBODY: Final = Outcome(nobody=True)


class Row(Protocol):
    """Somebody on the list."""

    @property
    def subscriber_id(self) -> str: ...  # noqa: D102
    @property
    def is_subscribed(self) -> bool: ...  # noqa: D102
    @property
    def has_left(self) -> bool: ...  # noqa: D102
    @property
    def modified_at(self) -> datetime | None: ...  # noqa: D102


class NewsletterList(Protocol):
    """The list."""

    def find(self, email: str) -> Row | None:
        """The row of an address."""

    def unsubscribe(self, subscriber_id: str) -> bool:
        """Take a row off the list."""

    def subscribe(self, email: str) -> object:
        """Put an address on the list that is not there."""

    def renew(self, subscriber_id: str) -> object:
        """Give a row its newsletter back."""


@dataclass(frozen=True)
class ListDestination:
    """Fits :class:`commerce_sync.consent.keeping_needs.Destination`. ``purpose`` is what the list is for."""

    list_: NewsletterList
    purpose: str
    place: Place

    def shown(self, _channel: Channel, addresses: Sequence[str]) -> Mapping[str, Shown]:
        """Who is on it is in, who left it is out, and who is not there is not written to."""
        return read_each(addresses, lambda address: self._shown(self.list_.find(address)))

    def close(self, _channel: Channel, asked: Sequence[Asked]) -> Mapping[str, Outcome]:
        """Take off whoever is out. A hold takes nobody off: it may end, and a row that is gone is gone."""
        return {one.address: _tried(lambda one=one: self._take_off(one)) for one in asked}  # type: ignore[misc] # bound at once

    def open(self, _channel: Channel, asked: Sequence[Asked]) -> Mapping[str, Outcome]:
        """Renew who left, and put back whom a mistake took off."""
        return {one.address: _tried(lambda one=one: self._give(one)) for one in asked}  # type: ignore[misc] # bound at once

    def _shown(self, row: Row | None) -> Shown:
        if row is None:
            return Shown(exists=False, unreachable=True)
        if row.is_subscribed:
            return Shown(exists=True, purposes={self.purpose: "in"})
        if not row.has_left:
            return Shown(exists=True, unreachable=True)
        out_at = {self.purpose: row.modified_at} if row.modified_at else {}
        return Shown(exists=True, purposes={self.purpose: "out"}, out_at=out_at)

    def _take_off(self, asked: Asked) -> Outcome:
        if not asked.wanted.outs:
            return Outcome(told=True)
        row = self.list_.find(asked.address)
        if row is None:
            return NOBODY
        if row.is_subscribed:
            self.list_.unsubscribe(row.subscriber_id)
        return Outcome(told=True)

    def _give(self, asked: Asked) -> Outcome:
        if not asked.wanted.opens:
            return Outcome(told=True)
        row = self.list_.find(asked.address)
        if row is None and asked.wanted.corrected_at is not None:
            self.list_.subscribe(asked.address)
        elif row is not None and row.has_left:
            self.list_.renew(row.subscriber_id)
        elif row is None or not row.is_subscribed:
            return NOBODY
        return Outcome(told=True)


def _tried(write: Callable[[], Outcome]) -> Outcome:
    try:
        return write()
    except PermanentError as error:
        return Outcome(refused=error)
    except RetriableError as error:
        return Outcome(retriable=error)
