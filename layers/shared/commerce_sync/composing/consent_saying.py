"""What was read of consent at a vendor, on its way to the queues of consent_propagation."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from commerce_sync.aws.control import Control, Document
from commerce_sync.aws.queues import send_all
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts import Store
from commerce_sync.contracts.consent import ConsentStatement, is_opt_out
from commerce_sync.contracts.consent_messages import consent_messages
from commerce_sync.contracts.shown_open import is_shown_open
from commerce_sync.identity.statements import normalize_statements
from commerce_sync.observability import count, log

RECENT: Final = timedelta(days=14)
"""Longer than polling is out of work unnoticed."""
MOST_LOGGED: Final = 20
UNUSABLE: Final = "unusable#"
MOST_KEPT: Final = 500
"""Statements that are kept by name; how many there were is counted on."""


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
    set_aside: Callable[[Sequence[ConsentStatement]], None]

    def __call__(self, said: Iterable[ConsentStatement]) -> None:
        """Send them; those whose address is none are counted and named by their ids, and opt-outs are set aside."""
        usable, unusable = normalize_statements(said, self.store)
        at = self.now()
        recent = [one for one in usable if one.occurred_at is None or one.occurred_at >= at - RECENT]
        old = [one for one in usable if one.occurred_at is not None and one.occurred_at < at - RECENT]
        ahead, rest = self._bodies(recent, at)
        known = [body for bodies in self._bodies(old, at) for body in bodies]
        send_all(self.opt_outs_queue_url, ahead)
        send_all(self.opt_ins_queue_url, [*rest, *known])
        unusable = [one for one in unusable if not is_shown_open(one)]
        if unusable:
            count("UnusableAddresses", len(unusable), source=self.store.source)
        if lost := [one for one in unusable if is_opt_out(one)]:
            self.set_aside(lost)
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


@dataclass(frozen=True)
class SetAside:
    """Keeps opt-outs that name nobody, by their ids at the vendor, for a person to look up. ``status`` shows them.

    Setting one aside again changes nothing.
    """

    control: Control
    source: str
    now: Callable[[], datetime]

    def __call__(self, lost: Sequence[ConsentStatement]) -> None:
        """Keep them with the reason, and raise the alarm for those that are new."""
        document, _ = self.control.read(UNUSABLE + self.source)
        new = [one for one in lost if one.statement_id not in document.get("statements", {})]
        if new:
            self.control.change(UNUSABLE + self.source, partial(self._with, new))
            count("UnusableOptOuts", len(new), source=self.source)

    def _with(self, new: Sequence[ConsentStatement], document: Document) -> Document:
        told = {
            one.statement_id: {
                "reason": "address_not_usable",
                "channel": one.channel,
                "action": one.action,
                "occurred_at": one.occurred_at.isoformat() if one.occurred_at else None,
                "seen_at": self.now().isoformat(),
            }
            for one in new
        }
        statements = {**document.get("statements", {}), **told}
        return {
            "total": document.get("total", 0) + len(told),
            "statements": dict(list(statements.items())[-MOST_KEPT:]),
        }


def account_of(source: str) -> Store:
    """A vendor's account as a store, as it is configured."""
    found = (store for (name, _), store in configured_stores().items() if name == source)
    return next(found, Store(source=source, id="main"))
