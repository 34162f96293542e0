"""One destination and channel in one batch: what it shows, telling it, and writing down what became of each row."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from commerce_sync.consent import rows
from commerce_sync.consent.keeping_needs import Destination, Limits, Outbox, Permissions
from commerce_sync.consent.needs import Ledger
from commerce_sync.consent.showing import Reading
from commerce_sync.contracts.consent import Address, Channel
from commerce_sync.contracts.consent_book import Chain, ConsentPromise
from commerce_sync.contracts.consent_shown import Asked, Outcome, Shown, Wanted, all_of
from commerce_sync.errors import PermanentError, RetriableError

OBSERVED = "the destination's mode does not allow it"
NO_BASELINE = "the baseline is not complete: nobody is subscribed until it is"


@dataclass(frozen=True, slots=True)
class Task:
    """One row in work: its address, and what its destination shall show by the ledger as last read."""

    row: ConsentPromise
    address: Address
    wanted: Wanted

    @property
    def asked(self) -> Asked:
        """As a destination takes it."""
        return Asked(self.address[1], self.wanted)


@dataclass
class Desk:
    """Where the rows of one destination and channel are worked on.

    ``notice`` writes an opt-out that the destination shows, for a purpose, to the ledger. ``observed`` collects what
    was written down only, ``counts`` says what happened, by metric.
    """

    destination: Destination
    channel: Channel
    ledger: Ledger
    outbox: Outbox
    reading: Reading
    limits: Limits
    permissions: Permissions
    now: Callable[[], datetime]
    notice: Callable[[Address, str, datetime | None], object]
    observed: list[ConsentPromise]
    counts: Counter[str]

    def tasks(self, owned: Sequence[tuple[ConsentPromise, Address]]) -> list[Task]:
        """Rows with what the ledger now says of their addresses."""
        chains = self.ledger.read([address for _, address in owned])
        return [Task(row, address, self.wanted(chains[address])) for row, address in owned]

    def wanted(self, chain: Chain) -> Wanted:
        """What the destination shall show after a chain."""
        return self.reading.wanted(self.destination.place, self.channel, chain.records, self.now())

    def may_open(self, task: Task) -> bool:
        """Whether the destination may be told more than what takes permission back."""
        return self.closed_to(task) is None

    def closed_to(self, task: Task) -> str | None:
        """Why it may not; None where it may."""
        if not self.permissions.modes.may_open(self.destination.place, task.row.subject):
            return OBSERVED
        return None if self.permissions.baseline_is_complete() else NO_BASELINE

    def tell(
        self, tell: Callable[[Channel, Sequence[Asked]], Mapping[str, Outcome]], tasks: Sequence[Task]
    ) -> Mapping[str, Outcome]:
        """Outcomes by address; where the destination cannot be reached at all, everything waits."""
        asked = [one.asked for one in tasks]
        if not asked:
            return {}
        unsaid = all_of(asked, Outcome(retriable=self._silent()))
        try:
            return {**unsaid, **tell(self.channel, asked)}
        except RetriableError as error:
            return all_of(asked, Outcome(retriable=error))
        except PermanentError as error:
            return all_of(asked, Outcome(refused=error))

    def shown(self, tasks: Sequence[Task]) -> Mapping[str, Shown]:
        """What is shown, by address. Rows whose target cannot be read wait, or are parked, and are absent."""
        if not tasks:
            return {}
        try:
            shown = self.destination.shown(self.channel, [one.address[1] for one in tasks])
        except RetriableError as error:
            return self._unread(tasks, error)
        except PermanentError as error:
            if len(tasks) > 1:
                return {address: one for task in tasks for address, one in self.shown([task]).items()}
            self.settle(tasks[0].row, rows.parked(tasks[0].row, str(error)))
            return {}
        self._unread([one for one in tasks if one.address[1] not in shown], self._silent())
        return shown

    def _unread(self, tasks: Sequence[Task], error: RetriableError) -> Mapping[str, Shown]:
        for task in tasks:
            self.settle(task.row, rows.retried(task.row, self.now(), self.limits, error))
        return {}

    def _silent(self) -> RetriableError:
        return RetriableError(f"{self.destination.place.name} did not say")

    def noted(self, task: Task) -> Task | None:
        """The task, its telling written down before it happens, so that its echo is known; None where the row changed.

        A row that was just born says so already.
        """
        note = replace(task.row, told=(*task.row.told, rows.telling(task.wanted, self.now())))
        row = self.outbox.rewrite(task.row, note)
        return replace(task, row=row) if row else None

    def conclude(self, task: Task, outcome: Outcome) -> None:
        """Write down what became of a row that was told."""
        self.settle(task.row, self._after(task, outcome))

    def settle(self, before: ConsentPromise, after: ConsentPromise) -> ConsentPromise | None:
        """Write a row over the revision that was read; None where somebody else owns it now."""
        written = self.outbox.settle(before, after)
        if written is not None:
            self.counts["ParkedConsent"] += written.status == "parked"
            self.observed.extend([written] if written.status == "observed" else [])
        return written

    def _after(self, task: Task, outcome: Outcome) -> ConsentPromise:
        if outcome.nobody:
            return rows.skipped(task.row, "nobody is known there by this address")
        if outcome.refused is not None:
            return rows.parked(task.row, str(outcome.refused))
        if outcome.retriable is not None:
            return rows.retried(task.row, self.now(), self.limits, outcome.retriable)
        self.counts["OptOutsTold" if task.wanted.closes else "OptInsTold"] += 1
        return rows.told(task.row, task.wanted, self.now(), self.limits)
