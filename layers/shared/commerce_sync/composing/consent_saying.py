"""What was read of consent at a vendor, on its way to the queues of consent_propagation."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from commerce_sync.aws.queues import send_all
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts import Store
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.contracts.consent_messages import consent_messages
from commerce_sync.identity.statements import normalize_statements
from commerce_sync.observability import count, log

RECENT: Final = timedelta(days=2)
MOST_LOGGED: Final = 20


@dataclass(frozen=True)
class Saying:
    """Puts statements of one account on the queues.

    An opt-out goes ahead unless it is old: a profile that changes for another reason shows again what it showed for
    years, and what is known must not hold up what is new. It is not dropped either: it takes the other queue.
    """

    store: Store
    opt_outs_queue_url: str
    opt_ins_queue_url: str
    now: Callable[[], datetime]

    def __call__(self, said: Iterable[ConsentStatement]) -> None:
        """Send them; those whose address is none are counted and named by their ids."""
        usable, unusable = normalize_statements(said, self.store)
        at = self.now()
        recent = [one for one in usable if one.occurred_at is None or one.occurred_at >= at - RECENT]
        old = [one for one in usable if one.occurred_at is not None and one.occurred_at < at - RECENT]
        ahead, rest = self._bodies(recent, at)
        known = [body for bodies in self._bodies(old, at) for body in bodies]
        send_all(self.opt_outs_queue_url, ahead)
        send_all(self.opt_ins_queue_url, [*rest, *known])
        if unusable:
            count("UnusableAddresses", len(unusable), source=self.store.source)
        for one in unusable[:MOST_LOGGED]:
            log("consent without a usable address", statement=one.statement_id, channel=one.channel)

    def _bodies(self, said: Iterable[ConsentStatement], at: datetime) -> tuple[list[str], list[str]]:
        ahead, rest = consent_messages(
            said,
            envelope_id=f"polled:{self.store.source}:{at.isoformat(timespec='milliseconds')}",
            source=self.store.source,
            store=self.store.id,
            received_at=at,
        )
        return [one.to_json() for one in ahead], [one.to_json() for one in rest]


def account_of(source: str) -> Store:
    """A vendor's account as a store, as it is configured."""
    found = (store for (name, _), store in configured_stores().items() if name == source)
    return next(found, Store(source=source, id="main"))
