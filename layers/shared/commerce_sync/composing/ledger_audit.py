"""The audit of the consent ledger: sealing it in checkpoints, and verifying all of it."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Protocol

from commerce_sync.aws.checkpoints import CheckpointStore, KmsNotary
from commerce_sync.aws.control import Control
from commerce_sync.aws.ledger_genesis import DOCUMENT
from commerce_sync.aws.ledger_scan import LedgerScan
from commerce_sync.consent.checkpoints import Checkpoint, checked
from commerce_sync.consent.sealing import Sealer
from commerce_sync.consent.verifying import verify
from commerce_sync.contracts.consent_ledger import CANARY, GENESIS, Finding, Leaf, Stored, entry_name
from commerce_sync.errors import RetriableError

MOST_LISTED = 100


class AuditPlaces(Protocol):
    """Where the ledger and its checkpoints stand, and what signs these."""

    @property
    def ledger_table(self) -> str: ...  # noqa: D102
    @property
    def heads_table(self) -> str: ...  # noqa: D102
    @property
    def control_table(self) -> str: ...  # noqa: D102
    @property
    def checkpoint_bucket(self) -> str: ...  # noqa: D102
    @property
    def checkpoint_key_id(self) -> str: ...  # noqa: D102


def seal_ledger(settings: AuditPlaces, may_go_on: Callable[[], bool]) -> int:
    """Seal what has grown; returns how many checkpoints were finished."""
    sealer = Sealer(
        heads=LedgerScan(settings.ledger_table, settings.heads_table),
        kept=CheckpointStore(settings.checkpoint_bucket, Control(settings.control_table)),
        notary=KmsNotary(settings.checkpoint_key_id),
        now=lambda: datetime.now(UTC),
    )
    return sealer.seal(may_go_on)


def verify_ledger(settings: AuditPlaces, may_go_on: Callable[[], bool] = lambda: True) -> dict[str, Any]:
    """Verify everything, as long as there is time.

    Returns ``{"sound", "findings", "kinds", "first", "checkpoints", "sealed"}``: how many findings, of which kinds,
    the first hundred of them (address key, number, record, what, place), how many checkpoints can be relied on, and
    how many entries they cover.

    :raises RetriableError: there was not enough time. What was found until then is no result.
    """
    audit = _Audit(settings, may_go_on)
    first: list[dict[str, Any]] = []
    kinds: Counter[str] = Counter()
    for finding in audit.findings():
        kinds[finding.what] += 1
        if len(first) < MOST_LISTED:
            first.append(asdict(finding))
    return {
        "sound": not kinds,
        "findings": kinds.total(),
        "kinds": dict(sorted(kinds.items())),
        "first": first,
        "checkpoints": audit.checkpoints,
        "sealed": audit.sealed or 0,
    }


class _Audit:
    """One verification."""

    def __init__(self, settings: AuditPlaces, may_go_on: Callable[[], bool]) -> None:
        self._control = Control(settings.control_table)
        self._scan = _TimedScan(settings.ledger_table, settings.heads_table, may_go_on)
        self._store = CheckpointStore(settings.checkpoint_bucket, self._control)
        self._notary = KmsNotary(settings.checkpoint_key_id)
        self._broken: list[Finding] = []
        self.checkpoints = 0
        self.sealed: int | None = None

    def findings(self) -> Iterator[Finding]:
        """Of the ledger's own first entry, of all chains, and of the checkpoints."""
        yield from self._genesis()
        yield from verify(self._scan, self._leaves(), lambda: self.sealed)
        yield from self._broken

    def _leaves(self) -> Iterator[Leaf]:
        for one in checked(self._store.backwards(), self._notary):
            if isinstance(one, Checkpoint):
                self.sealed = one.total if self.checkpoints == 0 else self.sealed
                self.checkpoints += 1
                yield from one.leaves
            else:
                self._broken.append(one)

    def _genesis(self) -> Iterator[Finding]:
        """The first entry is the one that the control table knows; a ledger that nobody has begun has neither."""
        document, _ = self._control.read(DOCUMENT)
        items, _ = self._scan.chain(CANARY)
        found = next((one.get("ledger_id") for one in items if one.get("entry") == entry_name(GENESIS)), None)
        if found != document.get("ledger_id"):
            yield Finding(CANARY, 1, GENESIS, "missing" if found is None else "swapped", "control")


class _TimedScan(LedgerScan):
    """The ledger, read as long as there is time."""

    def __init__(self, ledger: str, heads: str, may_go_on: Callable[[], bool]) -> None:
        super().__init__(ledger, heads)
        self._may_go_on = may_go_on

    def entries(self) -> Iterator[Stored]:
        """Every item of the ledger."""
        for item in super().entries():
            if not self._may_go_on():
                raise RetriableError(
                    "the ledger is too large to be verified in this time: ledger_audit has ten minutes"
                )
            yield item
