"""``replay`` over the archive, the quarantine and the inbound queue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from commerce_sync.aws.archive import Archive
from commerce_sync.aws.quarantine import Quarantine
from commerce_sync.aws.queues import send_all
from commerce_sync.contracts import Envelope
from commerce_sync.errors import PermanentError
from commerce_sync.operating.replaying import arrived_between, quarantined_by_key, replay


@dataclass(frozen=True)
class Deliveries:
    """Archived deliveries, and the door that they go through again."""

    archive: Archive
    quarantine: Quarantine
    inbound_url: str

    def replay(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Replay by source, store, since and until, or by quarantine code (``*`` for all). Dry unless told."""
        dry_run = bool(arguments.get("dry_run", True))
        if "code" in arguments:
            waiting = quarantined_by_key(self.quarantine.items(), str(arguments["code"]))
            return replay(waiting, lambda key: self._send_again(key, waiting[key]), dry_run=dry_run)
        since, until = (datetime.fromisoformat(arguments[name]) for name in ("since", "until"))
        prefix = f"archive/{arguments['source']}/{arguments['store']}/"
        keys = arrived_between(self.archive.keys(prefix), since, until)
        return replay(keys, self._send, dry_run=dry_run)

    def _send(self, key: str) -> bool:
        try:
            envelope = self.archive.fetch(key)
        except PermanentError:
            return False
        claim = Envelope.model_validate(envelope.model_dump() | {"body": None, "archived": True})
        send_all(self.inbound_url, [claim.to_json()])
        return True

    def _send_again(self, key: str, items: Iterable[Mapping[str, Any]]) -> bool:
        """Note first, send then: a delivery that is still wrong is recorded anew, without the note."""
        now = datetime.now(UTC)
        if not self.archive.has(key):
            return False
        self.quarantine.mark_replayed(items, now)
        return self._send(key)
