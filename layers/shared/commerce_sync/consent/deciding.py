"""What a new record causes: for each destination whose showing changes a row, and nothing where nothing changes.

A record that leaves what every destination shall show as it was makes no row (loops end here, whatever echoes), and an
opt-out makes its rows the worker's own at once, whoever works on them meanwhile.

Three records that change nothing are told all the same, because what a destination shows may be otherwise. A person
opts out again where nobody told the destination so far (it was only written down, or braked, or parked): it is told
now. A destination that says "subscribed" of an address that may not be written to is told so again, and so is one that
shows no opt-out of it since it was told: a profile is deleted and made anew by an order, or merged. All end: the first
leaves a row that is being told, and what we tell is shown, or comes back as an opt-out that a system made.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from commerce_sync.consent.echoes import place_of
from commerce_sync.consent.rows import telling
from commerce_sync.consent.showing import Reading
from commerce_sync.contracts.consent import ConsentRecord
from commerce_sync.contracts.consent_book import OPEN_ROWS, Chain, ConsentPromise, Decided
from commerce_sync.contracts.consent_shown import Place, Wanted
from commerce_sync.contracts.shown_open import is_shown_open

KNOWN_AFTER: Final = timedelta(minutes=15)
"""By then polling has read a contact that changed, and identity has heard of its phone number."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on rows: its name, and until when."""

    claim: str
    now: datetime
    until: datetime


@dataclass(frozen=True)
class Deciding:
    """Decides for one worker. ``settle`` is what an opt-in waits (seconds).

    ``is_braked`` is asked about a change that no person made, and says whether such changes are paused (R11).
    """

    reading: Reading
    places: Sequence[Place]
    lease: Lease
    settle: float
    is_braked: Callable[[], bool]

    def __call__(self, chain: Chain, record: ConsentRecord) -> Decided:
        """Fold without and with the record; a row for each place where that differs."""
        channel, now = chain.address[0], self.lease.now
        before, after = chain.records, (*chain.records, record)
        changed, untold = [], []
        for place in self.places:
            if channel not in place.channels:
                continue
            wanted = self.reading.wanted(place, channel, after, now)
            if wanted.fingerprint != self.reading.wanted(place, channel, before, now).fingerprint:
                changed.append((place, wanted))
            elif wanted.closes and _is_to_be_told(chain.promises.get(place.name), place, wanted, record):
                untold.append((place, wanted))
        braked = bool(changed) and _is_impersonal(record) and self.is_braked()
        waits, since = self.reading.waits(chain, after, now)
        return Decided(
            promises=(
                *(self._row(chain, place, wanted, braked=braked) for place, wanted in changed),
                *(self._again(chain, place, wanted, record) for place, wanted in untold),
            ),
            waits=waits,
            waits_since=since if waits else None,
            before=self.reading.summary(channel, before, now),
            after=self.reading.summary(channel, after, now),
        )

    def tells(self, chain: Chain, record: ConsentRecord) -> bool:
        """Whether the place that stands open is told because of it: else the record is not worth its place."""
        place = next((one for one in self.places if one.name == place_of(record.source)), None)
        if place is None or record.channel not in place.channels:
            return False
        wanted = self.reading.wanted(place, record.channel, chain.records, self.lease.now)
        return wanted.closes and _is_to_be_told(chain.promises.get(place.name), place, wanted, record)

    def _again(self, chain: Chain, place: Place, wanted: Wanted, record: ConsentRecord) -> ConsentPromise:
        """What is told again is told at once; but a contact's phone number only once identity knows whose it is."""
        row = self._row(chain, place, wanted, braked=False)
        if is_shown_open(record) and place.shows_standings and chain.address[0] == "sms":
            return replace(row, urgent=False, due_at=self.lease.now + KNOWN_AFTER, claim=None)
        return row

    def _row(self, chain: Chain, place: Place, wanted: Wanted, *, braked: bool) -> ConsentPromise:
        """The row of a place: ours at once where something is taken back, due after the settle window otherwise.

        That it is about to be told is noted with it, so that its echo is known whatever happens to us.
        """
        known = chain.promises.get(place.name)
        fresh = ConsentPromise(
            chain.address_key, place.name, chain.address[0], "pending", self.lease.now, chain.seq + 1, ""
        )
        row = replace(
            known or fresh,
            status="pending",
            seq=chain.seq + 1,
            wanted=wanted.fingerprint,
            urgent=wanted.closes,
            settle_at=self.lease.now + timedelta(seconds=self.settle) if wanted.opens else None,
            attempts=0,
            checks=0,
            reason=None,
            revision=(known.revision if known else 0) + 1,
        )
        if braked and not _is_open_and_urgent(known):
            return replace(row, status="braked", due_at=None, claim=None)
        if row.urgent:
            noted = (*row.told, telling(wanted, self.lease.now))
            return replace(row, due_at=self.lease.until, claim=self.lease.claim, told=noted)
        if not wanted.opens:
            return replace(row, due_at=self.lease.until, claim=self.lease.claim)
        return replace(row, due_at=row.settle_at, claim=None)


def _is_to_be_told(row: ConsentPromise | None, place: Place, wanted: Wanted, record: ConsentRecord) -> bool:
    """Whether a destination is to be told what it should show already."""
    if is_shown_open(record):
        is_theirs = place_of(record.source) == place.name and not _is_before_an_erasure(wanted, record)
        return is_theirs and not wanted.opens and _is_over(row, record)
    if record.action == "grant" and place_of(record.source) == place.name:
        at = record.occurred_at or record.received_at
        return not any(one.at >= at for one in (row.told if row else ()) if one.direction == "out")
    if record.actor == "system" or record.action not in {"withdraw", "hold", "review"}:
        return False
    return row is None or row.status not in {*OPEN_ROWS, "settled"} or row.wanted != wanted.fingerprint


def _is_over(row: ConsentPromise | None, record: ConsentRecord) -> bool:
    """Whether nothing is under way, or waits for a person, and nothing was told since this was seen."""
    seen_at = record.occurred_at or record.received_at
    if row is None:
        return True
    return row.status in {"settled", "skipped"} and not any(one.at >= seen_at for one in row.told)


def _is_before_an_erasure(wanted: Wanted, record: ConsentRecord) -> bool:
    """Whether what was seen is of before the person asked to be forgotten: it would make them known again."""
    seen_at = record.occurred_at or record.received_at
    return wanted.is_erasure and wanted.opted_out_at is not None and seen_at <= wanted.opted_out_at


def _is_impersonal(record: ConsentRecord) -> bool:
    """Whether no person made it. What echoes a person's act is no change of its own."""
    return record.actor == "system" and "echo_of" not in record.evidence


def _is_open_and_urgent(row: ConsentPromise | None) -> bool:
    """Whether a row still has to take something back: no brake may hold that up."""
    return row is not None and row.urgent and row.status in OPEN_ROWS
