"""An operator's commands over the whole of consent_propagation in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from commerce_sync.consent.deciding import Deciding, Lease
from commerce_sync.consent.explaining import counts_as, sentence
from commerce_sync.consent.identifying import record_id_of
from commerce_sync.consent.modes import MODES, Mode, Modes
from commerce_sync.consent.rules import shipped_rules
from commerce_sync.consent.voiding import may_be_voided
from commerce_sync.contracts.consent import Address, ConsentRecord, ConsentState
from commerce_sync.operating.consent_brake import BrakeCommands
from commerce_sync.operating.consent_corrections import CorrectionCommands
from commerce_sync.operating.consent_explain import ConsentExplaining
from commerce_sync.operating.consent_modes import ModeCommands, StopCommands
from commerce_sync.operating.consent_naming import Naming
from commerce_sync.operating.consent_needs import MayGoOn
from commerce_sync.operating.consent_outlook import Outlook
from commerce_sync.operating.consent_releasing import Gate
from commerce_sync.operating.consent_review import ReviewCommands

from tests.fakes.consent_operator import MemoryDocuments, MemoryRecords, MemoryRows, MemoryWaiters, OpenLedger, always
from tests.fakes.consent_workers import SETTLE, World
from tests.fakes.consent_world import READING

ANA: Address = ("email", "ana@example.com")
BO: Address = ("sms", "+12025550101")
WORDS: dict[str, Any] = {"by": "kim", "why": "she told support"}


def named(text: str) -> Address | None:
    """An address as it is written."""
    if "@" in text:
        return ("email", text.lower())
    return ("sms", text) if text.startswith("+") else None


@dataclass
class Office:
    """One office in a world. ``lacks`` is what the baseline lacks."""

    world: World = field(default_factory=World)
    documents: MemoryDocuments = field(default_factory=MemoryDocuments)
    lacks: str | None = None

    def __post_init__(self) -> None:
        """Everything stands on the world's ledger."""
        self.ledger = OpenLedger(self.world.ledger)
        self.rows = MemoryRows(self.world.ledger)
        self._ids = count(1)

    def hear(self, address: Address, *records: ConsentRecord) -> None:
        """Records through workers of their own."""
        for record in records:
            self.world.hear(address, record)

    def review(self, **arguments: Any) -> dict[str, Any]:
        """``review``."""
        return ReviewCommands(
            ledger=self.ledger,
            waiters=MemoryWaiters(self.world.ledger, self.world.clock),
            rows=self.rows,
            states=lambda channel, records: READING.states(channel, records, self.world.clock()),
            sentence=self._sentence,
            decide=self._decide,
            record_id=record_id_of,
            naming=Naming(self.ledger, named),
            now=self.world.clock,
        ).review(arguments)

    def correct(self, may_go_on: MayGoOn = always, together: int = 2, **arguments: Any) -> dict[str, Any]:
        """``correct``."""
        return CorrectionCommands(
            ledger=self.ledger,
            records=MemoryRecords(self.world.ledger, together),
            documents=self.documents,
            may_be_voided=may_be_voided,
            decide=self._decide,
            record_id=record_id_of,
            approvals=shipped_rules().approvals,
            now=self.world.clock,
            new_id=lambda: f"c{next(self._ids)}",
        ).correct(arguments, may_go_on)

    def brake(self, may_go_on: MayGoOn = always, **arguments: Any) -> dict[str, Any]:
        """``brake``."""
        return BrakeCommands(
            ledger=self.ledger,
            rows=self.rows,
            documents=self.documents,
            limit=lambda: 20,
            counter=lambda at: f"brake#{at:%H}",
            document="brake",
            now=self.world.clock,
        ).brake(arguments, may_go_on)

    def mode(self, may_go_on: MayGoOn = always, **arguments: Any) -> dict[str, Any]:
        """``mode``; what it says holds for the workers at once."""
        told = ModeCommands(
            ledger=self.ledger,
            rows=self.rows,
            documents=self.documents,
            naming=Naming(self.ledger, named),
            gate=self._gate(),
            outlook=Outlook(self.ledger, MODES, self._wanted),
            missing=lambda: self.lacks,
            document="modes",
            now=self.world.clock,
        ).mode(arguments, may_go_on)
        self.world.modes = self._in_force()
        return told

    def stop(self, may_go_on: MayGoOn = always, **arguments: Any) -> dict[str, Any]:
        """``stop``."""
        told = StopCommands(self.documents, self._gate(), self.world.clock).stop(arguments, may_go_on)
        self.world.modes = self._in_force()
        return told

    def explain(self, address: Address, *, show: bool = False) -> dict[str, Any]:
        """``explain``, of one address."""
        explaining = ConsentExplaining(
            self.ledger,
            lambda channel, records: READING.states(channel, records, self.world.clock()).items(),
            self._sentence,
            lambda records: counts_as(records, shipped_rules()),
        )
        return explaining.explain([address], plainly=show)[0]

    def row(self, address: Address, place: str) -> Any:
        """A row as it stands."""
        return self.world.ledger.chains[address].promises[place]

    def _decide(self) -> Deciding:
        now = self.world.clock()
        return Deciding(READING, self.world.places, Lease("", now, now), SETTLE, lambda: self.world.is_braked)

    def _sentence(self, state: ConsentState, records: Sequence[ConsentRecord], _purpose: str) -> str:
        return sentence(state, records, shipped_rules())

    def _wanted(self, place: Any, opened: Any) -> Any:
        return READING.wanted(place, opened.records[0].channel, opened.records, self.world.clock())

    def _gate(self) -> Gate:
        return Gate(self.rows, self.documents, self.world.places, self._chosen, "stop", self.world.clock)

    def _chosen(self) -> Modes:
        document, _ = self.documents.read("modes")
        by_place: dict[str, Mode] = document.get("modes", {})
        return Modes(by_place, frozenset(document.get("pilot", [])))

    def _in_force(self) -> Modes:
        stopped = self.documents.read("stop")[0].get("stopped_at")
        return self._chosen().at_most("opt_outs_only") if stopped else self._chosen()
