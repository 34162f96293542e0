"""A baseline in memory: systems with pages, a control table, a spool and a queue; and a process that may die."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from commerce_sync.consent.baseline import progress
from commerce_sync.consent.baseline.needs import Found, Page, Seen
from commerce_sync.consent.baseline.running import Running
from commerce_sync.consent.baseline.settling import Settling
from commerce_sync.consent.baseline.silent import Silent
from commerce_sync.consent.baseline.taking import Taking
from commerce_sync.consent.loading import Loading
from commerce_sync.consent.rules import shipped_rules
from commerce_sync.consent.stating import Refusal, record_of
from commerce_sync.contracts.baseline import BaselineStep
from commerce_sync.contracts.consent import Address, Channel, ConsentRecord, ConsentStatement
from commerce_sync.contracts.consent_shown import Place
from commerce_sync.identity.emails import normalize_email
from commerce_sync.identity.phones import normalize_phone

from tests.fakes.consent_ledger import MemoryLedger, key_of
from tests.fakes.consent_world import POLICY, READING, START, Clock

RUN = "20261128T100000Z"
PLACES = (Place("klaviyo", takes_holds=True), Place("hubspot", shows_standings=True), Place("shopify:us"))


class KilledError(Exception):
    """The process ends here."""


@dataclass
class Baseline:
    """Everything that outlives a process. ``steps_left`` counts down to where one is killed; -1: never."""

    systems: Mapping[str, Sequence[Sequence[Found]]]
    clock: Clock = field(default_factory=Clock)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    documents: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    parts: dict[tuple[str, str], Sequence[Seen]] = field(default_factory=dict)
    keys: dict[str, Sequence[str]] = field(default_factory=dict)
    lists: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)
    queue: list[BaselineStep] = field(default_factory=list)
    pages_read: list[tuple[str, str | None]] = field(default_factory=list)
    steps_left: int = -1
    steps: int = 0

    def begin(self, run_id: str = RUN) -> None:
        """Start a run, as the command does."""
        started, names = self.clock(), sorted(self.systems)
        self.documents[progress.NAME] = progress.begun(self.documents.get(progress.NAME, {}), run_id, names, started)
        for name in names:
            self.queue.append(BaselineStep(schema_version=1, run_id=run_id, started_at=started, system=name))

    def run(self, choose: Callable[[int], int] = lambda _waiting: 0, *, pages: int = 100) -> None:
        """Do steps until none is left; a step that is killed comes back."""
        while self.queue:
            step = self.queue.pop(choose(len(self.queue)))
            try:
                self.do(step, pages=pages)
            except KilledError:
                self.steps_left = -1
                self.queue.append(step)

    def do(self, step: BaselineStep, *, pages: int = 100) -> str:
        """One step in a process of its own that has time for so many pages."""
        left = [pages]

        def has_time() -> bool:
            left[0] -= 1
            return left[0] > 0

        ledger = replace(self.ledger, before_write=self._tick, after_write=self._tick)
        loading = Loading(READING, PLACES, self.clock)
        running = Running(
            documents=self,
            spool=self,
            page_of=self.page_of,
            taking=Taking(ledger, loading, stated, normalized, key_of),
            settling=Settling(ledger, self, READING, loading),
            silent=Silent(ledger, self, loading),
            send=self.send,
            release=self._tick,
            now=self.clock,
        )
        return running(step, has_time)

    def page_of(self, system: str) -> Page:
        """A system's pages, by their numbers."""

        def page(cursor: str | None) -> tuple[Sequence[Found], str | None]:
            self._tick()
            self.pages_read.append((system, cursor))
            at = int(cursor or 0)
            following = at + 1 < len(self.systems[system])
            return self.systems[system][at], str(at + 1) if following else None

        return page

    def send(self, step: BaselineStep, _delay: int) -> None:
        """Onto the queue."""
        self._tick()
        self.queue.append(step)
        self._tick()

    def read(self, name: str) -> tuple[Mapping[str, Any], int]:
        """A document."""
        return self.documents.get(name, {}), 1

    def change(self, name: str, changed: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Mapping[str, Any]:
        """Change a document."""
        self._tick()
        self.documents[name] = changed(self.documents.get(name, {}))
        self._tick()
        return self.documents[name]

    def keep_seen(self, _run_id: str, system: str, name: str, seen: Sequence[Seen]) -> None:
        """Keep a part."""
        self._tick()
        self.parts[system, name] = seen
        self._tick()

    def seen(self, _run_id: str, system: str) -> Iterator[Seen]:
        """All parts of a system."""
        for (name, _), part in sorted(self.parts.items()):
            if name == system:
                yield from part

    def keep_undated(self, _run_id: str, name: str, keys: Sequence[str]) -> None:
        """Keep keys."""
        self.keys[name] = keys
        self._tick()

    def undated(self, _run_id: str, after: str | None) -> Iterator[tuple[str, Sequence[str]]]:
        """Keys behind a part."""
        yield from ((name, keys) for name, keys in sorted(self.keys.items()) if after is None or name > after)

    def keep_rows(self, _run_id: str, kind: str, rows: Any) -> None:
        """Keep a list."""
        self._tick()
        self.lists[kind] = list(rows)

    def keep_figures(self, _run_id: str, figures: Mapping[str, Any]) -> None:
        """Keep the figures."""
        self.figures = figures
        self._tick()

    def address_of(self, address_key: str) -> Address | None:
        """Who a key stands for."""
        return next((one for one, chain in self.ledger.chains.items() if chain.address_key == address_key), None)

    def state(self, address: Address) -> str:
        """What the ledger says of an address."""
        chain = self.ledger.read([address])[address]
        return READING.state(chain.records, "marketing", self.clock()).state

    def outcome(self) -> tuple[Any, ...]:
        """All that must be the same, whatever happened on the way."""
        records = {
            address: sorted((one.record_id, one.action, one.strength, str(one.received_at)) for one in chain.records)
            for address, chain in self.ledger.chains.items()
        }
        waits = {address: chain.waits for address, chain in self.ledger.chains.items()}
        rows = {
            address: sorted((one.row, one.status) for one in chain.promises.values())
            for address, chain in self.ledger.chains.items()
        }
        return records, waits, rows, self.lists, dict(self.figures), self.documents["base"]

    def _tick(self, *_: object) -> None:
        self.steps += 1
        if self.steps_left == 0:
            raise KilledError
        self.steps_left -= 1


def stated(statement: ConsentStatement, system: str, at: datetime) -> ConsentRecord | Refusal:
    """A statement as a record."""
    source, _, store = system.partition(":")
    return record_of(
        statement,
        source=source,
        store=store or "main",
        received_at=at,
        policy=POLICY,
        rules=shipped_rules(),
        tenant="main",
    )


def normalized(_system: str, channel: Channel, address: str) -> str | None:
    """An address in its normal form."""
    return normalize_email(address) if channel == "email" else normalize_phone(address, ["US"])


def found(system_record: str, address: str, *said: ConsentStatement, channel: Channel = "email") -> Found:
    """An address of a record."""
    return Found(system_record, channel, address, said)


def says(
    action: str, strength: str, days: int | None = None, channel: Channel = "email", **more: Any
) -> ConsentStatement:
    """A statement of so many days before the run; undated where that is None."""
    at = None if days is None else START.astimezone(UTC) - timedelta(days=days)
    fields = {"method": "form", "purpose": "*" if action in {"withdraw", "hold"} else None, **more}
    fields.setdefault("statement_id", f"{action}-{strength}-{days}")
    return ConsentStatement.model_validate(
        {"channel": channel, "address": "-", "action": action, "strength": strength, "occurred_at": at, **fields}
    )
