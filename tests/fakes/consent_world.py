"""Destinations in memory that keep consent, answer late or badly and echo every change; and the outbox beside them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from commerce_sync.consent.rules import shipped_rules
from commerce_sync.consent.showing import Reading
from commerce_sync.contracts.consent import Address, Channel, ConsentRecord
from commerce_sync.contracts.consent_book import OPEN_ROWS, ConsentPromise
from commerce_sync.contracts.consent_policy import ConsentPolicy, Purpose
from commerce_sync.contracts.consent_shown import Asked, Outcome, Place, Showing, Shown
from commerce_sync.contracts.events import DueRow
from commerce_sync.errors import RetriableError

from tests.fakes.consent_ledger import MemoryLedger

START = datetime(2026, 11, 28, 10, tzinfo=UTC)
POLICY = ConsentPolicy(
    default_purpose="marketing",
    default_sender="main",
    senders=("main",),
    purposes=(Purpose(id="marketing", channels=("email", "sms"), hubspot=("1",), klaviyo="account"),),
)
READING = Reading(POLICY, shipped_rules())


@dataclass
class Clock:
    """The time, for everybody."""

    at: datetime = START

    def __call__(self) -> datetime:
        """Now."""
        return self.at

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)


@dataclass
class MemoryOutbox:
    """Fits :class:`commerce_sync.consent.keeping_needs.Outbox` over a ledger in memory."""

    ledger: MemoryLedger
    before_write: Callable[[ConsentPromise], None] = lambda _row: None
    after_write: Callable[[ConsentPromise], None] = lambda _row: None

    def rows(self) -> list[ConsentPromise]:
        """Every row there is."""
        return [row for chain in self.ledger.chains.values() for row in chain.promises.values()]

    def find(self, subject: str, row: str) -> ConsentPromise:
        """One row as it stands."""
        return next(one for one in self.rows() if (one.subject, one.row) == (subject, row))

    def due(self, now: datetime, claim: str, until: datetime) -> list[DueRow]:
        """Claim what is due, as the dispatcher does."""
        rows = [one for one in self.rows() if one.status in OPEN_ROWS and one.due_at and one.due_at <= now]
        for row in rows:
            self.ledger.put(replace(row, claim=claim, due_at=until))
        return [DueRow(subject=row.subject, row=row.row, claim=claim) for row in rows]

    def take_over(self, rows: Iterable[DueRow], claim: str, until: datetime) -> list[ConsentPromise]:
        """Rows that these still claim."""
        taken = []
        for due in rows:
            row = self.find(due.subject, due.row)
            if row.claim == due.claim:
                row = replace(row, claim=claim, due_at=until, attempts=row.attempts + 1, revision=row.revision + 1)
                self.ledger.put(row)
                taken.append(row)
        return [one for one in taken if one.status in OPEN_ROWS]

    def rewrite(self, before: ConsentPromise, after: ConsentPromise) -> ConsentPromise | None:
        """Write over the revision that was read."""
        self.before_write(after)
        if self.find(before.subject, before.row).revision != before.revision:
            return None
        written = replace(after, revision=before.revision + 1)
        self.ledger.put(written)
        self.after_write(written)
        return written

    def settle(self, before: ConsentPromise, after: ConsentPromise) -> ConsentPromise | None:
        """The same, and what was told is noted whoever owns the row."""
        if written := self.rewrite(before, after):
            return written
        known = self.find(before.subject, before.row)
        told = (*known.told, *after.told[len(before.told) :])
        self.ledger.put(replace(known, told=told, revision=known.revision + 1))
        return None


@dataclass
class MemoryDestination:
    """A destination that remembers. ``on_call`` may raise or change the world before a call takes effect.

    ``drops`` are addresses whose writes are accepted and lost. ``changes`` are what it would send as webhooks: an
    address, what it now shows, and when it says that was.
    """

    place: Place
    clock: Clock
    on_call: Callable[[str], None] = lambda _what: None
    shows: dict[str, dict[str, tuple[Showing, datetime]]] = field(default_factory=dict)
    drops: set[str] = field(default_factory=set)
    changes: list[tuple[Channel, str, Showing, datetime]] = field(default_factory=list)
    calls: list[tuple[str, str, str]] = field(default_factory=list)

    def shown(self, _channel: Channel, addresses: Sequence[str]) -> Mapping[str, Shown]:
        """What it shows."""
        self.on_call("shown")
        return {address: self._shown(address) for address in addresses}

    def close(self, channel: Channel, asked: Sequence[Asked]) -> Mapping[str, Outcome]:
        """Take back."""
        return self._write("close", channel, asked)

    def open(self, channel: Channel, asked: Sequence[Asked]) -> Mapping[str, Outcome]:
        """Give."""
        return self._write("open", channel, asked)

    def person(self, channel: Channel, address: str, showing: Showing) -> None:
        """A person acts there."""
        self._put(channel, address, "marketing", showing, self.clock())

    def _write(self, what: str, channel: Channel, asked: Sequence[Asked]) -> dict[str, Outcome]:
        self.on_call(what)
        for one in asked:
            for purpose, known in one.wanted.standings.items():
                standing = "out" if purpose in one.wanted.revoked else known
                if (standing in {"out", "hold"}) if what == "close" else (standing == "in"):
                    self.calls.append((what, one.address, standing))
                    if one.address not in self.drops:
                        self._put(channel, one.address, purpose, standing, self.clock())  # type: ignore[arg-type]
        self.on_call(f"{what} answered")
        return {one.address: Outcome(told=True) for one in asked}

    def _put(self, channel: Channel, address: str, purpose: str, showing: Showing, at: datetime) -> None:
        known = self.shows.setdefault(address, {})
        if known.get(purpose, ("none", at))[0] != showing:
            known[purpose] = (showing, at)
            self.changes.append((channel, address, showing, at))

    def _shown(self, address: str) -> Shown:
        known = self.shows.get(address, {})
        return Shown(
            exists=bool(known),
            purposes={purpose: showing for purpose, (showing, _) in known.items()},
            out_at={purpose: at for purpose, (showing, at) in known.items() if showing == "out"},
        )


def busy(_what: str) -> None:
    """A destination that does not answer."""
    raise RetriableError("503")


def record(name: str, strength: str, at: datetime, address: Address, **more: object) -> ConsentRecord:
    """A record by its strength: an opt-out or an opt-in of that kind."""
    values: dict[str, object] = {
        "record_id": name,
        "address_key": "-",
        "channel": address[0],
        "purpose": "marketing",
        "sender": "main",
        "action": "withdraw" if strength.endswith("out") else "grant" if strength.endswith("in") else "hold",
        "strength": strength,
        "occurred_at": at,
        "received_at": at,
        "source": "preferences:main",
        "evidence": {},
    }
    return ConsentRecord.model_validate(values | more)
