"""Bulk imports that are underway: a promise in the order book's table, and an object with its members.

The object lies below ``imports/profiles/`` in the archive's bucket, which expires it. It holds keyed hashes, revisions,
names of fields and subjects of promises: nobody's address, and no value.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import uuid4

from commerce_sync.aws.audits import get_object, put_object
from commerce_sync.contracts import Promise
from commerce_sync.contracts.told import Begun, Member
from commerce_sync.contracts.waiting import delivered

FOLDER: Final = "imports/profiles"
FIRST_LOOK: Final = timedelta(seconds=10)
UNKNOWN_FOR: Final = timedelta(minutes=16)
"""When to look at an import of which nobody noted that it began."""


class Book(Protocol):
    """Where promises stand."""

    def defer(self, promise: Promise) -> None:
        """Write down one promise that waits."""


class ImportJobs:
    """Fits :class:`commerce_sync.profiles.klaviyo_needs.Jobs`. ``promised`` makes the promise that a token names."""

    def __init__(
        self, bucket: str, book: Book, promised: Callable[[str, datetime], Promise], now: Callable[[], datetime]
    ) -> None:
        self._bucket = bucket
        self._book = book
        self._promised = promised
        self._now = now

    def opened(self, members: Sequence[Begun]) -> str:
        """Promise to see how an import of these ends; what names the promise.

        The members stand first: a promise that is there has them.
        """
        token, now = uuid4().hex, self._now()
        put_object(self._bucket, _key(token), _packed(members))
        self._book.defer(replace(self._promised(token, now), due_at=now + UNKNOWN_FOR))
        return token

    def started(self, token: str, job_id: str) -> None:
        """It began, under Klaviyo's id."""
        now = self._now()
        self._book.defer(replace(self._promised(token, now), wanted=job_id, due_at=now + FIRST_LOOK))

    def closed(self, token: str) -> None:
        """Klaviyo did not take it: there is nothing to see."""
        self._book.defer(delivered(self._promised(token, self._now())))

    def members(self, token: str) -> Sequence[Member]:
        """Those of an import, in the order of its rows; none where the object is gone."""
        kept = json.loads(get_object(self._bucket, _key(token)) or b'{"names": [], "members": []}')
        names = [tuple(some) for some in kept["names"]]
        return [Member(key, revision, names[at], tuple(looks)) for key, revision, at, looks in kept["members"]]


def _packed(members: Sequence[Begun]) -> bytes:
    """Few sets of fields are shared by many members, so each is written once."""
    names = list(dict.fromkeys(tuple(sorted(one.values)) for one in members))
    at = {some: place for place, some in enumerate(names)}
    rows = [[one.key, one.revision, at[tuple(sorted(one.values))], one.looks] for one in members]
    return json.dumps({"names": names, "members": rows}, separators=(",", ":")).encode()


def _key(token: str) -> str:
    return f"{FOLDER}/{token}.json"
