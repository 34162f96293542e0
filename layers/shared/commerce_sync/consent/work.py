"""The work of consent_propagation over one batch: write every record, then keep the rows that became this worker's.

Writing is idempotent and comes first, and each record with its rows is one transaction: a crash after it leaves rows
that become due, a crash before it leaves the message. Opt-outs are told first, whatever else is in the batch.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from commerce_sync.consent import rows
from commerce_sync.consent.deciding import Deciding, Lease
from commerce_sync.consent.echoes import ECHOING, as_heard
from commerce_sync.consent.keeping import keep
from commerce_sync.consent.keeping_needs import Addresses, Destination, Limits, Outbox, Permissions
from commerce_sync.consent.known import is_known, known_of
from commerce_sync.consent.needs import Ledger
from commerce_sync.consent.noticing import noticed
from commerce_sync.consent.owned import by_destination, newest
from commerce_sync.consent.showing import Reading
from commerce_sync.consent.telling import OBSERVED, Desk
from commerce_sync.contracts.budgets import Lane
from commerce_sync.contracts.consent import Address, Channel, ConsentMessage, ConsentRecord, ConsentStatement
from commerce_sync.contracts.consent_book import Chain, ConsentPromise
from commerce_sync.contracts.events import DueWork
from commerce_sync.contracts.shown_open import is_shown_open
from commerce_sync.errors import LedgerLostError, PausedError, RetriableError

ERASED = "the address was erased"
UNKNOWN = "no such destination is configured any more"
OUT_OF_TIME = PausedError("out of time", retry_after=1.0)


class Refused(Protocol):
    """Why a statement became no record."""

    @property
    def reason(self) -> str: ...  # noqa: D102


Making = Callable[[Lane], Destination]
"""How a destination is made, by whose calls its own are: what takes consent back draws first."""
Stating = Callable[[ConsentStatement, ConsentMessage], ConsentRecord | Refused]
"""From what a source said to a record, or why it is none."""


@dataclass
class ConsentWork:
    """One batch. ``destinations`` make a destination by its name, only where something is to be told there.

    ``refused`` are statements that became no record, with their reasons. ``failed`` are destinations whose turn ended
    by an error that nobody expected, with its kind. ``observed`` are rows that were written down only.
    """

    ledger: Ledger
    outbox: Outbox
    addresses: Addresses
    destinations: Mapping[str, Making]
    reading: Reading
    deciding: Deciding
    stating: Stating
    limits: Limits
    permissions: Permissions
    now: Callable[[], datetime]
    owned: list[tuple[ConsentPromise, Address]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    observed: list[ConsentPromise] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def lease(self) -> Lease:
        """The worker's lease."""
        return self.deciding.lease

    def record(self, message: ConsentMessage | DueWork) -> None:
        """Take one message in: write down what it says, or take over the rows whose time has come.

        What may echo is read beside what is known of its addresses, all at once. A record that is known costs nothing
        more; and what we told before somebody said this was noted before we hear it.

        :raises LedgerLostError: the chain of somebody whom the message names is damaged. All others are written.
        """
        if isinstance(message, DueWork):
            self._take_over(message)
            return
        chains = known_of(self.ledger, message) if message.source in ECHOING else {}
        lost: LedgerLostError | None = None
        for statement in message.statements:
            try:
                self._take_in(statement, message, chains)
            except LedgerLostError as error:
                lost = error
        if lost:
            raise lost

    def _take_in(self, statement: ConsentStatement, message: ConsentMessage, chains: dict[Address, Chain]) -> None:
        address, made = (statement.channel, statement.address), self.stating(statement, message)
        if not isinstance(made, ConsentRecord):
            self.refused[made.reason] += 1
            return
        if message.source not in ECHOING:
            self._append(address, made)
            return
        chain = chains.get(address) or self.ledger.read([address])[address]
        if is_shown_open(made):
            is_news = self.deciding.tells(chain, made)
        elif not (is_news := not is_known(chain, made)):
            self.counts["KnownConsentRecords"] += 1
        if is_news:
            chains[address] = self._append(address, made, chain)

    def keep(self, may_go_on: Callable[[], bool]) -> None:
        """Keep every row this batch owns, those that take something back first; what time does not allow is due again.

        Opt-outs that are found at a destination meanwhile make rows of their own: they are kept too. A destination
        whose turn fails leaves its rows to the end of their lease, and keeps nobody from telling the others.
        """
        while self.owned:
            owned, self.owned = newest(self.owned), []
            for (name, channel), theirs in by_destination(owned):
                try:
                    if may_go_on():
                        self._keep(name, channel, theirs)
                    else:
                        self._put_off(theirs, OUT_OF_TIME)
                except Exception as error:  # noqa: BLE001 # whatever it was, the other destinations are told
                    self.counts["ConsentDestinationFailed"] += 1
                    self.failed.append(f"{name}: {type(error).__name__}")
        self._reconsider()

    def _append(self, address: Address, record: ConsentRecord, chain: Chain | None = None) -> Chain:
        if record.source.partition(":")[0] in ECHOING:
            record = as_heard(record, chain or self.ledger.read([address])[address])
        appended = self.ledger.append(address, record, self.deciding)
        self.counts["ConsentRecords" if appended.is_new else "KnownConsentRecords"] += 1
        self.counts["ConsentBraked"] += sum(1 for row in appended.promises if row.status == "braked")
        self.owned += [(row, address) for row in appended.promises if row.claim == self.lease.claim]
        return appended.chain

    def _take_over(self, message: DueWork) -> None:
        for row in self.outbox.take_over(message.rows, self.lease.claim, self.lease.until):
            address = self.addresses.address_of(row.subject)
            if address is None:
                self.outbox.settle(row, rows.skipped(row, ERASED))
            else:
                self.owned.append((row, address))

    def _keep(self, name: str, channel: Channel, owned: Sequence[tuple[ConsentPromise, Address]]) -> None:
        make = self.destinations.get(name)
        if make is None or self.permissions.modes.of(name) == "observe":
            for row, _ in owned:
                self._settle(row, rows.parked(row, UNKNOWN) if make is None else rows.observed(row, OBSERVED))
            return
        try:
            destination = make("urgent" if owned[0][0].urgent else "live")
        except RetriableError as error:
            self._put_off(owned, error)
            return
        desk = Desk(
            destination=destination,
            channel=channel,
            ledger=self.ledger,
            outbox=self.outbox,
            reading=self.reading,
            limits=self.limits,
            permissions=self.permissions,
            now=self.now,
            notice=lambda address, purpose, at: self._append(address, noticed(name, address, purpose, at, self.now())),
            observed=self.observed,
            counts=self.counts,
        )
        keep(desk, owned)

    def _put_off(self, owned: Iterable[tuple[ConsentPromise, Address]], error: RetriableError) -> None:
        for row, _ in owned:
            self._settle(row, rows.retried(row, self.now(), self.limits, error))

    def _settle(self, before: ConsentPromise, after: ConsentPromise) -> None:
        written = self.outbox.settle(before, after)
        if written is not None:
            self.counts["ParkedConsent"] += written.status == "parked"
            self.observed += [written] if written.status == "observed" else []

    def _reconsider(self) -> None:
        """Make due what was written down only under modes that are no longer so.

        Whoever changes a mode releases the rows that they find; this finds those that were written after they looked.
        """
        if not self.observed:
            return
        was, now = self.permissions, self.permissions.again()
        for row in self.observed:
            is_complete = not was.baseline_is_complete() and now.baseline_is_complete()
            if is_complete or was.modes.of(row.row) != now.modes.of(row.row):
                due = replace(row, status="pending", due_at=self.now(), claim=None, attempts=0, reason=None)
                self.outbox.rewrite(row, due)
