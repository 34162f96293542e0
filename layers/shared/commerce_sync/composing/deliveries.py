"""``replay`` over the archive, the traces of people, the quarantine and the inbound queue."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from commerce_sync.aws.archive import Archive
from commerce_sync.aws.quarantine import Quarantine
from commerce_sync.aws.queues import send_all
from commerce_sync.aws.traces import ARCHIVED
from commerce_sync.contracts import Envelope
from commerce_sync.errors import PermanentError
from commerce_sync.operating.arguments import flag
from commerce_sync.operating.replaying import Wanted, quarantined_by_key, replay, wanted_in


@dataclass(frozen=True)
class Deliveries:
    """Archived deliveries, and the door that they go through again. ``traces`` are those of whom a text names."""

    archive: Archive
    quarantine: Quarantine
    traces: Callable[[str], Iterable[str]]
    inbound_url: str

    def replay(self, arguments: Mapping[str, Any], may_go_on: Callable[[], bool]) -> dict[str, Any]:
        """Replay what a sender sent, a person left, or was set aside for a reason; the three narrow each other.

        A dry run unless told otherwise. Where time runs short ``next`` says where to go on: give it as ``begin``.

        :raises ValueError: the arguments name nothing in particular, or nobody.
        """
        wanted = wanted_in(arguments)
        is_dry = flag({"dry_run": True} | dict(arguments), "dry_run")
        aside = quarantined_by_key(self.quarantine.items(), wanted.code) if wanted.code else {}

        def send(chosen: Sequence[Envelope]) -> None:
            self._send(chosen, aside)

        keys = filter(wanted.takes, self._keys(wanted, aside))
        return replay(keys, self._read, None if is_dry else send, wanted, may_go_on)

    def _keys(self, wanted: Wanted, aside: Mapping[str, object]) -> Iterable[str]:
        """In order, so that a long replay goes on where it stopped."""
        if wanted.profile:
            traces = self.traces(wanted.profile)
            left = {trace.removeprefix(ARCHIVED) for trace in traces if trace.startswith(ARCHIVED)}
            return sorted(left & aside.keys() if wanted.code else left)
        if wanted.code:
            return sorted(aside)
        keys, before = self.archive.keys(wanted.prefix, after=wanted.after), wanted.before
        return takewhile(lambda key: before is None or key < before, keys)

    def _read(self, key: str) -> Envelope | None:
        try:
            return self.archive.fetch(key)
        except PermanentError:
            return None

    def _send(self, chosen: Sequence[Envelope], aside: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        """Note first, send then: a delivery that is still wrong is recorded anew, without the note."""
        now = datetime.now(UTC)
        for one in chosen:
            self.quarantine.mark_replayed(aside.get(one.archive_key, ()), now)
        claims = (one.model_copy(update={"body": None, "archived": True}) for one in chosen)
        send_all(self.inbound_url, (claim.to_json() for claim in claims))
