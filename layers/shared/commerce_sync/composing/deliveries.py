"""``replay`` over the archive, the traces of people, the quarantine and the inbound queue."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, takewhile
from typing import Any, Final

from commerce_sync.aws.archive import Archive
from commerce_sync.aws.quarantine import Quarantine
from commerce_sync.aws.queues import depth, send_all
from commerce_sync.aws.traces import ARCHIVED
from commerce_sync.contracts import Envelope
from commerce_sync.errors import PermanentError
from commerce_sync.operating.arguments import flag
from commerce_sync.operating.replaying import ARCHIVE, Wanted, quarantined_by_key, replay, wanted_in

MOST_WAITING: Final = 200
"""Messages in a queue that a replay goes through: with more, what comes live would wait behind it."""
PATIENCE: Final = 30.0
"""Seconds until it gives up waiting for room."""


@dataclass(frozen=True)
class Deliveries:
    """Archived deliveries, and the door that they go through again. ``traces`` are those of whom a text names.

    ``behind`` are the queues that they go through after the inbound one.
    """

    archive: Archive
    quarantine: Quarantine
    traces: Callable[[str], Iterable[str]]
    inbound_url: str
    behind: Sequence[str] = ()

    def replay(self, arguments: Mapping[str, Any], may_go_on: Callable[[], bool]) -> dict[str, Any]:
        """Replay what a sender sent, a person left, or was set aside for a reason; the three narrow each other.

        A dry run unless told otherwise. Where time runs short, or live deliveries leave no room (``waits``), ``next``
        says where to go on: give it as ``begin``.

        :raises ValueError: the arguments name nothing in particular, or nobody.
        """
        wanted = wanted_in(arguments)
        is_dry = flag({"dry_run": True} | dict(arguments), "dry_run")
        aside = quarantined_by_key(self.quarantine.items(), wanted.code) if wanted.code else {}

        def send(chosen: Sequence[Envelope]) -> None:
            self._send(chosen, aside)

        keys = filter(wanted.takes, self._keys(wanted, aside))
        if is_dry:
            return replay(keys, self._read, None, wanted, may_go_on)
        told = replay(keys, self._read, send, wanted, lambda: may_go_on() and self._comes_to_room(may_go_on))
        is_full = told["next"] is not None and may_go_on()
        return told | ({"waits": f"more than {MOST_WAITING} messages wait in a queue"} if is_full else {})

    def _comes_to_room(self, may_go_on: Callable[[], bool]) -> bool:
        """Whether there is room in the queues, within some patience."""
        patience = time.monotonic() + PATIENCE
        while not (has_room := self._has_room()) and may_go_on() and time.monotonic() < patience:
            time.sleep(1)
        return has_room

    def _has_room(self) -> bool:
        return all(depth(url) <= MOST_WAITING for url in (self.inbound_url, *self.behind))

    def _keys(self, wanted: Wanted, aside: Mapping[str, object]) -> Iterable[str]:
        """In order, so that a long replay goes on where it stopped."""
        if wanted.profile:
            traces = self.traces(wanted.profile)
            left = {trace.removeprefix(ARCHIVED) for trace in traces if trace.startswith(ARCHIVED)}
            return sorted(left & aside.keys() if wanted.code else left)
        if wanted.code:
            return sorted(aside)
        return chain.from_iterable(map(self._keys_of, self._senders(wanted)))

    def _senders(self, wanted: Wanted) -> Iterable[Wanted]:
        """The same of each sender, in the order of keys."""
        if wanted.source and wanted.store:
            return [wanted]
        senders = self.archive.senders(ARCHIVE)
        return (
            replace(wanted, source=source, store=store)
            for source, store in senders
            if wanted.source in {None, source} and wanted.store in {None, store}
        )

    def _keys_of(self, wanted: Wanted) -> Iterable[str]:
        keys, before = self.archive.keys(wanted.prefix, after=wanted.after), wanted.before
        return takewhile(lambda key: before is None or key < before, keys)

    def _read(self, key: str) -> Envelope | None:
        try:
            return self.archive.fetch(key)
        except PermanentError:
            return None

    def _send(self, chosen: Sequence[Envelope], aside: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        """Claim, send, note. What a crash leaves unsent has no note; what is still wrong is recorded without one."""
        now, items = datetime.now(UTC), [item for one in chosen for item in aside.get(one.archive_key, ())]
        self.quarantine.claim(items, now)
        tickets = (one.model_copy(update={"body": None, "archived": True}) for one in chosen)
        send_all(self.inbound_url, (ticket.to_json() for ticket in tickets))
        self.quarantine.mark_replayed(items, now)
