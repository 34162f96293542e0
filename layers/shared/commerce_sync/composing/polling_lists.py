"""Members of the selected lists of HubSpot's: who joins or leaves changes no contact's time.

A list is read whole and compared with who is kept; both are kept before anybody is told, so that profile_sync, which
reads what is kept, never knows less than the hint that it was given.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from commerce_sync.aws.control import Control
from commerce_sync.composing.hints import Hint
from commerce_sync.composing.polling_hubspot import LAG
from commerce_sync.composing.polling_records import Tell
from commerce_sync.contracts.fields import HubSpotList
from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.polling.cursors import Rule, Sighting, Window
from commerce_sync.polling.members import Members, packed, unpacked
from commerce_sync.profiles.beside import Memberships

KEPT: Final = "members#hubspot:"
SCAN: Final = "#scan"
"""After the name of a list's document: the ids that a reading has come to (``ids``), and which one it is (``of``)."""
EVERY: Final = timedelta(minutes=15)
MOST_SECONDS: Final = 5.0
"""How long a list is read on in one go: HubSpot may be slow, and a last call takes a while."""
MOST_MEMBERS: Final = 20_000
"""What a document holds for sure, also where all of them are replaced by others."""


class Lists(Protocol):
    """HubSpot's lists."""

    def members(self, list_id: str, after: str | None, /) -> tuple[list[str], str | None]:
        """The contact ids of a page of a list's members, and the cursor of the next page."""


@dataclass(frozen=True)
class MemberSource:
    """The members of one list. A page is what is read in a few seconds; the last one sights who joined or left."""

    list_id: str
    rule: Rule
    lists: Lists
    control: Control
    tell: Tell
    clock: Callable[[], float] = time.monotonic

    @property
    def name(self) -> str:
        """Under which its cursor is kept."""
        return f"records#hubspot:list:{self.list_id}"

    def page(self, window: Window) -> tuple[Sequence[Sighting], str | None]:
        """Read on; at the end of the list, whoever nobody was told of.

        :raises PermanentError: another reading was begun since: this one does not know all that it found.
        """
        found, following = self._read(window.page)
        of = window.end.isoformat()
        is_first = window.page is None
        scanned = self.control.change(self._kept + SCAN, lambda known: _scanned(known, of, found, is_first=is_first))
        ids = unpacked(scanned["ids"])
        if len(ids) > MOST_MEMBERS:
            raise RetriableError(f"list {self.list_id} has more than {MOST_MEMBERS} members: select a smaller one")
        if following is not None:
            return [], following
        kept = self.control.change(
            self._kept, lambda known: Members.from_document(known).compared(ids, of).to_document()
        )
        return [Sighting(f"{one}@{of}", window.end, one) for one in unpacked(kept["unsaid"])], None

    def say(self, fresh: Sequence[Sighting]) -> None:
        """Each is a hint."""
        self.tell([Hint(one.what, f"list:{self.list_id}", one.at) for one in fresh])
        told = [one.what for one in fresh]
        self.control.change(self._kept, lambda known: Members.from_document(known).said(told).to_document())

    @property
    def _kept(self) -> str:
        return f"{KEPT}{self.list_id}"

    def _read(self, after: str | None) -> tuple[list[str], str | None]:
        found, ends = list[str](), self.clock() + MOST_SECONDS
        while True:
            ids, after = self.lists.members(self.list_id, after)
            found += ids
            if after is None or self.clock() >= ends:
                return found, after


@dataclass(frozen=True)
class KeptLists:
    """Who is on the selected lists, as they were read last. Fits :class:`commerce_sync.profiles.reading.Lists`."""

    control: Control
    selected: Sequence[HubSpotList]

    def of(self, contact_ids: Iterable[str]) -> dict[str, Memberships]:
        """Of each contact, whether they are on each list; a list that was never read is absent."""
        documents = {one.hubspot: self.control.read(f"{KEPT}{one.hubspot}")[0] for one in self.selected}
        read = {list_id: Members.from_document(one).members for list_id, one in documents.items() if one}
        return {one: {list_id: one in members for list_id, members in read.items()} for one in contact_ids}


def member_sources(
    lists: Lists, kept: KeptLists, overlap: timedelta, now: datetime, tell: Tell
) -> Iterator[MemberSource]:
    """The lists whose reading has not ended, or was begun a quarter of an hour ago."""
    for one in kept.selected:
        ended, begun = (kept.control.read(f"{KEPT}{one.hubspot}{end}")[0].get("of") for end in ("", SCAN))
        if ended is None or begun != ended or now - datetime.fromisoformat(ended) >= EVERY:
            yield MemberSource(one.hubspot, Rule(overlap, lag=LAG), lists, kept.control, tell)


def _scanned(known: Mapping[str, Any], of: str, found: Iterable[str], *, is_first: bool) -> dict[str, str]:
    """The ids that a reading has found so far; its first page begins anew."""
    if not is_first and known.get("of") != of:
        raise PermanentError("another reading of the list was begun")
    return {"of": of, "ids": packed(found if is_first else [*unpacked(known["ids"]), *found])}
