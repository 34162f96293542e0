"""The whole of consent_propagation in memory: any number of workers over one ledger, outbox and set of destinations."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count

from commerce_sync.consent.deciding import Deciding, Lease
from commerce_sync.consent.keeping_needs import Limits, Permissions
from commerce_sync.consent.modes import Modes
from commerce_sync.consent.work import ConsentWork
from commerce_sync.contracts.budgets import Lane
from commerce_sync.contracts.consent import Address, ConsentMessage, ConsentRecord, ConsentStatement
from commerce_sync.contracts.consent_shown import Place
from commerce_sync.contracts.events import DueWork

from tests.fakes.consent_ledger import MemoryLedger
from tests.fakes.consent_world import READING, Clock, MemoryDestination, MemoryOutbox

LIMITS = Limits(windows=(60.0, 600.0, 86400.0), first_retry=15.0, longest_retry=3600.0)
LEASE = 120
SETTLE = 120.0


@dataclass
class World:
    """Everything that outlives a worker. ``lost`` says what a crash loses: whatever is in a worker's memory."""

    clock: Clock = field(default_factory=Clock)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    places: Sequence[Place] = (
        Place("klaviyo", takes_holds=True),
        Place("hubspot", shows_standings=True),
        Place("shopify:us"),
    )
    modes: Modes = field(default_factory=lambda: Modes(default="live"))
    has_baseline: bool = True
    is_braked: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    outbox: MemoryOutbox = field(init=False)
    at: dict[str, MemoryDestination] = field(init=False)

    def __post_init__(self) -> None:
        """Put what stands on the ledger over it."""
        self.outbox = MemoryOutbox(self.ledger)
        self.at = {place.name: MemoryDestination(place, self.clock) for place in self.places}
        self._claims = count(1)

    def worker(self) -> "Worker":
        """A fresh worker, with a lease of its own."""
        now = self.clock()
        lease = Lease(f"lease-{next(self._claims)}", now, now + timedelta(seconds=LEASE))
        worker = Worker(self)
        worker.work = ConsentWork(
            ledger=self.ledger,
            outbox=self.outbox,
            addresses=worker,
            destinations={name: partial(_same, one) for name, one in self.at.items()},
            reading=READING,
            deciding=Deciding(READING, self.places, lease, SETTLE, lambda: self.is_braked),
            stating=worker.stating,
            limits=LIMITS,
            permissions=self._permissions(),
            now=self.clock,
            counts=self.counts,
        )
        return worker

    def _permissions(self) -> Permissions:
        has_baseline = self.has_baseline
        return Permissions(self.modes, lambda: has_baseline, again=self._permissions)

    def hear(self, address: Address, record: ConsentRecord) -> None:
        """One record through a worker of its own, to the end of its batch."""
        worker = self.worker()
        worker.record(address, record)
        worker.work.keep(lambda: True)

    def dispatch(self) -> int:
        """Give what is due to a worker; how many rows."""
        now = self.clock()
        rows = self.outbox.due(now, f"dispatch-{next(self._claims)}", now + timedelta(seconds=900))
        if rows:
            worker = self.worker()
            worker.work.record(DueWork(schema_version=1, rows=tuple(rows)))
            worker.work.keep(lambda: True)
        return len(rows)

    def rest(self, *, most: int = 60) -> int:
        """Let time pass and give out what is due until nothing is; how many rounds it took."""
        for round_number in range(most):
            open_rows = [one for one in self.outbox.rows() if one.due_at and one.status in {"pending", "verifying"}]
            if not open_rows:
                return round_number
            soonest = min(one.due_at for one in open_rows if one.due_at)
            self.clock.at = max(self.clock.at, soonest)
            self.dispatch()
        raise AssertionError(f"{most} rounds did not come to rest: {self.outbox.rows()}")

    def standing(self, address: Address, place: str = "klaviyo") -> str:
        """What a destination shows of an address."""
        found = self.at[place].shown(address[0], [address[1]])[address[1]]
        return found.purposes.get("marketing", "none")

    def state(self, address: Address) -> str:
        """What the ledger says of an address."""
        chain = self.ledger.read([address])[address]
        return READING.state(chain.records, "marketing", self.clock()).state


@dataclass
class Worker:
    """One process. What it holds in memory is gone when it dies."""

    world: World
    work: ConsentWork = field(init=False)
    records: dict[str, ConsentRecord] = field(default_factory=dict)

    def record(self, address: Address, record: ConsentRecord) -> None:
        """Take in a record, as if its statement had been read."""
        self.record_all({address: record})

    def record_all(self, said: Mapping[Address, ConsentRecord]) -> None:
        """Take in the records of one message, all of one source."""
        self.records |= {record.record_id: record for record in said.values()}
        first = next(iter(said.values()))
        source, _, store = first.source.partition(":")
        message = ConsentMessage(
            schema_version=1,
            envelope_id="e",
            source=source,
            store=store or "main",
            received_at=first.received_at,
            statements=tuple(_statement(address, record) for address, record in said.items()),
        )
        self.work.record(message)

    def stating(self, statement: ConsentStatement, _message: ConsentMessage) -> ConsentRecord:
        """The record that the statement stands for."""
        return self.records[statement.statement_id]

    def address_of(self, address_key: str) -> Address | None:
        """Who a row is about."""
        return next(
            (address for address, chain in self.world.ledger.chains.items() if chain.address_key == address_key), None
        )


def _statement(address: Address, record: ConsentRecord) -> ConsentStatement:
    return ConsentStatement(
        statement_id=record.record_id,
        channel=address[0],
        address=address[1],
        action=record.action,
        strength=record.strength,
        method=record.method,
    )


def _same(destination: MemoryDestination, _lane: Lane) -> MemoryDestination:
    return destination


def dying(at: int, clock: Callable[[], None]) -> Callable[[object], None]:
    """A hook that dies the n-th time it is passed."""
    passed = count(1)

    def hook(_what: object) -> None:
        if next(passed) == at:
            clock()
            raise WorkerDiedError

    return hook


class WorkerDiedError(BaseException):
    """The process is gone: nothing catches this."""
