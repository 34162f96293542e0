"""What the baseline and imports cause: records, and nothing that is told to anybody.

Where one system knows an opt-out and another one, which knows the address, shows none, the row is written as observed:
the modes count and show it before they let it through. So loading changes nobody's standing anywhere, and what the
ledger knows better is not forgotten either. Rows that were written by what was heard meanwhile, while everything
observes, wait as they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from commerce_sync.consent.echoes import place_of
from commerce_sync.consent.showing import Reading
from commerce_sync.contracts.consent import ConsentRecord
from commerce_sync.contracts.consent_book import OPEN_ROWS, Chain, ConsentPromise, Decided
from commerce_sync.contracts.consent_shown import Place
from commerce_sync.contracts.shown_open import is_shown_open

DISAGREES = "loaded: another system knows an opt-out"
AGREES = "loaded: it shows the opt-out as well"


@dataclass(frozen=True)
class Loading:
    """Fits :data:`commerce_sync.contracts.consent_book.Decide`. In which order systems are loaded changes nothing."""

    reading: Reading
    places: Sequence[Place]
    now: Callable[[], datetime]

    def __call__(self, chain: Chain, record: ConsentRecord) -> Decided:
        """The rows of what disagrees, and whether the address waits for a person."""
        at, after, channel = self.now(), (*chain.records, record), chain.address[0]
        waits, since = self.reading.waits(chain, after, at)
        rows = (self._row(chain, place, after, at) for place in self.places if channel in place.channels)
        return Decided(
            promises=tuple(row for row in rows if row is not None),
            waits=waits,
            waits_since=since if waits else None,
            before=self.reading.summary(channel, chain.records, at),
            after=self.reading.summary(channel, after, at),
        )

    def _row(self, chain: Chain, place: Place, records: Sequence[ConsentRecord], at: datetime) -> ConsentPromise | None:
        known = chain.promises.get(place.name)
        if known is not None and not _may_write_over(known):
            return None
        record, wanted = records[-1], self.reading.wanted(place, chain.address[0], records, at)
        own = [one for one in records if place_of(one.source) == place.name and one.action != "info"]
        had_nothing = known is None or known.status == "skipped"
        stands_open = had_nothing and is_shown_open(record) and place_of(record.source) == place.name
        if not own and not stands_open:
            return None
        disagrees = bool(wanted.of("out")) and (stands_open or _newest(own).action == "grant")
        if disagrees == (known is not None and known.status == "observed"):
            return None
        if not disagrees and known is None:
            return None
        row = known or ConsentPromise(
            chain.address_key, place.name, chain.address[0], "observed", at, chain.seq + 1, wanted.fingerprint
        )
        return replace(
            row,
            status="observed" if disagrees else "skipped",
            reason=DISAGREES if disagrees else AGREES,
            seq=chain.seq + 1,
            wanted=wanted.fingerprint,
            urgent=wanted.closes,
            due_at=None,
            claim=None,
            revision=row.revision + 1,
        )


def _may_write_over(row: ConsentPromise) -> bool:
    """Not over what is under way, waits for an approval, or was held up by a mode: that is no load's own row."""
    return row.status not in {*OPEN_ROWS, "braked"} and (row.status != "observed" or row.reason == DISAGREES)


def _newest(records: Sequence[ConsentRecord]) -> ConsentRecord:
    return max(records, key=lambda one: (one.occurred_at or one.received_at, one.action == "withdraw", one.record_id))
